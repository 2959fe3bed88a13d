// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.LocalKms;
import io.podseal.keyset.TrustedKeyset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A ServiceAccount with keys of its own under a KEK file, all minted here. */
final class Workload {
    private final Path root;
    private final ServiceAccount account;
    private final Path kekFile;
    private final TrustedKeyset keyset;

    private Workload(Path root, ServiceAccount account, Path kekFile) {
        this.root = root;
        this.account = account;
        this.kekFile = kekFile;
        this.keyset = Keysets.create(account, KeyType.AES256_GCM);
    }

    static Workload in(Path root) throws IOException {
        Path kekFile = root.resolve("test.kek");
        LocalKms.createKek(kekFile);
        return new Workload(root, new ServiceAccount("cluster.local", "payments", "api"), kekFile);
    }

    /** Another account with keys of its own, under the same KEK. */
    Workload other(String name) {
        return new Workload(root, new ServiceAccount("cluster.local", "payments", name), kekFile);
    }

    Path kekFile() {
        return kekFile;
    }

    String kek() {
        return "local-kms:" + kekFile;
    }

    String sealed(String secret, String item, String plaintext) {
        return sealed(secret, item, plaintext.getBytes(UTF_8));
    }

    String sealed(String secret, String item, byte[] plaintext) {
        return keyset.sealer()
                .seal(Scope.item(account, secret, item), plaintext)
                .token();
    }

    byte[] keysetDocument() {
        Keks keks =
                Keks.builder().kek(kek()).client(LocalKms.allowedInCluster()).build();
        EncryptedKeyset wrapped = Keysets.wrap(keyset, keks);
        return wrapped.toJson();
    }

    String keysetFileName() {
        return EncryptedKeyset.fileName(account, false);
    }

    /** An empty Secret volume; it exists once something is delivered. */
    Mount mount(String secret) {
        return new Mount(root.resolve(secret), this);
    }

    /** Writes a file that is no mount. */
    Path file(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    /** What a start needs to know, as command line arguments, with more behind. */
    String[] args(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--podseal.identity=" + account.namespacedName(),
                "--podseal.keks=" + kek(),
                "--podseal.kms.local.allow-in-cluster=true"));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }
}
