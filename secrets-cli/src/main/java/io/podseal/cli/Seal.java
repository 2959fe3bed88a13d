// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretSealer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code podseal seal}. */
@Command(name = "seal", description = "Seals a value, or every Secret of a manifest, for the keyset's account.")
final class Seal implements Callable<Integer> {
    @Mixin
    private final Sealing sealing = new Sealing();

    @Option(
            names = "--item",
            paramLabel = "<secret>/<key>",
            description = "The one item that the value is for; inline/<property> for an application property.")
    private Word.@Nullable Item item;

    @Option(names = "--account-bound", description = "Usable in every item of the account: for names that are not fixed.")
    private boolean accountBound;

    @Option(names = "--in", paramLabel = "<file>", description = "The value; default is standard input.")
    private @Nullable Path in;

    @Option(names = "--out", paramLabel = "<file>", description = "Where to write; default is standard output.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Overwrite the output file.")
    private boolean force;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private final Streams streams;

    Seal(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        if (accountBound == (item != null)) {
            throw wrong("give --item <secret>/<key>, --account-bound, or -f <manifest>");
        }
        KeysetFile keyset = sealing.read();
        Scope scope = item == null ? Scope.accountBound(keyset.identity()) : item.scope(keyset.identity());
        Output output = out == null ? null : Output.to(out, force);
        SecretSealer sealer = sealing.sealer(keyset);
        byte[] value = Value.read(in, streams);
        SealedValue sealed;
        try {
            sealed = sealer.seal(scope, value);
        } finally {
            Arrays.fill(value, (byte) 0);
        }
        String token = sealed.token() + "\n";
        if (output == null) {
            streams.result(token);
        } else {
            output.write(token.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        return 0;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
