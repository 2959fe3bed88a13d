// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.TrustedKeyset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code podseal open}. */
@Command(name = "open", description = "Opens a token from standard input or from a manifest.")
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

    private final Streams streams;

    Open(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        ServiceAccount identity = account.identity();
        List<EncryptedKeyset> documents = keysets.stream().map(KeysetFile::readWrapped).toList();
        SealedValue sealed = fromStandardInput(identity);
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

    private SealedValue fromStandardInput(ServiceAccount identity) {

        SealedValue sealed = Token.read(streams);
        Scope scope = sealed.scope();
        if (!scope.belongsTo(identity)) {
            throw ErrorCode.CONTEXT_MISMATCH.because("sealed for " + scope.namespace() + "/" + scope.serviceAccount()
                    + ", and --identity is " + identity.namespacedName() + "; name the account that it was sealed for");
        }
        if (item != null && !scope.equals(item.scope(identity))) {
            throw ErrorCode.CONTEXT_MISMATCH.because("sealed for "
                    + (scope.isItemBound() ? scope.secret() + "/" + scope.key() : "the whole account")
                    + ", and --item is " + item.secret() + "/" + item.key()
                    + "; take the token of that item, or correct --item");
        }
        return sealed;
    }
}
