// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.PrivateKey;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AeadKey;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import com.google.crypto.tink.hybrid.HybridPublicKey;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * What a keyset may hold (specification, section 3). Tink by itself also accepts RAW prefixes, SHA-1, short tags and unknown
 * content, each of which would weaken the binding of a value to its place.
 */
final class KeysetPolicy {
    private static final int MAX_KEYS = 32;

    private KeysetPolicy() {}

    /** Parses an unwrapped keyset, which must be written exactly as Tink writes it; {@link TrustedKeyset} checks what it holds. */
    static KeysetHandle parse(byte[] keyset) {
        KeysetHandle handle;
        byte[] rewritten;
        Configuration configuration = AeadConfig2026.get();
        try {
            try {
                handle = TinkProtoKeysetFormat.parseKeyset(keyset, InsecureSecretKeyAccess.get(), configuration);
            } catch (GeneralSecurityException notSymmetric) {
                configuration = HybridConfig2026.get();
                handle = TinkProtoKeysetFormat.parseKeyset(keyset, InsecureSecretKeyAccess.get(), configuration);
            }
            rewritten = TinkProtoKeysetFormat.serializeKeyset(handle, InsecureSecretKeyAccess.get(), configuration);
        } catch (GeneralSecurityException | RuntimeException notAKeyset) {
            throw refused("it is not a Tink keyset of the permitted key types");
        }
        boolean exact = Arrays.equals(keyset, rewritten);
        Arrays.fill(rewritten, (byte) 0);
        if (!exact) {
            throw refused("it has trailing or unknown content");
        }
        return handle;
    }

    /** Checks count, ids, status, prefixes and parameters; the keys are all secret, or all public. */
    static void check(KeysetHandle handle, boolean publicKeys) {
        if (handle.size() > MAX_KEYS) {
            throw refused("it has " + handle.size() + " keys, at most " + MAX_KEYS + " are allowed");
        }
        Set<Integer> ids = new HashSet<>();
        Set<Boolean> hybrid = new HashSet<>();
        boolean primary = false;
        for (int i = 0; i < handle.size(); i++) {
            KeysetHandle.Entry entry = handle.getAt(i);
            Key key = entry.getKey();
            KeyType type = KeyType.of(key.getParameters());
            boolean kind =
                    publicKeys ? key instanceof HybridPublicKey : key instanceof AeadKey || key instanceof PrivateKey;
            if (type == null || !kind) {
                throw refused("key " + unsigned(entry) + " has parameters or a prefix outside the permitted table");
            }
            if (!ids.add(entry.getId())) {
                throw refused("the key id " + unsigned(entry) + " stands twice");
            }
            if (entry.getStatus() == KeyStatus.DESTROYED) {
                throw refused("key " + unsigned(entry) + " is destroyed");
            }
            hybrid.add(type.isHybrid());
            primary |= entry.isPrimary() && entry.getStatus() == KeyStatus.ENABLED;
        }
        if (!primary) {
            throw refused("it has no enabled primary key");
        }
        if (hybrid.size() > 1) {
            throw refused("it mixes symmetric and HPKE keys");
        }
    }

    private static long unsigned(KeysetHandle.Entry entry) {
        return Integer.toUnsignedLong(entry.getId());
    }

    private static PodsealException refused(String reason) {
        return ErrorCode.KEYSET_POLICY.because(
                "this keyset must not be used: " + reason + "; make one with 'podseal" + " keyset create'");
    }
}
