// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the threat model promises about input of other people's making, on the command line. */
class HostileInputTest {
    private static final String MANIFEST = """
            apiVersion: v1
            kind: Secret
            metadata:
              name: db
            stringData:
              user: app
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

    private Cli.Result openAs(String identity, String document, String token) {
        return cli.given(token, "open", "--keyset", document, "--kek", cli.kek(), "--identity", identity);
    }

    private Cli.Result openFrom(String manifest, String key) {
        String file = cli.file("sealed.yaml", manifest);
        String[] open = {
            "open", "--keyset", keyset, "--kek", cli.kek(), "--identity", Cli.IDENTITY, "-f", file, "--key", key
        };
        return cli.run(open);
    }

    private String sealed(String manifest) {
        return cli.run("seal", "--keyset", keyset, "--kek", cli.kek(), "-f", cli.file("m.yaml", manifest))
                .done();
    }

    // Substitution

    @Test
    void whatIsForAnotherPlaceIsRefusedBeforeTheKekIsAsked() throws IOException {
        String token = cli.seal(keyset, "x", "db/password");
        String manifest = sealed(MANIFEST);
        Files.delete(cli.path("kek.json"));
        cli.open(keyset, token).refused("KMS_UNAVAILABLE"); // the control: it is asked for its own
        openAs("payments/web", keyset, token).refused("CONTEXT_MISMATCH");
        openAs("shop/api", keyset, token).refused("CONTEXT_MISMATCH");
        cli.open(keyset, token, "--item", "db/user").refused("CONTEXT_MISMATCH");
        cli.open(keyset, token, "--item", "other/password").refused("CONTEXT_MISMATCH");
        openFrom(manifest.replace("name: db", "name: other"), "password").refused("CONTEXT_MISMATCH");
        openFrom(manifest.replace("  user: ", "  pass: "), "pass").refused("CONTEXT_MISMATCH");
    }

    @Test
    void keysetPassedOffAsAnotherAccountsIsRefusedByTheKek() {
        String web = cli.file("web.json");
        cli.run("keyset", "create", "--identity", "payments/web", "--kek", cli.kek(), "--out", web)
                .done();
        String token = cli.seal(keyset, "x", "db/password");
        openAs(Cli.IDENTITY, web, token).refused("CONTEXT_MISMATCH");
        String relabelled = cli.file("relabelled", cli.read("web.json").replace("/sa/web", "/sa/api"));
        openAs(Cli.IDENTITY, relabelled, token).refused("AUTHENTICATION");
        cli.given("x", "seal", "--keyset", relabelled, "--kek", cli.kek(), "--account-bound")
                .refused("AUTHENTICATION");
    }

    @Test
    void publicKeysetReplacedInGitIsRefusedByTheFingerprintThatCreatePrinted() throws IOException {
        String[] create = {
            "keyset",
            "create",
            "--identity",
            Cli.IDENTITY,
            "--type",
            "hpke-x25519",
            "--kek",
            cli.kek(),
            "--out",
            cli.file("k"),
            "--public-out",
            cli.file("public.json")
        };
        String printed = cli.run(create).done().strip();
        String[] seal = {"seal", "--keyset", cli.file("public.json"), "--item", "db/password", "--fingerprint", printed
        };
        assertThat(cli.open(cli.file("k"), cli.given("s3cret", seal).done()).done())
                .isEqualTo("s3cret");

        String attackers = Cli.publicOf(cli.keyset("hpke-x25519"));
        Files.copy(Path.of(attackers), cli.path("public.json"), StandardCopyOption.REPLACE_EXISTING);
        String inspected = cli.run("keyset", "inspect", cli.file("public.json")).done();
        assertThat(inspected).contains("\"fingerprint\":\"sha256:").doesNotContain(printed);
        assertThat(cli.given("s3cret", seal).refused("KEYSET_POLICY")).doesNotContain("s3cret");
    }

    @Test
    void forgedOrReplayedKeysetIsRefusedByTheFingerprint() {
        String current =
                cli.run("keyset", "rotate", keyset, "--kek", cli.kek()).done().strip();
        String forged = cli.keyset();
        String token = cli.seal(forged, "forged", "db/password");
        assertThat(cli.open(forged, token).done()).as("without a pin").isEqualTo("forged");
        cli.open(forged, token, "--fingerprint", current).refused("KEYSET_POLICY");
        cli.open(keyset, token, "--keyset", forged, "--fingerprint", current).refused("KEYSET_POLICY");
        assertThat(cli.open(keyset, cli.seal(keyset, "x", "a/b"), "--fingerprint", current)
                        .done())
                .isEqualTo("x");
    }

    @Test
    void kekOfTheDocumentIsNotAskedUnlessTheCommandNamesIt() {
        String token = cli.seal(keyset, "x", "db/password");
        String own = cli.kek("own.json");
        assertThat(cli.given(token, "open", "--keyset", keyset, "--kek", own, "--identity", Cli.IDENTITY)
                        .refused("KEYSET_POLICY"))
                .endsWith("add --kek " + cli.kek());
    }

    // Tampering and parsing

    @ParameterizedTest
    @CsvSource({
        "'\uFEFF', U+FEFF",
        "'\u200B', U+200B",
        "'\u00A0', U+00A0",
        "'\0', U+0000",
        "'\n', U+000A",
        "+, U+002B",
        "=, U+003D"
    })
    void foreignCharacterIsNamedByItsPlaceAndCodePoint(String character, String codePoint) {
        String token = cli.seal(keyset, "x", "db/password");
        int payload = token.lastIndexOf(':') + 1;
        String spoilt = token.substring(0, payload) + character + token.substring(payload);
        String place = "at byte " + payload + " (" + codePoint + ")";
        for (Cli.Result result : List.of(cli.open(keyset, spoilt), cli.given(spoilt, "inspect"))) {
            assertThat(result.refused("FORMAT")).contains(place).doesNotContain(token.substring(payload + 8));
        }
        assertThat(cli.open(keyset, character + token).refused("FORMAT")).doesNotContain("U+", "at byte");
    }

    @Test
    void tokenEncodedOnceMoreIsNotAToken() {
        String token = cli.seal(keyset, "x", "db/password");
        int payload = token.lastIndexOf(':') + 1;
        cli.open(keyset, base64(token)).refused("FORMAT");
        cli.open(
                        keyset,
                        token.substring(0, payload)
                                + base64(token.substring(payload)).replace("=", ""))
                .refused("FORMAT");
        String manifest = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: ";
        assertThat(openFrom(manifest + base64(token) + "\n", "password").done()).isEqualTo("x");
        openFrom(manifest + base64(base64(token)) + "\n", "password").refused("FORMAT");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @Test
    void tokenOneByteOverTheLimitIsRefusedBeforeItIsDecoded() {
        String start = "podseal:v1:payments/api:";
        String longest = start + "!".repeat(958_976 - start.length());
        cli.open(keyset, longest).refused("FORMAT");
        cli.open(keyset, longest + "!").refused("SIZE");
        cli.open(keyset, longest + "!".repeat(4_000_000)).refused("SIZE");
        cli.given(longest + "!", "inspect").refused("SIZE");
    }

    @Test
    void keysetDocumentThatIsTooLargeDeepOrAmbiguousIsRefused() {
        String token = cli.seal(keyset, "x", "db/password");
        String good = cli.read(Path.of(keyset).getFileName().toString());
        String fitting = good + " ".repeat(64 * 1024 - good.length());
        assertThat(cli.open(cli.file("d", fitting), token).done()).isEqualTo("x");
        cli.open(cli.file("d", fitting + " "), token).refused("SIZE");
        String deep = "{\"a\":" + "[".repeat(30_000) + "]".repeat(30_000) + "," + good.substring(1);
        cli.open(cli.file("d", deep), token).refused("FORMAT");
        cli.open(cli.file("d", "{\"podseal\":\"v1\"," + good.substring(1)), token)
                .refused("FORMAT");
    }

    @Test
    void secretOfOneMebibyteIsSealedAndOpened() {
        String longest = "x".repeat(716_800);
        String filling = "y".repeat(66_000);
        String text = sealed(MANIFEST.replace("hunter2", longest).replace("app", filling));
        assertThat(text.length()).isBetween(1_040_000, 1 << 20);
        assertThat(openFrom(text, "password").done()).isEqualTo(longest);
        assertThat(openFrom(text, "user").done()).isEqualTo(filling);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "podseal:v1:",
                "podseal:v1:payments/api/db/password:AAAA",
                "${nope}",
                "${HOME} $(id) `id`",
                "#{T(java.lang.System).exit(7)}",
                "key: [yaml, 'quoted'] # comment",
                "---\n- &a !!binary b\n- *a\n",
                "1e5",
                "null",
                "line\nends\r\n",
                "\u001b[2J\u202e\ufeff\0"
            })
    void valueArrivesByteForByteWhateverItLooksLike(String value) {
        assertThat(cli.open(keyset, cli.seal(keyset, value, "db/password")).bytes())
                .isEqualTo(value.getBytes(UTF_8));
    }

    @Test
    void valueThatIsItselfATokenIsOpenedOnce() {
        String inner = cli.seal(keyset, "twice", "db/password");
        assertThat(cli.open(keyset, cli.seal(keyset, inner, "db/password")).done())
                .isEqualTo(inner);
    }

    @Test
    void bytesThatAreNoTextComeOutAsTheyAre() {
        byte[] bytes = {(byte) 0xff, 0, (byte) 0xc0, (byte) 0x80};
        String token = cli.run(bytes, "seal", "--keyset", keyset, "--kek", cli.kek(), "--item", "db/key")
                .done();
        assertThat(cli.open(keyset, token).bytes()).isEqualTo(bytes);
    }
}
