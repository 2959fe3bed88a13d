// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code podseal print admission-policy}. */
@Command(
        name = "admission-policy",
        description = "Prints the ValidatingAdmissionPolicy and its binding that keep unsealed Secrets out.")
final class PrintAdmissionPolicy implements Callable<Integer> {
    private final Streams streams;

    PrintAdmissionPolicy(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        try (InputStream policy = PrintAdmissionPolicy.class.getResourceAsStream("admission-policy.yaml")) {
            streams.result(
                    Objects.requireNonNull(policy, "admission-policy.yaml").readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return 0;
    }
}
