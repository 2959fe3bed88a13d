// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built distribution with tokens of SoftHSM2. */
class TokenSlotIT {
    private static final Path PODSEAL =
            Path.of(System.getProperty("podseal.distribution", "target/podseal"), "bin", "podseal");
    private static final String PIN = "pin+7391";
    private static final Pattern NOTE =
            Pattern.compile(" is (pkcs11:slot-id=[0-9]+;object=kek), which podseal.keks has to name");

    @TempDir
    private static Path folder;

    private static Path module;

    @TempDir
    private Path work;

    private record Result(int exit, String out, String err) {}

    @BeforeAll
    static void tokens() throws Exception {
        module = Stream.of("/usr/lib/softhsm", "/usr/lib64/softhsm", "/usr/lib64/pkcs11", "/usr/local/lib/softhsm")
                .map(folder -> Path.of(folder, "libsofthsm2.so"))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        if (module == null) {
            String remedy = "There is no SoftHSM2: install softhsm2, opensc (Debian's names).";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(remedy);
            }
            Assumptions.abort(remedy);
        }
        Files.createDirectory(folder.resolve("tokens"));
        Files.writeString(
                folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + folder.resolve("tokens") + "\nobjectstore.backend = file\n");
        Files.writeString(folder.resolve("pin"), PIN + "\n");
        for (String label : List.of("one", "other token", "twin", "twin")) {
            tool("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "87654321");
        }
        for (String label : List.of("one", "other token")) {
            tool(
                    "pkcs11-tool",
                    "--module",
                    module.toString(),
                    "--token-label",
                    label,
                    "--login",
                    "--pin",
                    PIN,
                    "--keygen",
                    "--key-type",
                    "AES:32",
                    "--private",
                    "--sensitive",
                    "--label",
                    "kek");
        }
    }

    private static void tool(String... command) throws Exception {
        Result result = run("", command);
        assertThat(result.exit()).as(result.err()).isZero();
    }

    private static Result run(String input, String... command) throws IOException, InterruptedException {
        Path err = Files.createTempFile(folder, "run", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        Map<String, String> environment = new TreeMap<>();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("XDG_CACHE_HOME", folder.resolve("xdg").toString());
        environment.put("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
        environment.put("PODSEAL_KMS_PKCS11_MODULE", module.toString());
        environment.put("PODSEAL_KMS_PKCS11_PIN_FILE", folder.resolve("pin").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(UTF_8));
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Result(process.waitFor(), out, Files.readString(err));
    }

    private static Result podseal(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PODSEAL.toString()));
        command.addAll(List.of(arguments));
        return run(input, command.toArray(String[]::new));
    }

    private Result create(String kek) throws IOException, InterruptedException {
        return podseal(
                "", "keyset", "create", "--identity", "payments/api", "--kek", kek, "--out", document(), "--force");
    }

    private String document() {
        return work.resolve("api.keyset.json").toString();
    }

    private String located(Result created) {
        assertThat(created.exit()).as(created.err()).isZero();
        Matcher note = NOTE.matcher(created.err());
        assertThat(note.find()).as(created.err()).isTrue();
        assertThat(created.out()).as("results only").matches("sha256:\\S+\n");
        return note.group(1);
    }

    @Test
    void tokenIsFoundByItsLabelAndByItsSerialNumber() throws Exception {
        String kek = located(create("pkcs11:token=one;object=kek"));
        assertThat(podseal("", "keyset", "inspect", document()).out()).contains(kek);
        Result tokens = create("pkcs11:token=absent;object=kek");
        Matcher serial =
                Pattern.compile("\\(token 'one', serial '([0-9a-f]+)'\\)").matcher(tokens.err());
        assertThat(serial.find()).as(tokens.err()).isTrue();
        assertThat(located(create("pkcs11:object=kek;serial=" + serial.group(1))))
                .isEqualTo(kek);
        assertThat(located(create("pkcs11:token=other%20token;object=kek"))).isNotEqualTo(kek);
    }

    @Test
    void everyKeysetCommandTakesEitherForm() throws Exception {
        String kek = located(create("pkcs11:token=one;object=kek"));
        for (String either : List.of(kek, "pkcs11:token=one;object=kek")) {
            Result sealed = podseal("secret", "seal", "--keyset", document(), "--kek", either, "--account-bound");
            assertThat(sealed.exit()).as(sealed.err()).isZero();
            Result opened = podseal(
                    sealed.out(), "open", "--keyset", document(), "--kek", either, "--identity", "payments/api");
            assertThat(opened.out()).as(opened.err()).isEqualTo("secret");
            Result rotated = podseal("", "keyset", "rotate", document(), "--kek", either);
            assertThat(rotated.exit()).as(rotated.err()).isZero();
            Result rewrapped = podseal("", "keyset", "rewrap", document(), "--kek", either, "--to", either);
            assertThat(rewrapped.exit()).as(rewrapped.err()).isZero();
            assertThat(podseal("", "keyset", "inspect", document()).out()).contains(kek);
        }
    }

    @Test
    void tokenThatIsNotThereOrNotTheOnlyOneIsConfiguration() throws Exception {
        assertThat(create("pkcs11:token=absent;object=kek"))
                .matches(result -> result.exit() == 1)
                .extracting(Result::err)
                .asString()
                .startsWith("podseal: CONFIGURATION: no token fits pkcs11:token=absent;object=kek; there are slot-id=");
        assertThat(create("pkcs11:token=twin;object=kek").err())
                .startsWith("podseal: CONFIGURATION: more than one token fits");
    }

    @Test
    void sampleForPeopleRuns() throws Exception {
        Path script =
                Path.of("..", "samples", "kms", "softhsm.sh").toAbsolutePath().normalize();
        Result result = run("", "env", "PODSEAL=" + PODSEAL.toAbsolutePath(), script.toString());
        assertThat(result.exit()).as(result.out() + result.err()).isZero();
        assertThat(result.out()).contains("neither the password nor the PIN is in any file");
    }

    @Test
    void pinIsInNoMessage() throws Exception {
        Result absent = create("pkcs11:token=one;object=absent");
        assertThat(absent.exit()).isEqualTo(1);
        assertThat(absent.err())
                .contains("KMS_DENIED", "no key labelled 'absent'")
                .doesNotContain(PIN);
    }
}
