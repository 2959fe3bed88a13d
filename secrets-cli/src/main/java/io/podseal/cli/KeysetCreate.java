// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code podseal keyset create}. */
@Command(name = "create", description = "Makes a keyset document with one fresh key, and prints its fingerprint.")
final class KeysetCreate implements Callable<Integer> {
    @Mixin
    private final IdentityOptions account = new IdentityOptions();

    @Option(
            names = "--type",
            paramLabel = "<type>",
            defaultValue = "aes256-gcm",
            description = "aes256-gcm (default), aes128-gcm, xaes256-gcm, aes256-ctr-hmac, hpke-x25519 or hpke-xwing.")
    @SuppressWarnings("NullAway.Init")
    private KeyType type;

    @Option(
            names = "--kek",
            required = true,
            paramLabel = "<uri>",
            description = "A KEK to wrap the keyset for; may be repeated, up to eight.")
    @SuppressWarnings("NullAway.Init")
    private List<Kek> keks;

    @Option(names = "--out", required = true, paramLabel = "<file>", description = "The keyset document to write.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Mixin
    private final PublicOut publicOut = new PublicOut();

    @Option(names = "--force", description = "Overwrite the output files.")
    private boolean force;

    private final Streams streams;

    KeysetCreate(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        publicOut.requireHybrid(type);
        publicOut.requireFree(out, force);
        Output document = Output.to(out, force);
        Keks wrapping = Kek.keks(Kek.located(keks, streams));
        Conscrypt.installFor(type);
        TrustedKeyset keyset = Keysets.create(account.identity(), type);
        document.write(Keysets.wrap(keyset, wrapping).toJson());
        publicOut.write(keyset, force);
        streams.result(keyset.fingerprint() + "\n");
        return 0;
    }
}
