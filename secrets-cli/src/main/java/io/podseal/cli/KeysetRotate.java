// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code podseal keyset rotate}. */
@Command(
        name = "rotate",
        description = "Adds a fresh key that seals from now on, or with --stage one that only opens yet.")
final class KeysetRotate implements Callable<Integer> {
    @Mixin
    private final KeysetEdit edit = new KeysetEdit();

    @Option(names = "--stage", description = "Readable only, until promoted.")
    private boolean stage;

    private final Streams streams;

    KeysetRotate(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        edit.change(streams, this::rotate);
        return 0;
    }

    private TrustedKeyset rotate(TrustedKeyset keyset) {
        TrustedKeyset added = Keysets.add(keyset);
        return stage
                ? added
                : Keysets.promote(
                        added, added.keys().get(added.keys().size() - 1).id());
    }
}
