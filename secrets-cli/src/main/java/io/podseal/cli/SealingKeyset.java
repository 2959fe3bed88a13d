// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.SecretSealer;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The keyset to seal with, unwrapped only once everything else is in order. */
final class SealingKeyset {
    @Option(
            names = "--keyset",
            required = true,
            paramLabel = "<file>",
            description = "The keyset document, wrapped or public; a public one needs no KEK.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private final KeyAccess access = new KeyAccess();

    KeysetFile read() {
        return KeysetFile.read(file);
    }

    SecretSealer sealer(KeysetFile keyset) {
        if (keyset instanceof KeysetFile.Public open) {
            access.requireFingerprint(open.keyset().fingerprint());
            return open.keyset().sealer();
        }
        return access.unwrap(((KeysetFile.Wrapped) keyset).document()).sealer();
    }
}
