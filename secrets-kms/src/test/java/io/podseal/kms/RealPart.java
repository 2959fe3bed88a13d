// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.testkit.MissingPart;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs and libraries that these tests use in the place of an imitation: a test is skipped where one is missing, and fails under CI=true. */
public final class RealPart {
    private static final List<Path> LIBRARIES =
            List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"), Path.of("/usr/local/lib"));

    private static final String SUPERVISION = "\"$@\" </dev/null 2>&1 & read -r _; kill -9 $!";

    private RealPart() {}

    /** A library that is installed somewhere below the usual places. */
    public static Path library(String name, String... packages) {
        return LIBRARIES.stream()
                .flatMap(root -> below(root, name))
                .findFirst()
                .orElseThrow(() -> missing(name, debian(packages)));
    }

    private static Stream<Path> below(Path root, String name) {
        try (Stream<Path> files = Files.find(
                root, 3, (path, is) -> path.getFileName().toString().equals(name), FileVisitOption.FOLLOW_LINKS)) {
            return files.sorted().toList().stream();
        } catch (IOException | UncheckedIOException notThere) {
            return Stream.empty();
        }
    }

    /** A program of the system. */
    public static Path program(String name, String... packages) {
        return first(name, onPath()).orElseThrow(() -> missing(name, debian(packages)));
    }

    /** A program that {@code .ci/<part>} installs into the user's cache folder, where it is not the system's own. */
    public static Path cached(String part, String name) {
        String cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .orElse(System.getProperty("user.home") + "/.cache");
        return first(name, Stream.concat(Stream.of(Path.of(cache, "podseal-tests", part, "bin")), onPath()))
                .orElseThrow(() -> missing(name, "run .ci/" + part));
    }

    private static Stream<Path> onPath() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
    }

    private static Optional<Path> first(String name, Stream<Path> folders) {
        return folders.map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String debian(String... packages) {
        return "install " + String.join(", ", packages) + " (Debian's names)";
    }

    private static AssertionError missing(String name, String remedy) {
        MissingPart.abort("There is no " + name + ": " + remedy + ".");
        return new AssertionError("unreachable");
    }

    /** A program that ends with this JVM, however that ends: the shell waits for the end of its input. Hold the process. */
    public static ProcessBuilder server(String... command) {
        List<String> supervised = new ArrayList<>(List.of("/bin/sh", "-c", SUPERVISION, "sh"));
        supervised.addAll(List.of(command));
        return new ProcessBuilder(supervised);
    }

    /** Runs a program to its end, and gives what it printed. */
    public static String run(Map<String, String> environment, String... command) {
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
}
