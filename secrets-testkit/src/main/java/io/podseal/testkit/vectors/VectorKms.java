// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The KMS of the test vectors. It stands in for every KEK: the key of a URI is derived from the URI, and what it wraps is
 * what a {@code local-kms:} KEK makes of a keyset (specification, section 5). Everybody can derive these keys; never wrap
 * anything of worth. Thread-safe.
 */
public final class VectorKms implements KmsClient {
    private static final int KEY_BYTES = 32;

    private final AtomicInteger calls = new AtomicInteger();

    /** The KEK of that URI. */
    static byte[] key(String uri) {
        return Derived.bytes("kek " + uri, KEY_BYTES);
    }

    /** The id that Tink's prefix names in what that KEK wraps. */
    static int keyId(String uri) {
        return ByteBuffer.wrap(Derived.bytes("kek id " + uri, 4)).getInt();
    }

    /** How often it was asked to unwrap. */
    public int calls() {
        return calls.get();
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return true;
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
    public Aead getAead(String keyUri) throws GeneralSecurityException {
        Aead kek = aead(keyUri);
        return new Aead() {
            @Override
            public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
                return kek.encrypt(plaintext, associatedData);
            }

            @Override
            public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
                calls.incrementAndGet();
                return kek.decrypt(ciphertext, associatedData);
            }
        };
    }

    @AccessesPartialKey
    private static Aead aead(String uri) throws GeneralSecurityException {
        AesGcmKey key = AesGcmKey.builder()
                .setParameters(PredefinedAeadParameters.AES256_GCM)
                .setIdRequirement(keyId(uri))
                .setKeyBytes(SecretBytes.copyFrom(key(uri), InsecureSecretKeyAccess.get()))
                .build();
        return KeysetHandle.newBuilder()
                .setConfiguration(AeadConfig2026.get())
                .addEntry(KeysetHandle.importKey(key).makePrimary())
                .build()
                .getPrimitive(AeadConfig2026.get(), Aead.class);
    }
}
