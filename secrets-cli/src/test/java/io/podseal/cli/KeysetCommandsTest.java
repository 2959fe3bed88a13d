// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysetCommandsTest {
    private static final Pattern KEY = Pattern.compile("(\\d+)( \\(primary\\))?");

    @TempDir
    private Path folder;

    private Cli cli;

    @BeforeEach
    void makeFolder() {
        cli = new Cli(folder);
    }

    private Cli.Result create(String... more) {
        String[] start = {"keyset", "create", "--identity", Cli.IDENTITY, "--kek", cli.kek(), "--out", cli.file("k")};
        return cli.run(Stream.concat(Stream.of(start), Stream.of(more)).toArray(String[]::new));
    }

    private Cli.Result change(String command, String... more) {
        String[] start = {"keyset", command, cli.file("k"), "--kek", cli.kek()};
        return cli.run(Stream.concat(Stream.of(start), Stream.of(more)).toArray(String[]::new));
    }

    private static String primary(Cli.Result result) {
        return result.err().replaceAll("(?s).*?(\\d+) \\(primary\\).*", "$1");
    }

    private static String other(Cli.Result result) {
        Matcher keys = KEY.matcher(result.err());
        while (keys.find()) {
            if (keys.group(2) == null) {
                return keys.group(1);
            }
        }
        throw new AssertionError(result.err());
    }

    @Test
    void kekFileHasModeSixHundredAndIsNotOverwritten() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cli.path("kek.json"))))
                .isEqualTo("rw-------");
        String before = cli.read("kek.json");
        assertThat(cli.run("kek", "create", cli.kek()).refused("CONFIGURATION")).contains("kek.json", "--force");
        assertThat(cli.read("kek.json")).isEqualTo(before);
        assertThat(cli.run("kek", "create", cli.kek(), "--force").done()).isEmpty();
        assertThat(cli.read("kek.json")).isNotEqualTo(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cli.path("kek.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void createPrintsTheFingerprintAndWritesWithTheUsualMode() throws IOException {
        assertThat(create().done()).matches("sha256:[-_A-Za-z0-9]{43}\n");
        Path usual = Files.createFile(cli.path("usual"));
        assertThat(Files.getPosixFilePermissions(cli.path("k"))).isEqualTo(Files.getPosixFilePermissions(usual));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("k", "kek.json", "usual");
        }
    }

    @Test
    void createDoesNotOverwriteUnlessForced() {
        create().done();
        String before = cli.read("k");
        assertThat(create().refused("CONFIGURATION")).contains("--force");
        assertThat(cli.read("k")).isEqualTo(before);
        create("--force").done();
        assertThat(cli.read("k")).isNotEqualTo(before);
    }

    @Test
    void publicOutNeedsHpkeAndAFileOfItsOwn() {
        assertThat(create("--public-out", cli.file("p")).refused("CONFIGURATION"))
                .contains("hpke-x25519");
        create("--type", "hpke-x25519", "--public-out", cli.file("k")).refused("CONFIGURATION");
        assertThat(cli.path("k")).doesNotExist();
        cli.file("p", "mine");
        assertThat(create("--type", "hpke-x25519", "--public-out", cli.file("p"))
                        .refused("CONFIGURATION"))
                .contains("--force");
        assertThat(cli.path("k")).doesNotExist();
    }

    @Test
    void absentFolderAndAbsentKekLeaveNothingBehind() throws IOException {
        assertThat(create("--force").done()).isNotEmpty();
        String[] absent = {
            "keyset", "create", "--identity", Cli.IDENTITY, "--kek", cli.kek(), "--out", cli.file("none/k")
        };
        assertThat(cli.run(absent).refused("CONFIGURATION")).contains("folder");
        Files.delete(cli.path("k"));
        Files.delete(cli.path("kek.json"));
        assertThat(create().refused("KMS_UNAVAILABLE")).contains("podseal kek create");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void inspectShowsRecipientsOfAWrappedDocument() {
        create("--kek", cli.kek("second.json"), "--trust-domain", "prod.example")
                .done();
        assertThat(cli.run("keyset", "inspect", cli.file("k")).done())
                .isEqualTo("{\"identity\":\"spiffe://prod.example/ns/payments/sa/api\",\"recipients\":[\"" + cli.kek()
                        + "\",\"local-kms:" + cli.file("second.json") + "\"]}\n");
    }

    @Test
    void inspectShowsKeysAndFingerprintOfAPublicDocument() {
        String fingerprint = create("--type", "hpke-x25519", "--public-out", cli.file("p"))
                .done()
                .strip();
        assertThat(cli.run("keyset", "inspect", cli.file("p")).done())
                .matches(Pattern.quote("{\"identity\":\"" + Cli.SPIFFE_ID + "\",\"keys\":[{\"id\":")
                        + "[1-9][0-9]*"
                        + Pattern.quote(
                                ",\"type\":\"hpke-x25519\",\"enabled\":true,\"primary\":true}],\"fingerprint\":\""
                                        + fingerprint + "\"}\n"));
    }

    @Test
    void inspectRefusesWhatIsNoDocument() {
        cli.run("keyset", "inspect", cli.file("x", "{}")).refused("FORMAT");
        cli.run("keyset", "inspect", cli.file("x", "{\"podseal\":\"v2\"}")).refused("VERSION");
        cli.run("keyset", "inspect", cli.file("x", new byte[64 * 1024 + 1])).refused("SIZE");
        cli.run("keyset", "inspect", cli.file("none")).refused("SOURCE_MISSING");
    }

    @Test
    void manifestCarriesTheDocumentUnderItsStandardName() {
        create().done();
        assertThat(cli.run("keyset", "manifest", cli.file("k")).done())
                .startsWith("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata:
                          name: api-keyset
                          namespace: payments
                        data:
                          api.keyset.json: |
                            {
                              "podseal": "v1",
                        """)
                .endsWith("\n    }\n")
                .isEqualTo(
                        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: api-keyset\n  namespace: payments\ndata:\n"
                                + "  api.keyset.json: |\n" + cli.read("k").indent(4));
    }

    @Test
    void manifestTakesNameAndKind() {
        create("--type", "hpke-x25519", "--public-out", cli.file("p")).done();
        assertThat(cli.run("keyset", "manifest", cli.file("k"), "--name", "123", "--kind", "Secret")
                        .done())
                .contains("kind: Secret\n", "  name: \"123\"\n", "  api.hpke.keyset.json: ew");
        cli.run("keyset", "manifest", cli.file("p")).refused("FORMAT");
    }

    @Test
    void rotateSealsWithTheNewKeyAndStillOpensTheOld() {
        String before = create().done();
        String old = cli.seal(cli.file("k"), "old", "a/b");
        Cli.Result rotated = change("rotate");
        assertThat(rotated.done()).matches("sha256:[-_A-Za-z0-9]{43}\n").isNotEqualTo(before);
        String fresh = cli.seal(cli.file("k"), "new", "a/b");
        assertThat(cli.given(fresh, "inspect").out()).contains("\"keyId\":" + primary(rotated) + ",");
        assertThat(cli.given(old, "inspect").out()).contains("\"keyId\":" + other(rotated) + ",");
        assertThat(cli.open(cli.file("k"), old).done()).isEqualTo("old");
        assertThat(cli.open(cli.file("k"), fresh).done()).isEqualTo("new");
    }

    @Test
    void rotationWithoutAGap() {
        create().done();
        String old = cli.seal(cli.file("k"), "old", "a/b");
        Cli.Result staged = change("rotate", "--stage");
        staged.done();
        assertThat(cli.given(cli.seal(cli.file("k"), "x", "a/b"), "inspect").out())
                .contains("\"keyId\":" + primary(staged) + ",");
        Cli.Result promoted = change("promote", "--key", other(staged));
        promoted.done();
        assertThat(primary(promoted)).isEqualTo(other(staged));
        assertThat(cli.open(cli.file("k"), old).done()).isEqualTo("old");
        change("retire", "--key", primary(promoted)).refused("KEYSET_POLICY");
        change("retire", "--key", "1").refused("UNKNOWN_KEY");
        change("promote", "--key", "1").refused("UNKNOWN_KEY");
        String fingerprint = change("retire", "--key", other(promoted)).done();
        cli.open(cli.file("k"), old).refused("UNKNOWN_KEY");
        assertThat(change("rewrap", "--to", cli.kek()).done()).isEqualTo(fingerprint);
    }

    @Test
    void everyRecipientMustBeNamedOrDropped() {
        String second = cli.kek("second.json");
        create("--kek", second).done();
        assertThat(change("rotate").refused("CONFIGURATION"))
                .contains("--kek " + second)
                .contains("--drop-others");
        change("rotate", "--kek", second).done();
        assertThat(cli.run("keyset", "inspect", cli.file("k")).out()).contains("second.json");
        change("rotate", "--drop-others").done();
        assertThat(cli.run("keyset", "inspect", cli.file("k")).out())
                .contains("kek.json")
                .doesNotContain("second.json");
    }

    @Test
    void firstKekUnwraps() throws IOException {
        String second = cli.kek("second.json");
        create("--kek", second).done();
        byte[] unreachable = Files.readAllBytes(cli.path("kek.json"));
        Files.delete(cli.path("kek.json"));
        assertThat(change("rotate", "--kek", second).refused("KMS_UNAVAILABLE")).contains("kek.json");
        Files.write(cli.path("kek.json"), unreachable);
        Files.setPosixFilePermissions(cli.path("kek.json"), PosixFilePermissions.fromString("rw-------"));
        change("rotate", "--kek", second).done();
    }

    @Test
    void strangerIsNotAddedByRotation() {
        create().done();
        String stranger = cli.kek("stranger.json");
        assertThat(change("rotate", "--kek", stranger).refused("KEYSET_POLICY"))
                .contains("stranger.json")
                .contains("rewrap");
    }

    @Test
    void missingKekListsTheRecipients() {
        create().done();
        for (String command :
                new String[] {"rotate", "promote --key 1", "retire --key 1", "rewrap --to " + cli.kek()}) {
            String[] words = ("keyset " + command + " " + cli.file("k")).split(" ");
            assertThat(cli.run(words).refused("CONFIGURATION")).endsWith("add --kek " + cli.kek());
        }
    }

    @Test
    void rewrapKeepsTheKeysForOtherRecipients() throws IOException {
        String before = create().done();
        String token = cli.seal(cli.file("k"), "x", "a/b");
        String second = cli.kek("second.json");
        assertThat(change("rewrap", "--to", second).done()).isEqualTo(before);
        Files.delete(cli.path("kek.json"));
        assertThat(cli.given(token, "open", "--keyset", cli.file("k"), "--kek", second, "--identity", Cli.IDENTITY)
                        .done())
                .isEqualTo("x");
    }

    @Test
    void changesWriteThePublicDocumentToo() {
        create("--type", "hpke-x25519", "--public-out", cli.file("p")).done();
        assertThat(change("rotate", "--public-out", cli.file("p")).refused("CONFIGURATION"))
                .contains("--force");
        String fingerprint =
                change("rotate", "--public-out", cli.file("p"), "--force").done();
        assertThat(cli.run("keyset", "inspect", cli.file("p")).out()).contains(fingerprint.strip());
    }

    @Test
    void failedChangeLeavesTheFileAsItWas() throws IOException {
        create().done();
        String before = cli.read("k");
        change("rotate", "--public-out", cli.file("p")).refused("CONFIGURATION");
        assertThat(cli.read("k")).isEqualTo(before);
        assertThat(cli.path("p")).doesNotExist();
    }

    @Test
    void replacedFileMayBeReachedThroughALink() throws IOException {
        create().done();
        Files.createSymbolicLink(cli.path("link"), cli.path("k"));
        String before = cli.read("k");
        cli.run("keyset", "rotate", cli.file("link"), "--kek", cli.kek()).done();
        assertThat(cli.read("k")).isNotEqualTo(before);
        assertThat(cli.path("link")).isSymbolicLink();
    }
}
