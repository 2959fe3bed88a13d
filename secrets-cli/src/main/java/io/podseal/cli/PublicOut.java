// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.TrustedKeyset;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The public document beside the wrapped one, of keysets that have public keys. */
final class PublicOut {
    @Option(
            names = "--public-out",
            paramLabel = "<file>",
            description = "With hpke-*: the public document to write; sealing with it needs no KEK.")
    private @Nullable Path file;

    /** Refuses before any work what could not be written after it. */
    void requireFree(Path document, boolean force) {
        if (file == null) {
            return;
        }
        if (file.toAbsolutePath().normalize().equals(document.toAbsolutePath().normalize())) {
            throw ErrorCode.CONFIGURATION.because("--public-out names the keyset document itself; choose another file");
        }
        Output.to(file, force);
    }

    void requireHybrid(KeyType type) {
        if (file != null && !type.isHybrid()) {
            throw ErrorCode.CONFIGURATION.because(
                    "--public-out needs a keyset of type hpke-x25519 or hpke-xwing, this is " + type.typeName()
                            + "; leave the option away");
        }
    }

    void write(TrustedKeyset keyset, boolean force) {
        if (file != null) {
            Output.to(file, force).write(keyset.publicKeyset().toJson());
        }
    }
}
