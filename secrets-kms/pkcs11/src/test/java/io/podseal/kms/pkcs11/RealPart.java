// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Programs and libraries of the system that these tests use: without them they are skipped, and fail under CI=true. */
final class RealPart {
    private static final List<Path> LIBRARIES =
            List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"), Path.of("/usr/local/lib"));

    private RealPart() {}

    /** A library that is installed somewhere below the usual places. */
    static Path library(String name, String... packages) {
        for (Path root : LIBRARIES) {
            try (Stream<Path> files = Files.find(
                    root, 3, (path, is) -> path.getFileName().toString().equals(name), FileVisitOption.FOLLOW_LINKS)) {
                Path found = files.sorted().findFirst().orElse(null);
                if (found != null) {
                    return found;
                }
            } catch (IOException | UncheckedIOException notThere) {
                // the next root
            }
        }
        return missing(name, packages);
    }

    /** Refuses to go on without a program. */
    static void program(String name, String... packages) {
        if (Stream.of(System.getenv("PATH").split(":"))
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, name)))) {
            missing(name, packages);
        }
    }

    private static Path missing(String name, String... packages) {
        String remedy = "There is no " + name + ": install " + String.join(", ", packages) + " (Debian's names).";
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(remedy);
        }
        Assumptions.abort(remedy);
        throw new AssertionError("unreachable");
    }

    /** Runs a program to its end, and gives what it printed. */
    static String run(Map<String, String> environment, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command[0] + " failed:\n" + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An empty folder. */
    static Path emptyFolder(Path folder) {
        try {
            if (Files.exists(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
