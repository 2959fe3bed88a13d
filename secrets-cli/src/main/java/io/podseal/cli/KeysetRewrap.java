// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code podseal keyset rewrap}. */
@Command(name = "rewrap", description = "Wraps the same keys for these recipients instead.")
final class KeysetRewrap implements Callable<Integer> {
    @Mixin
    private final KeysetEdit edit = new KeysetEdit();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "<uri>",
            description = "A KEK to wrap for; may be repeated, up to eight.")
    @SuppressWarnings("NullAway.Init")
    private List<Kek> recipients;

    private final Streams streams;

    KeysetRewrap(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        edit.rewrap(streams, recipients);
        return 0;
    }
}
