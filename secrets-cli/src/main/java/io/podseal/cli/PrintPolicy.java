// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.cli.policy.Grant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code podseal print policy}. */
@Command(name = "policy", description = "Prints what to grant at the KMS.")
final class PrintPolicy implements Callable<Integer> {
    /** Whose right it is. */
    enum Purpose {
        seal,
        open
    }

    @Option(names = "--kek", required = true, paramLabel = "<uri>", description = "The KEK.")
    @SuppressWarnings("NullAway.Init")
    private Kek kek;

    @Mixin
    private final IdentityOptions account = new IdentityOptions();

    @Option(
            names = "--for",
            paramLabel = "seal|open",
            description = "Only what sealing, or opening, needs; default is both.")
    private @Nullable Purpose purpose;

    private final Streams streams;

    PrintPolicy(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        streams.result(
                new Grant(kek.uri(), account.identity(), purpose != Purpose.seal, purpose != Purpose.open).text());
        return 0;
    }
}
