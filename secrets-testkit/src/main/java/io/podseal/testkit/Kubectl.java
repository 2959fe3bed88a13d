// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command {@code kubectl}, with nothing of the user's own settings. */
record Kubectl(Path program, Path kubeconfig, Path home) {
    /** What it prints. */
    String run(String input, List<String> arguments) {
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException("there is no program " + program + "; put kubectl beside kube-apiserver");
        }
        List<String> command = new ArrayList<>(List.of(program.toString(), "--kubeconfig=" + kubeconfig));
        command.addAll(arguments);
        try {
            Path in = Files.createTempFile(home, "kubectl", ".in");
            Path errors = Files.createTempFile(home, "kubectl", ".err");
            Files.writeString(in, input);
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectInput(in.toFile()).redirectError(errors.toFile());
            builder.environment().clear();
            builder.environment().put("HOME", home.toString());
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            int code = process.waitFor();
            String error = Files.readString(errors);
            Files.delete(in);
            Files.delete(errors);
            if (code != 0) {
                throw new IllegalStateException("kubectl " + arguments.get(0) + " ended with " + code + ": " + error);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kubectl was running", e);
        }
    }
}
