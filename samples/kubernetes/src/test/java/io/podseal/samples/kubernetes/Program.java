// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Runs commands as a person would, to their end. */
final class Program {
    private Program() {}

    /** The command line of Podseal, as it was built. */
    static String podseal(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("sample.cli")));
        command.addAll(List.of(arguments));
        return output(input, command);
    }

    /**
     * What a command prints.
     *
     * @throws IllegalStateException with its errors, where it fails
     */
    static String output(String input, List<String> command) {
        try {
            Process process = new ProcessBuilder(command).start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " failed: " + errors);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether a command can be run, and succeeds. */
    static boolean works(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
