// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.podseal.ErrorCode;
import io.podseal.Scope;
import io.podseal.SecretSealer;
import io.podseal.cli.manifest.Manifest;
import io.podseal.cli.manifest.SealingPlan;
import io.podseal.keyset.EncryptedKeyset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code podseal seal}. */
@Command(
        name = "seal",
        description = "Seals a value, or every value of a manifest's Secrets, for the keyset's account.")
final class Seal implements Callable<Integer> {
    @Mixin
    private final SealingKeyset sealing = new SealingKeyset();

    @Option(
            names = "--item",
            paramLabel = "<secret>/<key>",
            description = "The one item that the value is for; inline/<property> for an application's property.")
    private Word.@Nullable Item item;

    @Option(names = "--account-bound", description = "For any item of the account: where names are not fixed.")
    private boolean accountBound;

    @Option(names = "--in", paramLabel = "<file>", description = "The value; default is standard input.")
    private @Nullable Path in;

    @Option(
            names = "-f",
            paramLabel = "<manifest>",
            description = "Seal the Secrets of this file; '-' is standard input. Everything else in it stays as it is.")
    private @Nullable Path manifest;

    @Option(
            names = "--with-keyset",
            paramLabel = "<file>",
            description = "With -f: add this wrapped keyset document to the Secret.")
    private @Nullable Path withKeyset;

    @Option(
            names = "--strip-last-applied",
            description = "With -f: remove the annotation in which kubectl apply keeps the old values.")
    private boolean stripLastApplied;

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
        requireOneTask();
        Consumer<byte[]> result = result();
        KeysetFile keyset = sealing.read();
        result.accept(manifest == null ? token(keyset) : manifest(manifest, keyset));
        return 0;
    }

    private void requireOneTask() {
        if (manifest != null && (item != null || in != null)) {
            throw wrong("-f takes names and values from the manifest: leave --item and --in away");
        }
        if (manifest == null && (withKeyset != null || stripLastApplied)) {
            throw wrong("--with-keyset and --strip-last-applied belong to -f <manifest>");
        }
        if (manifest == null && accountBound == (item != null)) {
            throw wrong("give one of --item <secret>/<key>, --account-bound and -f <manifest>");
        }
    }

    /** Where the result goes; refused now if it cannot. */
    private Consumer<byte[]> result() {
        return out == null ? streams::result : Output.to(out, force)::write;
    }

    private byte[] token(KeysetFile keyset) {
        Scope scope = item == null ? Scope.accountBound(keyset.identity()) : item.scope(keyset.identity());
        SecretSealer sealer = sealing.sealer(keyset);
        byte[] value = Value.read(in, streams);
        try {
            return (sealer.seal(scope, value).token() + "\n").getBytes(US_ASCII);
        } finally {
            Arrays.fill(value, (byte) 0);
        }
    }

    private byte[] manifest(Path file, KeysetFile keyset) {
        Manifest read = Manifest.parse(Input.read(file, Manifest.MAX_BYTES, "the manifest", streams));
        Manifest stripped = stripLastApplied ? read.withoutLastApplied() : read;
        Manifest complete = withKeyset == null ? stripped : stripped.withKeyset(document(withKeyset, keyset));
        SealingPlan plan = complete.plan(keyset.identity(), accountBound);
        Manifest sealed = plan.seal(sealing.sealer(keyset));
        if (!plan.withLineFeed().isEmpty()) {
            streams.note("sealed with the line feed at its end: " + String.join(", ", plan.withLineFeed())
                    + "; write '|-' instead of '|' where none is meant");
        }
        sealed.tooLargeForClientSideApply()
                .forEach(secret -> streams.note(secret
                        + " is over 256 KiB: only server-side apply takes it (kubectl apply" + " --server-side)"));
        return sealed.toBytes();
    }

    private static EncryptedKeyset document(Path file, KeysetFile keyset) {
        EncryptedKeyset document = KeysetFile.readWrapped(file);
        if (!document.identity().equals(keyset.identity())) {
            throw ErrorCode.CONTEXT_MISMATCH.because("--with-keyset is the keyset of " + document.identity()
                    + ", and --keyset that of " + keyset.identity() + "; give two documents of one account");
        }
        return document;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
