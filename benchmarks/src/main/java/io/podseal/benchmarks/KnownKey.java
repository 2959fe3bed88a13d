// SPDX-License-Identifier: Apache-2.0
package io.podseal.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeysetUnwrapper;
import io.podseal.keyset.TrustedKeyset;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** A keyset of one AES256_GCM key whose bytes the raw baselines know too, "wrapped" by a KMS that does nothing. */
final class KnownKey {
    static final ServiceAccount API = ServiceAccount.parse("payments/api", ServiceAccount.DEFAULT_TRUST_DOMAIN);

    private static final String KEK = "plain:";

    final byte[] key = new byte[32];
    final KeysetHandle handle;
    final byte[] document;
    final Keks keks = Keks.builder().kek(KEK).client(new PlainKms()).build();

    @AccessesPartialKey
    KnownKey() {
        new SecureRandom().nextBytes(key);
        try {
            AesGcmParameters parameters = AesGcmParameters.builder()
                    .setKeySizeBytes(32)
                    .setIvSizeBytes(12)
                    .setTagSizeBytes(16)
                    .setVariant(AesGcmParameters.Variant.TINK)
                    .build();
            AesGcmKey tinkKey = AesGcmKey.builder()
                    .setParameters(parameters)
                    .setIdRequirement(42)
                    .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
                    .build();
            handle = KeysetHandle.newBuilder()
                    .setConfiguration(AeadConfig2026.get())
                    .addEntry(KeysetHandle.importKey(tinkKey).withFixedId(42).makePrimary())
                    .build();
            byte[] keyset =
                    TinkProtoKeysetFormat.serializeKeyset(handle, InsecureSecretKeyAccess.get(), AeadConfig2026.get());
            document = ("{\"podseal\":\"v1\",\"identity\":\"" + API + "\",\"recipients\":[{\"kek\":\"" + KEK
                            + "\",\"encryptedKeyset\":{\"encryptedKeyset\":\""
                            + Base64.getEncoder().encodeToString(keyset) + "\"}}]}")
                    .getBytes(UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    TrustedKeyset unwrap() {
        return new KeysetUnwrapper(keks, Set.of(), Duration.ofSeconds(10), new KeysetUnwrapper.Listener() {})
                .unwrap(API, List.of(EncryptedKeyset.parse(document)))
                .get(0);
    }

    private static final class PlainKms implements KmsClient {
        @Override
        public boolean doesSupport(String keyUri) {
            return keyUri.equals(KEK);
        }

        @Override
        public KmsClient withCredentials(String credentialPath) {
            return this;
        }

        @Override
        public KmsClient withDefaultCredentials() {
            return this;
        }

        @Override
        public Aead getAead(String keyUri) {
            return new Aead() {
                @Override
                public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
                    return plaintext.clone();
                }

                @Override
                public byte[] decrypt(byte[] ciphertext, byte[] associatedData) {
                    return ciphertext.clone();
                }
            };
        }
    }
}
