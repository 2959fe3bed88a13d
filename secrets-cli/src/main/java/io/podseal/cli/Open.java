// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.cli.manifest.Manifest;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.TrustedKeyset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code podseal open}. */
@Command(name = "open", description = "Opens a token from standard input, or an item of a manifest.")
final class Open implements Callable<Integer> {
    @Option(
            names = "--keyset",
            required = true,
            paramLabel = "<file>",
            description = "A wrapped keyset document; may be repeated.")
    @SuppressWarnings("NullAway.Init")
    private List<Path> keysets;

    @Mixin
    private final KeyAccess access = new KeyAccess();

    @Mixin
    private final IdentityOptions account = new IdentityOptions();

    @Option(names = "--item", paramLabel = "<secret>/<key>", description = "What the token must be sealed for.")
    private Word.@Nullable Item item;

    @Option(names = "-f", paramLabel = "<manifest>", description = "Open an item of this file; '-' is standard input.")
    private @Nullable Path manifest;

    @Option(names = "--secret", paramLabel = "<name>", description = "With -f: which Secret, where there are several.")
    private Word.@Nullable ObjectName secret;

    @Option(names = "--key", paramLabel = "<key>", description = "With -f: which item.")
    private Word.@Nullable ItemKey key;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private final Streams streams;

    Open(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        requireOneTask();
        ServiceAccount identity = account.identity();
        List<EncryptedKeyset> documents =
                keysets.stream().map(KeysetFile::readWrapped).toList();
        SealedValue sealed = manifest == null ? fromStandardInput(identity) : fromManifest(manifest, identity);
        SecretOpener opener = TrustedKeyset.opener(access.unwrap(identity, documents), false);
        try (SecretValue value = opener.open(sealed)) {
            byte[] plaintext = value.revealBytes();
            try {
                streams.result(plaintext);
            } finally {
                Arrays.fill(plaintext, (byte) 0);
            }
        }
        return 0;
    }

    private void requireOneTask() {
        if (manifest == null && (secret != null || key != null)) {
            throw new ParameterException(spec.commandLine(), "--secret and --key belong to -f <manifest>");
        }
        if (manifest != null && (key == null || item != null)) {
            throw new ParameterException(
                    spec.commandLine(), "-f needs --key <key>, and --secret <name> instead of --item");
        }
    }

    private SealedValue fromManifest(Path file, ServiceAccount identity) {
        Manifest read = Manifest.parse(Input.read(file, Manifest.MAX_BYTES, "the manifest", streams));
        String keyName = key == null ? "" : key.text();
        return read.sealed(secret == null ? null : secret.text(), keyName, identity);
    }

    private SealedValue fromStandardInput(ServiceAccount identity) {
        SealedValue sealed = Token.read(streams);
        Scope scope = sealed.scope();
        if (!scope.belongsTo(identity)) {
            throw mismatch(
                    scope.namespace() + "/" + scope.serviceAccount(),
                    "--identity is " + identity.namespacedName(),
                    "name the account that it was sealed for");
        }
        if (item != null && !scope.equals(item.scope(identity))) {
            throw mismatch(
                    scope.isItemBound() ? scope.secret() + "/" + scope.key() : "the whole account",
                    "--item is " + item.secret() + "/" + item.key(),
                    "take the token of that item, or correct --item");
        }
        return sealed;
    }

    private static PodsealException mismatch(String sealedFor, String given, String remedy) {
        return ErrorCode.CONTEXT_MISMATCH.because("sealed for " + sealedFor + ", and " + given + "; " + remedy);
    }
}
