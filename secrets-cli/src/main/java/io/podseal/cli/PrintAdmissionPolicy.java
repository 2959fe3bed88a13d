// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.k8s.AdmissionPolicy;
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
        streams.result(AdmissionPolicy.toYaml());
        return 0;
    }
}
