// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of keysets, through every command that asks a KMS, with the KEKs of one: each subclass brings another. */
public abstract class KmsCommands {
    private static final String IDENTITY = "payments/api";
    private static final String MANIFEST = """
            apiVersion: v1
            kind: Secret
            metadata:
              name: db
            stringData:
              password: hunter2  # kept
            """;

    /** Two KEKs of one KMS, and the environment with which {@code podseal} reaches them. */
    public record Kms(String kek, String second, Map<String, String> environment) {}

    /** The KMS, with KEKs that nobody has used yet. */
    protected abstract Kms kms(Path folder) throws Exception;

    /** Whether what these KEKs unwrap is trusted by its fingerprint only. */
    protected boolean needsFingerprint() {
        return false;
    }

    @TempDir
    private Path folder;

    private Kms kms;
    private String local;
    private Distribution podseal;
    private String fingerprint;

    @BeforeEach
    final void start() throws Exception {
        kms = kms(folder);
        podseal = new Distribution(folder, kms.environment());
        local = "local-kms:" + folder.resolve("kek.json");
    }

    private Distribution.Result run(String... arguments) {
        return podseal.run("", List.of(arguments));
    }

    private static List<String> words(String[] start, String... more) {
        return Stream.concat(Stream.of(start), Stream.of(more)).toList();
    }

    private List<String> pinned(List<String> words) {
        List<String> all = new ArrayList<>(words);
        if (needsFingerprint()) {
            all.addAll(List.of("--fingerprint", fingerprint));
        }
        return all;
    }

    private void create(String... more) {
        String[] start = {"keyset", "create", "--identity", IDENTITY, "--out", "k"};
        keep(podseal.run("", words(start, more)));
    }

    private Distribution.Result edit(String command, String... more) {
        return podseal.run("", pinned(words(new String[] {"keyset", command, "k"}, more)));
    }

    private void edited(String command, String... more) {
        keep(edit(command, more));
    }

    private void keep(Distribution.Result result) {
        assertThat(result.done()).matches("sha256:[-_A-Za-z0-9]{43}\n");
        fingerprint = result.out().strip();
    }

    private String seal(String value, String kek) {
        String[] start = {"seal", "--keyset", "k", "--kek", kek, "--item", "db/password"};
        return podseal.run(value, pinned(List.of(start))).done().strip();
    }

    private Distribution.Result open(String token, String kek) {
        String[] start = {"open", "--keyset", "k", "--kek", kek, "--identity", IDENTITY};
        return podseal.run(token, pinned(List.of(start)));
    }

    private String keyId(String token) {
        return podseal.run(token, List.of("inspect")).done().replaceAll("(?s).*\"keyId\":(\\d+),.*", "$1");
    }

    @Test
    void keysetIsCreatedShownRotatedStagedPromotedAndRetired() throws IOException {
        create("--kek", kms.kek());
        assertThat(run("keyset", "inspect", "k").done())
                .isEqualTo("{\"identity\":\"spiffe://cluster.local/ns/payments/sa/api\",\"recipients\":[\"" + kms.kek()
                        + "\"]}\n");
        assertThat(run("keyset", "manifest", "k").done())
                .contains("kind: ConfigMap\n", "  name: api-keyset\n")
                .endsWith("  api.keyset.json: |\n"
                        + Files.readString(folder.resolve("k")).indent(4));
        String first = seal("one", kms.kek());
        assertThat(open(first, kms.kek()).done()).isEqualTo("one");

        edited("rotate", "--kek", kms.kek());
        String second = seal("two", kms.kek());
        assertThat(keyId(second)).isNotEqualTo(keyId(first));
        assertThat(open(first, kms.kek()).done()).isEqualTo("one");
        assertThat(open(second, kms.kek()).done()).isEqualTo("two");

        Distribution.Result staged = edit("rotate", "--stage", "--kek", kms.kek());
        keep(staged);
        assertThat(keyId(seal("still", kms.kek()))).isEqualTo(keyId(second));
        String third = staged.err().replaceAll("(?s).*, (\\d+)\n.*", "$1");
        edited("promote", "--kek", kms.kek(), "--key", third);
        assertThat(keyId(seal("three", kms.kek()))).isEqualTo(third);

        edited("retire", "--kek", kms.kek(), "--key", keyId(first));
        open(first, kms.kek()).refused("UNKNOWN_KEY");
        assertThat(open(second, kms.kek()).done()).isEqualTo("two");
    }

