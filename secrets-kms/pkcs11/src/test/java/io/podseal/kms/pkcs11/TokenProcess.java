// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.kms.Refusal;
import io.podseal.kms.SoftHsm;
import io.podseal.kms.Workload;
import io.podseal.store.SecretStore;
import io.podseal.testkit.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An application in a process of its own, since a login and a lost token are the whole process's. It is told on its input what
 * to do: {@code unwrap}, {@code wrap}, {@code client} for a new client, {@code make} for one that is asked nothing and closed, {@code read <file>} to hold what is in it,
 * {@code open <mount>} for what an application does at its start. It prints {@code ok}, or the failure.
 */
final class TokenProcess implements AutoCloseable {
    private final ChildJvm process;

    private TokenProcess(ChildJvm process) {
        this.process = process;
    }

    static TokenProcess start(SoftHsm hsm, Path pinFile, Path document) {
        return start(hsm.environment(), SoftHsm.library(), pinFile, document);
    }

    /** @param more for NSS's softoken, its database */
    static TokenProcess start(
            Map<String, String> environment, Path module, Path pinFile, Path document, String... more) {
        List<String> variables = new ArrayList<>(List.of("env", "--unset=SOFTHSM2_CONF"));
        environment.forEach((name, value) -> variables.add(name + "=" + value));
        List<String> arguments = new ArrayList<>(List.of(module.toString(), pinFile.toString(), document.toString()));
        arguments.addAll(List.of(more));
        return new TokenProcess(ChildJvm.start(variables, TokenProcess.class, arguments.toArray(String[]::new)));
    }

    /** Has it do that, and gives what it says. */
    @Nullable
    String says(String what) {
        process.tell(what);
        String said = process.line();
        assertThat(said).doesNotContain(Refusal.CANARY);
        return said;
    }

    /** The next line that it prints. */
    @Nullable
    String line() {
        return process.line();
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }

    public static void main(String[] args) throws IOException {
        EncryptedKeyset document = EncryptedKeyset.parse(Files.readAllBytes(Path.of(args[2])));
        String kek = document.keks().iterator().next();
        Pkcs11Kms kms = kms(args);
        List<char[]> held = new ArrayList<>();
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split(" ", 2);
            try {
                Keks keks = Workload.keks(kms, kek);
                switch (words[0]) {
                    case "client" -> kms = kms(args);
                    case "make" -> make(args, kek);
                    case "read" -> held.add(Files.readString(Path.of(words[1])).toCharArray());
                    case "wrap" -> Keysets.wrap(Keysets.create(Workload.API, KeyType.AES256_GCM), keks);
                    case "open" -> open(Path.of(words[1]), kek, args);
                    default -> Workload.unwrapOnce(keks, document);
                }
                System.out.println("ok");
            } catch (PodsealException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static void make(String[] args, String kek) {
        try (Pkcs11Kms kms = kms(args)) {
            assertThat(kms.doesSupport(kek)).isTrue();
            assertThat(kms.getAead(kek)).isNotNull();
            Refusal.of(ErrorCode.CONFIGURATION, () -> kms.getAead("local-kms:/nowhere"));
            Refusal.of(ErrorCode.CONFIGURATION, () -> kms.getAead("pkcs11:slot-id=0"));
        }
    }

    private static void open(Path mount, String kek, String[] args) {
        try (SecretStore store =
                Workload.open(mount, "keks[0]", kek, "kms.pkcs11.module", args[0], "kms.pkcs11.pin-file", args[1])) {
            Workload.readMany(store);
        }
    }

    private static Pkcs11Kms kms(String[] args) {
        Pkcs11Kms.Builder builder = Pkcs11Kms.builder().module(Path.of(args[0])).pinFile(Path.of(args[1]));
        return args.length > 3 ? builder.nssDatabase(args[3]).build() : builder.build();
    }
}
