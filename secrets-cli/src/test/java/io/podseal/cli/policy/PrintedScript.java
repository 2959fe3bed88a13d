// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What is printed, run by a shell in a folder of its own with commands that do nothing but note what they were told. */
final class PrintedScript {
    static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");

    private static final List<String> COMMANDS =
            List.of("aws", "gcloud", "az", "vault", "pkcs11-tool", "chown", "chmod");
    private static final String NOTE =
            "#!/bin/sh\nfor word in \"${0##*/}\" \"$@\"; do printf '%s\\0' \"$word\"; done >>\"$NOTES\"\n"
                    + "printf '\\n' >>\"$NOTES\"\n";

    private final Path folder;
    private final List<List<String>> commands;

    private PrintedScript(Path folder, List<List<String>> commands) {
        this.folder = folder;
        this.commands = commands;
    }

    static String both(String kek) {
        return new Grant(kek, API, true, true).text();
    }

    /** The same with what is commented out as an alternative. */
    static String withAlternative(String script) {
        return Arrays.stream(script.split("\n\n"))
                .map(part -> part.matches("(?s)# (cat >|accessor=).*") ? part.replaceAll("(?m)^# ", "") : part)
                .collect(Collectors.joining("\n\n"));
    }

    /** Runs it below that folder. */
    static PrintedScript run(Path parent, String script) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(parent, "run");
        Path bin = Files.createDirectory(folder.resolve("bin"));
        for (String command : COMMANDS) {
            Files.setPosixFilePermissions(
                    Files.writeString(bin.resolve(command), NOTE), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path notes = Files.createFile(folder.resolve("notes"));
        ProcessBuilder builder = new ProcessBuilder("sh", "-eu", "-c", script)
                .directory(Files.createDirectory(folder.resolve("work")).toFile())
                .redirectErrorStream(true);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        builder.environment().put("NOTES", notes.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).isEmpty();
        List<List<String>> commands = Arrays.stream(Files.readString(notes).split("\0\n"))
                .map(line -> Arrays.asList(line.split("\0", -1)))
                .toList();
        return new PrintedScript(folder.resolve("work"), commands);
    }

    /** The commands that ran, each with its words. */
    List<List<String>> commands() {
        return commands;
    }

    /** The value behind an option of a command. */
    static String option(List<String> command, String name) {
        return command.get(command.indexOf(name) + 1);
    }

    /** A file that it wrote. */
    String file(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    /** The names of all files that it wrote. */
    List<String> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