    @Test
    void keysetMovesFromAFileToTheKmsAndBetweenItsKeys() {
        run("kek", "create", local).done();
        create("--kek", local);
        String token = seal("value", local);
        String before = fingerprint;

        edited("rewrap", "--kek", local, "--to", kms.kek());
        assertThat(open(token, kms.kek()).done()).isEqualTo("value");
        assertThat(open(token, local).refused("KEYSET_POLICY")).contains(kms.kek());

        edited("rewrap", "--kek", kms.kek(), "--to", kms.kek(), "--to", kms.second(), "--to", local);
        assertThat(open(token, kms.second()).done()).isEqualTo("value");
        assertThat(edit("rotate", "--kek", kms.second()).refused("CONFIGURATION"))
                .contains(kms.kek(), local, "--drop-others");
        edited("rotate", "--kek", kms.second(), "--kek", kms.kek(), "--kek", local);
        assertThat(fingerprint).isNotEqualTo(before);
        for (String kek : List.of(kms.kek(), local)) {
            assertThat(open(token, kek).done()).isEqualTo("value");
        }

        edited("rewrap", "--kek", kms.second(), "--to", local);
        assertThat(run("keyset", "inspect", "k").done()).contains(local).doesNotContain(kms.kek(), kms.second());
    }

    @Test
    void publicKeysetSealsWithoutTheKms() {
        create("--kek", kms.kek(), "--type", "hpke-x25519", "--public-out", "p");
        String[] seal = {"seal", "--keyset", "p", "--fingerprint", fingerprint, "--account-bound"};
        String token =
                new Distribution(folder, Map.of()).run("value", List.of(seal)).done();
        assertThat(open(token, kms.kek()).done()).isEqualTo("value");

        edited("rotate", "--kek", kms.kek(), "--public-out", "p", "--force");
        assertThat(run("keyset", "inspect", "p").done()).contains(fingerprint);
        assertThat(open(token, kms.kek()).done()).isEqualTo("value");
    }

    @Test
    void manifestIsSealedWithItsKeysetAndOpened() throws IOException {
        create("--kek", kms.kek());
        String sealed = podseal.run(
                        MANIFEST,
                        pinned(List.of("seal", "--keyset", "k", "--kek", kms.kek(), "-f", "-", "--with-keyset", "k")))
                .done();
        assertThat(sealed)
                .contains("  password: podseal:v1:payments/api/db/password:", "  # kept\n", "api.keyset.json")
                .doesNotContain("hunter2");
        Files.writeString(folder.resolve("sealed.yaml"), sealed);
        String[] open = {
            "open",
            "--keyset",
            "k",
            "--kek",
            kms.kek(),
            "--identity",
            IDENTITY,
            "-f",
            "sealed.yaml",
            "--key",
            "password"
        };
        assertThat(podseal.run("", pinned(List.of(open))).done()).isEqualTo("hunter2");
    }

    @Test
    void documentPassedOffAsAnotherAccountsIsRefusedByTheKms() throws IOException {
        create("--kek", kms.kek());
        String token = seal("value", kms.kek());
        Path document = folder.resolve("k");
        Files.writeString(document, Files.readString(document).replace("/sa/api", "/sa/web"));
        String[] open = {"open", "--keyset", "k", "--kek", kms.kek(), "--identity", "payments/web"};

        podseal.run(token.replace("payments/api", "payments/web"), pinned(List.of(open)))
                .refused("AUTHENTICATION");
    }

    @Test
    void missingFingerprintIsRefusedWhereAnybodyCouldHaveWrapped() {
        create("--kek", kms.kek());
        Distribution.Result rotated = run("keyset", "rotate", "k", "--kek", kms.kek());
        if (needsFingerprint()) {
            assertThat(rotated.refused("KEYSET_POLICY")).contains("unverified", fingerprint);
        } else {
            keep(rotated);
        }
    }
}
