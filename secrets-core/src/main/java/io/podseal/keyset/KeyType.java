// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesCtrHmacAeadParameters;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.XAesGcmParameters;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of keys that a keyset may hold, each with exactly one set of parameters (specification, section 3). */
public enum KeyType {
    /** AES-GCM with a 256-bit key: the default. */
    AES256_GCM("aes256-gcm", 33, () -> aesGcm(32)),
    /** AES-GCM with a 128-bit key. */
    AES128_GCM("aes128-gcm", 33, () -> aesGcm(16)),
    /** XAES-256-GCM: 192-bit nonces, for very many values under one key. */
    XAES256_GCM("xaes256-gcm", 45, () -> XAesGcmParameters.create(XAesGcmParameters.Variant.TINK, 12)),
    /** AES-256-CTR with HMAC-SHA256, encrypt-then-MAC. */
    AES256_CTR_HMAC("aes256-ctr-hmac", 53, KeyType::aesCtrHmac),
    /** HPKE on X25519: anyone can seal with the public keyset. */
    HPKE_X25519("hpke-x25519", 53, () -> hpke(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)),
    /** HPKE on X-Wing: post-quantum; needs Conscrypt as an installed JCA provider. */
    HPKE_XWING("hpke-xwing", 1141, () -> hpke(HpkeParameters.KemId.X_WING));

    private final String typeName;
    private final int minPayloadBytes;
    private final Parameters parameters;

    KeyType(String typeName, int minPayloadBytes, ParametersSource source) {
        this.typeName = typeName;
        this.minPayloadBytes = minPayloadBytes;
        try {
            this.parameters = source.get();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink refuses the parameters of " + typeName, e);
        }
    }

    private interface ParametersSource {
        Parameters get() throws GeneralSecurityException;
    }

    /**
     * The type of that name, for example {@code aes256-gcm}.
     *
     * @throws PodsealException {@code CONFIGURATION} where there is none
     */
    public static KeyType of(String typeName) {
        return Arrays.stream(values())
                .filter(type -> type.typeName.equals(typeName))
                .findFirst()
                .orElseThrow(() -> ErrorCode.CONFIGURATION.because("no such key type; there are "
                        + Arrays.stream(values()).map(KeyType::typeName).collect(Collectors.joining(", "))));
    }

    static @Nullable KeyType of(Parameters parameters) {
        return Arrays.stream(values())
                .filter(type -> type.parameters.equals(parameters))
                .findFirst()
                .orElse(null);
    }

    /** The name in documents, fingerprints and on the command line. */
    public String typeName() {
        return typeName;
    }

    /** Whether values are sealed with a public key, by anyone. */
    public boolean isHybrid() {
        return this == HPKE_X25519 || this == HPKE_XWING;
    }

    /** The length of the payload of an empty plaintext. */
    public int minPayloadBytes() {
        return minPayloadBytes;
    }

    Parameters parameters() {
        return parameters;
    }

    Configuration configuration() {
        return isHybrid() ? HybridConfig2026.get() : AeadConfig2026.get();
    }

    /** @throws PodsealException {@code CONFIGURATION} where this type needs a JCA provider that is not installed */
    void requireAvailable() {
        if (this == HPKE_XWING && Security.getProvider("Conscrypt") == null) {
            throw ErrorCode.CONFIGURATION.because("hpke-xwing needs Conscrypt as an installed JCA provider: add"
                    + " org.conscrypt:conscrypt-openjdk-uber and set podseal.conscrypt.install=true, or install it"
                    + " yourself");
        }
    }

    private static Parameters aesGcm(int keyBytes) throws GeneralSecurityException {
        return AesGcmParameters.builder()
                .setKeySizeBytes(keyBytes)
                .setIvSizeBytes(12)
                .setTagSizeBytes(16)
                .setVariant(AesGcmParameters.Variant.TINK)
                .build();
    }

    private static Parameters aesCtrHmac() throws GeneralSecurityException {
        return AesCtrHmacAeadParameters.builder()
                .setAesKeySizeBytes(32)
                .setIvSizeBytes(16)
                .setHmacKeySizeBytes(32)
                .setTagSizeBytes(32)
                .setHashType(AesCtrHmacAeadParameters.HashType.SHA256)
                .setVariant(AesCtrHmacAeadParameters.Variant.TINK)
                .build();
    }

    private static Parameters hpke(HpkeParameters.KemId kem) throws GeneralSecurityException {
        return HpkeParameters.builder()
                .setKemId(kem)
                .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                .setVariant(HpkeParameters.Variant.TINK)
                .build();
    }
}
