// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.keyset.KekUri;
import io.podseal.keyset.LocalKms;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podseal kek create}. */
@Command(name = "create", description = "Makes the KEK file of a local-kms: URI, for development and tests only.")
final class KekCreate implements Callable<Integer> {
    @Parameters(paramLabel = "local-kms:<absolute path>", description = "The KEK to make; its file gets mode 0600.")
    @SuppressWarnings("NullAway.Init")
    private Kek kek;

    @Option(names = "--force", description = "Overwrite a KEK: what it wrapped is then lost.")
    private boolean force;

    @Override
    public Integer call() {
        if (kek.kind() != KekUri.LOCAL) {
            throw ErrorCode.CONFIGURATION.because(
                    "podseal makes local-kms: KEKs only; make a key of a real KMS with its"
                            + " provider's own tools, then name its URI with --kek");
        }
        Output.to(Path.of(kek.uri().substring("local-kms:".length())), force).write(LocalKms::createKek);
        return 0;
    }
}
