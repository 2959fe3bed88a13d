// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Another process, with an environment of its own, and what it says. */
final class ChildJvm {
    private ChildJvm() {}

    /**
     * Runs to its end.
     *
     * @param environment all that it has
     * @param jars which part of this class path it has
     * @param arguments options, main class and arguments
     */
    static String run(Map<String, String> environment, Predicate<String> jars, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                Arrays.stream(System.getProperty("java.class.path").split(":"))
                        .filter(jars)
                        .collect(Collectors.joining(":"))));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var output = process.inputReader()) {
            return output.lines().collect(Collectors.joining("\n"));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
