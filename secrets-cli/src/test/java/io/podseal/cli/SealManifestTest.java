// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealManifestTest {
    private static final String MANIFEST = """
            # the database
            apiVersion: v1
            kind: Secret
            metadata:
              name: db
            stringData:
              user: "app" # who
              password: hunter2
            """;

    @TempDir
    private Path folder;

    private Cli cli;
    private String keyset;

    @BeforeEach
    void makeKeyset() {
        cli = new Cli(folder);
        keyset = cli.keyset();
    }

    private Cli.Result seal(String manifest, String... more) {
        String[] start = {"seal", "--keyset", keyset, "--kek", cli.kek(), "-f", cli.file("m.yaml", manifest)};
        return cli.run(Stream.concat(Stream.of(start), Stream.of(more)).toArray(String[]::new));
    }

    private Cli.Result open(String manifest, String... more) {
        String[] start = {
            "open",
            "--keyset",
            keyset,
            "--kek",
            cli.kek(),
            "--identity",
            Cli.IDENTITY,
            "-f",
            cli.file("s.yaml", manifest)
        };
        return cli.run(Stream.concat(Stream.of(start), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void sealedManifestOpensItemByItem() {
        Cli.Result sealed = seal(MANIFEST);
        assertThat(sealed.err()).isEmpty();
        String text = sealed.done();
        assertThat(text.replaceAll("podseal:v1:payments/api/db/(\\w+):[-_A-Za-z0-9]+", "<$1>"))
                .isEqualTo(MANIFEST.replace("\"app\"", "\"<user>\"").replace("hunter2", "<password>"));
        assertThat(open(text, "--key", "password").done()).isEqualTo("hunter2");
        assertThat(open(text, "--key", "user", "--secret", "db").done()).isEqualTo("app");
        assertThat(cli.read("m.yaml")).isEqualTo(MANIFEST);
    }

    @Test
    void dashIsStandardInput() {
        String sealed = cli.given(MANIFEST, "seal", "--keyset", keyset, "--kek", cli.kek(), "-f", "-")
                .done();
        String[] open = {
            "open", "--keyset", keyset, "--kek", cli.kek(), "--identity", Cli.IDENTITY, "-f", "-", "--key", "user"
        };
        assertThat(cli.given(sealed, open).done()).isEqualTo("app");
    }

    @Test
    void fileIsReplacedOnlyWhenForced() {
        assertThat(seal(MANIFEST, "--out", cli.file("m.yaml")).refused("CONFIGURATION"))
                .contains("--force");
        assertThat(cli.read("m.yaml")).isEqualTo(MANIFEST);
        assertThat(seal(MANIFEST, "--out", cli.file("m.yaml"), "--force").done())
                .isEmpty();
        assertThat(cli.read("m.yaml")).startsWith("# the database\n").doesNotContain("hunter2");
    }

    @Test
    void refusedManifestWritesNothing() {
        seal(MANIFEST.replace("hunter2", "12345"), "--out", cli.file("out")).refused("FORMAT");
        assertThat(cli.path("out")).doesNotExist();
    }

    @Test
    void manifestIsCheckedBeforeTheKekIsAsked() {
        cli.run(
                        "seal",
                        "--keyset",
                        keyset,
                        "--kek",
                        "local-kms:/nowhere",
                        "-f",
                        cli.file("m", MANIFEST + "  namespace: 1\n"))
                .refused("FORMAT");
        cli.run("seal", "--keyset", keyset, "-f", cli.file("m", "kind: Secret")).refused("FORMAT");
    }

    @Test
    void accountBoundTokensFitEveryItem() {
        String sealed = seal(MANIFEST, "--account-bound").done();
        assertThat(sealed).contains("podseal:v1:payments/api:").doesNotContain("podseal:v1:payments/api/");
        assertThat(open(sealed.replace("name: db", "name: other"), "--key", "password")
                        .done())
                .isEqualTo("hunter2");
    }

    @Test
    void swappedItemsAreRefused() {
        String sealed = seal(MANIFEST).done();
        String swapped = sealed.replace("  user: ", "  swap: ")
                .replace("  password: ", "  user: ")
                .replace("  swap: ", "  password: ");
        assertThat(open(swapped, "--key", "user").refused("CONTEXT_MISMATCH"))
                .contains("item password")
                .contains("item user");
        // Editing the header to fit does not help.
        String edited = swapped.replaceFirst(
                "user: podseal:v1:payments/api/db/password", "user: podseal:v1:payments/api/db/user");
        open(edited, "--key", "user").refused("AUTHENTICATION");
        open(sealed.replace("name: db", "name: other"), "--key", "password").refused("CONTEXT_MISMATCH");
    }

    @Test
    void withKeysetTheSecretHoldsAllThatTheWorkloadNeeds() {
        String sealed = seal(MANIFEST, "--with-keyset", keyset).done();
        assertThat(sealed).contains("  api.keyset.json: |\n    {\n      \"podseal\": \"v1\",");
        assertThat(open(sealed, "--key", "password").done()).isEqualTo("hunter2");
        String again = cli.given(
                        sealed, "seal", "--keyset", keyset, "--kek", cli.kek(), "-f", "-", "--with-keyset", keyset)
                .done();
        assertThat(again).isEqualTo(sealed);
    }

    @Test
    void publicDocumentSealsAManifestWithTheWrappedOneBesideIt() {
        keyset = cli.keyset("hpke-x25519");
        String sealed = cli.run(
                        "seal",
                        "--keyset",
                        Cli.publicOf(keyset),
                        "-f",
                        cli.file("m", MANIFEST),
                        "--with-keyset",
                        keyset)
                .done();
        assertThat(sealed).contains("  api.hpke.keyset.json: |\n");
        assertThat(open(sealed, "--key", "password").done()).isEqualTo("hunter2");
    }

    @Test
    void keysetOfAnotherAccountIsNotAdded() {
        String other = cli.file("other");
        cli.run("keyset", "create", "--identity", "payments/web", "--kek", cli.kek(), "--out", other)
                .done();
        seal(MANIFEST, "--with-keyset", other).refused("CONTEXT_MISMATCH");
    }

    @Test
    void lastAppliedCopyIsRefusedOrStripped() {
        String copied = MANIFEST.replace(
                "  name: db\n",
                "  name: db\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {\"stringData\":{\"password\":\"hunter2\"}}\n");
        assertThat(seal(copied).refused("CONFIGURATION")).contains("--strip-last-applied");
        String sealed = seal(copied, "--strip-last-applied").done();
        assertThat(sealed).doesNotContain("hunter2").doesNotContain("annotations");
    }

    @Test
    void lineFeedAtTheEndOfABlockIsTold() {
        Cli.Result sealed = seal(MANIFEST.replace("password: hunter2", "password: |\n    hunter2"));
        assertThat(sealed.err())
                .startsWith("podseal: note: ")
                .contains("'password'", "|-")
                .hasLineCount(1);
        assertThat(open(sealed.done(), "--key", "password").done()).isEqualTo("hunter2\n");
    }

    @Test
    void largeSecretNeedsServerSideApply() {
        Cli.Result sealed = seal(MANIFEST.replace("hunter2", "x".repeat(300_000)));
        assertThat(sealed.err())
                .startsWith("podseal: note: ")
                .contains("--server-side")
                .hasLineCount(1);
        assertThat(open(sealed.done(), "--key", "password").done()).hasSize(300_000);
    }

    @Test
    void secretIsChosenByName() {
        String two = seal(MANIFEST + "---\n" + MANIFEST.replace("name: db", "name: mail"))
                .done();
        assertThat(open(two, "--key", "password").refused("CONFIGURATION")).contains("'db'", "'mail'", "--secret");
        assertThat(open(two, "--key", "password", "--secret", "mail").done()).isEqualTo("hunter2");
        assertThat(open(two, "--key", "password", "--secret", "none").refused("SOURCE_MISSING"))
                .contains("'db'", "'mail'");
    }

    @Test
    void missingItemIsNamedWithThoseThatAreThere() {
        assertThat(open(seal(MANIFEST).done(), "--key", "pass").refused("SOURCE_MISSING"))
                .contains("'pass'", "user", "password");
    }

    @Test
    void plainValueInAManifestIsNotOpened() {
        assertThat(open(MANIFEST, "--key", "password").refused("FORMAT")).doesNotContain("hunter2");
    }

    @Test
    void tokenInDataOpensToo() {
        String data = MANIFEST.replace("stringData", "data")
                .replace("\"app\"", "YXBw")
                .replace("hunter2", "aHVudGVyMg==");
        assertThat(open(seal(data).done(), "--key", "password").done()).isEqualTo("hunter2");
    }
}
