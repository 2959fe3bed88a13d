// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** An application in a process of its own, because a process cannot set its own environment variables. */
final class ChildMain {
    private ChildMain() {}

    public static void main(String[] args) {
        try (var context = Starts.start(Starts.Empty.class, args)) {
            String value = Objects.requireNonNull(context.getEnvironment().getProperty("db.password"));
            System.out.println("db.password has " + value.length() + " characters");
        }
    }

    static Process start(String variable, String value, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ChildMain.class.getName()));
        command.addAll(List.of(args));
        ProcessBuilder child = new ProcessBuilder(command).redirectErrorStream(true);
        child.environment().put(variable, value);
        return child.start();
    }
}
