// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.SecretSealer;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Opens with the one key that a token names. Tink's own keyset primitive tries every key whose prefix fits and gives one
 * error for all; here an unknown key, a wrong size and a refused decryption stay apart.
 */
final class KeysetOpener implements SecretOpener {
    private final ServiceAccount identity;
    private final boolean symmetricOnly;
    private final Map<Long, OpeningKey> keys;

    private KeysetOpener(ServiceAccount identity, boolean symmetricOnly, Map<Long, OpeningKey> keys) {
        this.identity = identity;
        this.symmetricOnly = symmetricOnly;
        this.keys = keys;
    }

    private record OpeningKey(
            KeysetHandle.Entry entry, KeyType type, boolean enabled, SealedValue.Decryption primitive) {
        OpeningKey merge(OpeningKey other) {
            if (!entry.getKey().equalsKey(other.entry.getKey())) {
                throw ErrorCode.KEYSET_POLICY.because("the key id " + Integer.toUnsignedLong(entry.getId())
                        + " stands for two different keys in two keyset documents; remove one of the documents");
            }
            return enabled ? other : this;
        }
    }

    static KeysetOpener of(Collection<TrustedKeyset> keysets, boolean symmetricOnly) {
        ServiceAccount identity = keysets.iterator().next().identity();
        Map<Long, OpeningKey> keys = new HashMap<>();
        for (TrustedKeyset keyset : keysets) {
            if (!keyset.identity().equals(identity)) {
                throw new IllegalArgumentException("keysets of two identities: " + identity + ", " + keyset.identity());
            }
            for (int i = 0; i < keyset.handle().size(); i++) {
                KeysetHandle.Entry entry = keyset.handle().getAt(i);
                keys.merge(Integer.toUnsignedLong(entry.getId()), openingKey(entry), OpeningKey::merge);
            }
        }
        return new KeysetOpener(identity, symmetricOnly, Map.copyOf(keys));
    }

    private static OpeningKey openingKey(KeysetHandle.Entry entry) {
        KeyType type = Objects.requireNonNull(KeyType.of(entry.getKey().getParameters()));
        type.requireAvailable();
        try {
            KeysetHandle single = KeysetHandle.newBuilder()
                    .setConfiguration(type.configuration())
                    .addEntry(KeysetHandle.importKey(entry.getKey())
                            .withFixedId(entry.getId())
                            .makePrimary())
                    .build();
            return new OpeningKey(entry, type, entry.getStatus() == KeyStatus.ENABLED, primitive(type, single));
        } catch (GeneralSecurityException e) {
            throw ErrorCode.KEYSET_POLICY.because(
                    "key " + Integer.toUnsignedLong(entry.getId()) + " cannot be used", e);
        }
    }

    private static SealedValue.Decryption primitive(KeyType type, KeysetHandle single) throws GeneralSecurityException {
        if (type.isHybrid()) {
            HybridDecrypt decrypt = single.getPrimitive(type.configuration(), HybridDecrypt.class);
            return decrypt::decrypt;
        }
        Aead aead = single.getPrimitive(type.configuration(), Aead.class);
        return aead::decrypt;
    }

    @Override
    public SecretValue open(SealedValue sealed) {
        if (!sealed.scope().belongsTo(identity)) {
            throw ErrorCode.CONTEXT_MISMATCH.because(
                    "sealed for " + sealed.scope().namespace() + "/"
                            + sealed.scope().serviceAccount() + ", running as " + identity.namespacedName()
                            + "; seal it for this account, or run as the one it was sealed for");
        }
        OpeningKey key = keys.get(sealed.keyId());
        if (key == null || !key.enabled()) {
            throw unknownKey(sealed, key != null);
        }
        int contentBytes = sealed.payloadBytes() - key.type().minPayloadBytes();
        if (contentBytes < 0 || contentBytes > SecretSealer.MAX_PLAINTEXT_BYTES) {
            throw ErrorCode.SIZE.because(
                    "a payload under a key of type " + key.type().typeName() + " has "
                            + key.type().minPayloadBytes() + " to "
                            + (key.type().minPayloadBytes() + SecretSealer.MAX_PLAINTEXT_BYTES) + " bytes, this has "
                            + sealed.payloadBytes() + "; the token seems cut short, or joined with another");
        }
        if (symmetricOnly && key.type().isHybrid()) {
            throw ErrorCode.KEYSET_POLICY.because("sealed with a public keyset (key " + sealed.keyId()
                    + "), and this application accepts symmetric keys only (podseal.accept=symmetric); seal it with a"
                    + " symmetric keyset");
        }
        return SecretValue.owning(sealed.decrypt(key.primitive()));
    }

    private PodsealException unknownKey(SealedValue sealed, boolean disabled) {
        return ErrorCode.UNKNOWN_KEY.because("sealed with key " + sealed.keyId() + ", which "
                + (disabled ? "is disabled in a keyset document of " : "is in no keyset document of ")
                + identity.namespacedName() + "; deliver the keyset document that has it, or seal the value again");
    }
}
