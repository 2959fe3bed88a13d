// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import io.podseal.PodsealException;
import io.podseal.SecretOpener;
import io.podseal.SecretSealer;
import io.podseal.ServiceAccount;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A workload's keys in the clear, after the policy has passed them. Whoever holds one can open every value of that account:
 * drop it as soon as the work is done. The keys cannot be read out, printed or serialised; they leave only wrapped, through
 * {@link Keysets#wrap}. Immutable and thread-safe.
 */
public final class TrustedKeyset {
    private final ServiceAccount identity;
    private final KeysetHandle handle;
    private final String fingerprint;

    /** @throws PodsealException {@code KEYSET_POLICY} */
    TrustedKeyset(ServiceAccount identity, KeysetHandle handle) {
        KeysetPolicy.check(handle, false);
        this.identity = identity;
        this.handle = handle;
        this.fingerprint = Fingerprint.of(handle);
    }

    /** Whose keys these are. */
    public ServiceAccount identity() {
        return identity;
    }

    /** The fingerprint of the enabled keys. */
    public String fingerprint() {
        return fingerprint;
    }

    /** The keys in the order of the keyset. */
    public List<KeyInfo> keys() {
        return keys(handle);
    }

    static List<KeyInfo> keys(KeysetHandle handle) {
        return IntStream.range(0, handle.size())
                .mapToObj(handle::getAt)
                .map(entry -> new KeyInfo(
                        Integer.toUnsignedLong(entry.getId()),
                        Objects.requireNonNull(KeyType.of(entry.getKey().getParameters())),
                        entry.getStatus() == KeyStatus.ENABLED,
                        entry.isPrimary()))
                .toList();
    }

    /** The type of the primary key. */
    public KeyType type() {
        return Objects.requireNonNull(KeyType.of(handle.getPrimary().getKey().getParameters()));
    }

    /**
     * An opener for these keys.
     *
     * @throws PodsealException {@code CONFIGURATION} where a key needs a provider that is not installed
     */
    public SecretOpener opener() {
        return opener(List.of(this), false);
    }

    /**
     * An opener for the keys of several documents of one account. The same key in two of them is one key, disabled if any
     * of them says so.
     *
     * @param keysets at least one, all of one identity
     * @param symmetricOnly refuse values sealed with a public key
     * @throws PodsealException {@code KEYSET_POLICY} where one key id stands for two keys, {@code CONFIGURATION} where a key
     *     needs a provider that is not installed
     */
    public static SecretOpener opener(Collection<TrustedKeyset> keysets, boolean symmetricOnly) {
        return KeysetOpener.of(keysets, symmetricOnly);
    }

    /**
     * A sealer under the primary key.
     *
     * @throws PodsealException {@code CONFIGURATION} where the key needs a provider that is not installed
     */
    public SecretSealer sealer() {
        if (type().isHybrid()) {
            return publicKeyset().sealer();
        }
        return KeysetSealer.of(identity, type(), () -> {
            Aead aead = handle.getPrimitive(type().configuration(), Aead.class);
            return aead::encrypt;
        });
    }

    /**
     * The public keys of an HPKE keyset.
     *
     * @throws IllegalStateException for a symmetric keyset
     */
    public PublicKeyset publicKeyset() {
        if (!type().isHybrid()) {
            throw new IllegalStateException("a symmetric keyset has no public keys");
        }
        try {
            return PublicKeyset.of(identity, handle.getPublicKeysetHandle());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HPKE keys have public keys", e);
        }
    }

    KeysetHandle handle() {
        return handle;
    }

    @Override
    public String toString() {
        return "TrustedKeyset[" + identity + ", " + fingerprint + "]";
    }
}
