// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.LocalKms;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.KubeletMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A mounted Secret with a KEK, a keyset and values that were made for this test alone. */
final class SealedMount {
    static final ServiceAccount API = account("api");

    final Path directory;
    final Path kek;

    private final ServiceAccount account;
    private final TrustedKeyset keyset;
    private final KubeletMount mount;
    private final Map<String, byte[]> items = new TreeMap<>();

    private SealedMount(Path folder, String secret, ServiceAccount account) throws IOException {
        this.mount = new KubeletMount(folder.resolve(secret));
        this.directory = mount.directory();
        this.kek = folder.resolve(secret + ".kek");
        this.account = account;
        LocalKms.createKek(kek);
        this.keyset = Keysets.create(account, KeyType.AES256_GCM);
        Keks keks =
                Keks.builder().kek(kekUri()).client(LocalKms.allowedInCluster()).build();
        raw("api" + EncryptedKeyset.FILE_SUFFIX, Keysets.wrap(keyset, keks).toJson());
    }

    static ServiceAccount account(String name) {
        return new ServiceAccount("cluster.local", "payments", name);
    }

    /** A mount {@code db-credentials} of the account {@code payments/api}, with a keyset and no values yet. */
    static SealedMount in(Path folder) {
        return of(folder, "db-credentials", API);
    }

    static SealedMount of(Path folder, String secret, ServiceAccount account) {
        try {
            return new SealedMount(folder, secret, account);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SealedMount sealed(String item, String value) {
        return sealed(item, value.getBytes(UTF_8));
    }

    SealedMount sealed(String item, byte[] value) {
        return raw(item, token(item, value).getBytes(UTF_8));
    }

    SealedMount accountBound(String item, String value) {
        return raw(
                item,
                keyset.sealer()
                        .seal(Scope.accountBound(account), value.getBytes(UTF_8))
                        .token());
    }

    private String token(String item, byte[] value) {
        Scope scope = Scope.item(account, directory.getFileName().toString(), item);
        return keyset.sealer().seal(scope, value).token();
    }

    SealedMount raw(String item, String content) {
        return raw(item, content.getBytes(UTF_8));
    }

    SealedMount raw(String item, byte[] content) {
        items.put(item, content);
        return this;
    }

    SealedMount without(String item) {
        items.remove(item);
        return this;
    }

    Map<String, byte[]> items() {
        return items;
    }

    byte[] item(String name) {
        return items.get(name);
    }

    /** Has the items mounted, in place of those before. */
    SealedMount write() {
        mount.write(items);
        return this;
    }

    String kekUri() {
        return "local-kms:" + kek;
    }

    String location() {
        return "podseal:mount:" + directory;
    }

    /** What an application of this account sets to import the mount. */
    Map<String, Object> settings(String parameters) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("podseal.import[0]", location() + parameters);
        settings.put("podseal.identity", account.namespacedName());
        settings.put("podseal.keks[0]", kekUri());
        settings.put("podseal.kms.local.allow-in-cluster", "true");
        return settings;
    }

    /** The same with something else on top. */
    Map<String, Object> settings(String parameters, String name, Object value) {
        Map<String, Object> settings = new HashMap<>(settings(parameters));
        settings.put(name, value);
        return settings;
    }
}
