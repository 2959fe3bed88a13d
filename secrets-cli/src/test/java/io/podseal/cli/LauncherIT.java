// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built distribution as a user runs it, on the Java that runs this test. */
class LauncherIT {
    private static final Path BUILT = Path.of(System.getProperty("podseal.distribution", "target/podseal"));

    private static final String AWS_KEK = "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/1";

    @TempDir
    private Path folder;

    private Path home;
    private String kek;

    private record Result(int exit, String out, String err) {
        String done() {
            assertThat(exit).as(err).isZero();
            return out;
        }
    }

    @TempDir
    private static Path shared;

    /** With the archive of a first run; for what is not about first runs. */
    @BeforeAll
    static void installOnce() throws IOException {
        copyTo(shared.resolve("podseal"));
    }

    @BeforeEach
    void useShared() {
        home = shared.resolve("podseal");
        kek = "local-kms:" + folder.resolve("kek.json");
    }

    /** A fresh installation, in a place with a space in its name. */
    private void install() throws IOException {
        home = folder.resolve("in stalled/podseal");
        copyTo(home);
    }

    private static void copyTo(Path home) throws IOException {
        for (String part : new String[] {"bin", "lib", "lib/kms"}) {
            Files.createDirectories(home.resolve(part));
            try (Stream<Path> files = Files.list(BUILT.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = home.resolve(part).resolve(file.getFileName());
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private ProcessBuilder podseal(String... arguments) {
        return command(home.resolve("bin/podseal").toString(), arguments);
    }

    private ProcessBuilder command(String program, String... arguments) {
        List<String> words = new ArrayList<>(List.of(program));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("JAVA_TOOL") || name.startsWith("JDK_JAVA"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("XDG_CACHE_HOME", folder.resolve("xdg").toString());
        return builder;
    }

    private Result run(String input, ProcessBuilder builder) {
        try {
            Path out = Files.createTempFile(folder, "run", ".out");
            Path err = Files.createTempFile(folder, "run", ".err");
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().write(input.getBytes(UTF_8));
            process.getOutputStream().close();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private List<Path> archives(Path cache) throws IOException {
        if (!Files.exists(cache)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(cache)) {
            return files.toList();
        }
    }

    private void makeKeyset() {
        run("", podseal("kek", "create", kek)).done();
        run("", podseal("keyset", "create", "--identity", "payments/api", "--kek", kek, "--out", "k"))
                .done();
    }

    private String seal() {
        return run("hunter2", podseal("seal", "--keyset", "k", "--kek", kek, "--item", "db/password"))
                .done();
    }

    private Result open(String token) {
        return run(token, podseal("open", "--keyset", "k", "--kek", kek, "--identity", "payments/api"));
    }

    @Test
    void firstAndLaterRunsGiveResultsOnlyOnStandardOutput() throws IOException {
        install();
        Result created = run("", podseal("kek", "create", kek));
        assertThat(created).isEqualTo(new Result(0, "", ""));
        assertThat(archives(home.resolve("cache")))
                .hasSize(1)
                .allMatch(file -> file.toString().endsWith(".jsa"));
        Result keyset = run("", podseal("keyset", "create", "--identity", "payments/api", "--kek", kek, "--out", "k"));
        assertThat(keyset.out()).matches("sha256:[-_A-Za-z0-9]{43}\n");
        assertThat(keyset.err()).isEmpty();
        String token = seal();
        assertThat(token).matches("podseal:v1:payments/api/db/password:[-_A-Za-z0-9]+\n");
        assertThat(open(token)).isEqualTo(new Result(0, "hunter2", ""));
        assertThat(archives(home.resolve("cache"))).hasSize(1);
        assertThat(archives(folder.resolve("xdg"))).isEmpty();
    }

    @Test
    void clientsWithAnSdkAreStartedOnlyWhereAKekOfTheirsIsNamed() throws IOException {
        install();
        makeKeyset();
        assertThat(archives(home.resolve("cache"))).hasSize(1);
        ProcessBuilder create =
                podseal("keyset", "create", "--identity", "payments/api", "--kek", AWS_KEK, "--out", "a");
        create.environment().put("PODSEAL_KMS_AWS_ENDPOINT", "http://127.0.0.1:1");
        create.environment().put("AWS_ACCESS_KEY_ID", "none");
        create.environment().put("AWS_SECRET_ACCESS_KEY", "none");
        for (int run = 0; run < 2; run++) {
            Result refused = run("", create);
            assertThat(refused.exit()).isOne();
            assertThat(refused.err()).startsWith("podseal: KMS_UNAVAILABLE: ").hasLineCount(1);
            assertThat(archives(home.resolve("cache"))).hasSize(2);
        }
        assertThat(open(seal())).isEqualTo(new Result(0, "hunter2", ""));
        assertThat(archives(home.resolve("cache"))).hasSize(2);
    }

    @Test
    void clientThatIsNotThereIsNamed() throws IOException {
        install();
        try (Stream<Path> clients = Files.list(home.resolve("lib/kms"))) {
            for (Path client : clients.toList()) {
                Files.delete(client);
            }
        }
        assertThat(run("", podseal("keyset", "create", "--identity", "a/b", "--kek", AWS_KEK, "--out", "a"))
                        .err())
                .startsWith("podseal: CONFIGURATION: ")
                .contains("io.podseal:podseal-kms-aws is not bundled with it");
    }

    @Test
    void noJarLiesTwiceInTheDistribution() throws IOException {
        Set<String> names = new HashSet<>();
        try (Stream<Path> files = Files.walk(BUILT.resolve("lib"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".jar")))
                    .allMatch(file -> names.add(file.getFileName().toString()));
        }
        assertThat(names).anyMatch(name -> name.startsWith("podseal-kms-gcp-"));
    }

    @Test
    void exitCodesReachTheShell() {
        assertThat(run("", podseal("seal"))).satisfies(wrong -> {
            assertThat(wrong.exit()).isEqualTo(2);
            assertThat(wrong.out()).isEmpty();
            assertThat(wrong.err()).startsWith("podseal: CONFIGURATION: ").hasLineCount(1);
        });
        assertThat(run("x", podseal("inspect"))).satisfies(refused -> {
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.out()).isEmpty();
            assertThat(refused.err()).startsWith("podseal: FORMAT: ").hasLineCount(1);
        });
    }

    @Test
    void postQuantumKeysWork() {
        makeKeyset();
        run(
                        "",
                        podseal(
                                "keyset",
                                "create",
                                "--identity",
                                "payments/api",
                                "--type",
                                "hpke-xwing",
                                "--kek",
                                kek,
                                "--out",
                                "k",
                                "--force"))
                .done();
        assertThat(open(seal())).isEqualTo(new Result(0, "hunter2", ""));
    }

    @Test
    void startsThroughLinksFromAnywhere() throws IOException {
        install();
        Path bin = Files.createDirectories(folder.resolve("usr/bin"));
        Path opt = Files.createSymbolicLink(folder.resolve("opt"), folder.resolve("in stalled"));
        Files.createSymbolicLink(bin.resolve("ps"), Path.of("../../opt/podseal/bin/podseal"));
        Files.createSymbolicLink(bin.resolve("podseal"), Path.of("ps"));
        assertThat(run("", command(bin.resolve("podseal").toString(), "--version"))
                        .done())
                .startsWith("podseal ");
        assertThat(run("", command(opt.resolve("podseal/bin/podseal").toString(), "--version"))
                        .done())
                .startsWith("podseal ");
        ProcessBuilder onPath = command("/bin/sh", "-c", "podseal --version");
        onPath.environment().merge("PATH", bin.toString(), (path, own) -> own + ":" + path);
        assertThat(run("", onPath).done()).startsWith("podseal ");
        ProcessBuilder relative = command("/bin/sh", "-c", "cd usr/bin && ./podseal --version && sh podseal --version");
        assertThat(run("", relative).done()).hasLineCount(2);
    }

    @Test
    void cutShortArchiveIsMadeAnew() throws IOException {
        install();
        makeKeyset();
        Path archive = archives(home.resolve("cache")).get(0);
        Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-r--r--"));
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThat(open(seal())).isEqualTo(new Result(0, "hunter2", ""));
        assertThat(archives(home.resolve("cache"))).hasSize(1);
    }

    @Test
    void unusableArchiveIsPassedOverInSilence() throws IOException {
        install();
        makeKeyset();
        Path archive = archives(home.resolve("cache")).get(0);
        Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-r--r--"));
        Files.write(archive, new byte[(int) Files.size(archive)]);
        assertThat(open(seal())).isEqualTo(new Result(0, "hunter2", ""));
        Files.writeString(archive, "x", StandardOpenOption.APPEND);
        assertThat(open(seal())).isEqualTo(new Result(0, "hunter2", ""));
    }

    @Test
    void archiveOfOtherJarsIsNotUsed() throws IOException {
        install();
        makeKeyset();
        List<Path> before = archives(home.resolve("cache"));
        Files.writeString(home.resolve("lib/build-id"), "another build\n");
        assertThat(open(seal()).done()).isEqualTo("hunter2");
        assertThat(archives(home.resolve("cache"))).hasSize(2).containsAll(before);
    }

    @Test
    void movedDistributionStillWorks() throws IOException {
        install();
        makeKeyset();
        Path moved = folder.resolve("moved");
        Files.move(home, moved);
        home = moved;
        assertThat(open(seal())).isEqualTo(new Result(0, "hunter2", ""));
    }

    @Test
    void runsThatStartTogetherDoNotDisturbEachOther() throws Exception {
        install();
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(podseal("kek", "create", "local-kms:" + folder.resolve("kek" + i))
                    .start());
        }
        for (Process process : all) {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(process.getInputStream().readAllBytes()).isEmpty();
            assertThat(process.getErrorStream().readAllBytes()).isEmpty();
        }
        assertThat(archives(home.resolve("cache"))).hasSize(1);
        makeKeyset();
        assertThat(open(seal())).isEqualTo(new Result(0, "hunter2", ""));
    }

    @Test
    void fileNamesMayBeOfAnyLanguage() {
        makeKeyset();
        ProcessBuilder plain =
                podseal("keyset", "create", "--identity", "payments/api", "--kek", kek, "--out", "schlüssel");
        plain.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        run("", plain).done();
        assertThat(folder.resolve("schlüssel")).exists();
    }

    @Test
    void localKekWorksInAClusterToo() {
        makeKeyset();
        ProcessBuilder inPod = podseal("seal", "--keyset", "k", "--kek", kek, "--item", "db/password");
        inPod.environment().put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
        assertThat(run("hunter2", inPod).done()).startsWith("podseal:v1:");
    }

    @Test
    void missingJavaIsNamed() {
        ProcessBuilder wrong = podseal("--version");
        wrong.environment().put("JAVA_HOME", folder.toString());
        assertThat(run("", wrong)).satisfies(result -> {
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .startsWith("podseal: CONFIGURATION: JAVA_HOME is ")
                    .hasLineCount(1);
        });
    }

    @Test
    void olderJavaIsNamed() throws IOException {
        for (String version : new String[] {"1.8.0_402", "11.0.22", "16"}) {
            Path java =
                    Files.createDirectories(folder.resolve(version + "/bin")).resolve("java");
            Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"" + version + "\" 2024-01-16' >&2\n");
            Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
            ProcessBuilder old = podseal("--version");
            old.environment().put("JAVA_HOME", folder.resolve(version).toString());
            Result result = run("", old);
            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err()).contains("older than Java 17").hasLineCount(1);
        }
    }

    @Test
    void valueIsInNoArgumentOrVariableOfTheProcess() throws Exception {
        makeKeyset();
        Process sealing = podseal("seal", "--keyset", "k", "--kek", kek, "--item", "db/password")
                .start();
        // It waits for the value: all that it will ever have in arguments and environment is there now.
        String commandLines = sealing.toHandle().info().commandLine().orElse("")
                + sealing.descendants()
                        .map(child -> child.info().commandLine().orElse(""))
                        .toList();
        sealing.getOutputStream().write("hunter2".getBytes(UTF_8));
        sealing.getOutputStream().close();
        assertThat(new String(sealing.getInputStream().readAllBytes(), UTF_8)).startsWith("podseal:v1:");
        assertThat(commandLines).contains("seal").doesNotContain("hunter2");
    }
}
