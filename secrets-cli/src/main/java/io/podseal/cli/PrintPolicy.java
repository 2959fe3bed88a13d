// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KekUri;
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
        if (kek.kind() != KekUri.LOCAL) {
            throw ErrorCode.CONFIGURATION.because(
                    "the policy of this KEK is printed by " + kek.kind().artifact()
                            + ", which is not bundled with this podseal; use a distribution that has it");
        }
        streams.result(localFile(kek.uri().substring(kek.uri().indexOf(':') + 1), account.identity()));
        return 0;
    }

    private String localFile(String file, ServiceAccount identity) {
        StringBuilder text = new StringBuilder()
                .append("# ")
                .append(kek.uri())
                .append(" (development, demos and tests only)\n")
                .append(
                        "# The file's owner and mode are the whole policy: whoever reads it opens every keyset wrapped with it,\n")
                .append("# of whatever account. podseal refuses a file that group or others may read.\n");
        if (purpose != Purpose.seal) {
            text.append("# open: the process that runs as ")
                    .append(identity)
                    .append(" must own the file,\n")
                    .append("# so give it to the uid of its pod (securityContext.runAsUser).\n");
        }
        if (purpose != Purpose.open) {
            text.append("# seal: whoever seals for ")
                    .append(identity)
                    .append(" with the wrapped keyset must own the file too;\n")
                    .append("# sealing with a public document (hpke-*) needs no right at all.\n");
        }
        String quoted = ShellWord.of(file);
        return text.append("chown <uid> ")
                .append(quoted)
                .append("\nchmod 600 ")
                .append(quoted)
                .append('\n')
                .toString();
    }
}
