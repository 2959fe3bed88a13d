// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.keyset.Keysets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code podseal keyset retire}. */
@Command(
        name = "retire",
        description = "Removes a key: what was sealed with it no longer opens. Refused for the primary.")
final class KeysetRetire implements Callable<Integer> {
    @Mixin
    private final KeysetEdit edit = new KeysetEdit();

    @Option(names = "--key", required = true, paramLabel = "<id>", description = "The key.")
    @SuppressWarnings("NullAway.Init")
    private Word.KeyId key;

    private final Streams streams;

    KeysetRetire(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        edit.change(streams, keyset -> Keysets.remove(keyset, key.value()));
        return 0;
    }
}
