// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes everything on to another client, and counts the calls to unwrap; for a KMS that cannot be counted at the wire.
 * Thread-safe, where the other client is.
 */
public final class CountingKms implements KmsClient, AutoCloseable {
    private final KmsClient client;
    private final AtomicInteger unwraps;

    /**
     * A client before that one.
     *
     * @param unwraps rises by one at each call
     */
    public CountingKms(KmsClient client, AtomicInteger unwraps) {
        this.client = client;
        this.unwraps = unwraps;
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return client.doesSupport(keyUri);
    }

    @Override
    public KmsClient withCredentials(String credentialPath) throws GeneralSecurityException {
        return new CountingKms(client.withCredentials(credentialPath), unwraps);
    }

    @Override
    public KmsClient withDefaultCredentials() throws GeneralSecurityException {
        return new CountingKms(client.withDefaultCredentials(), unwraps);
    }

    @Override
    public Aead getAead(String keyUri) throws GeneralSecurityException {
        Aead kek = client.getAead(keyUri);
        return new Aead() {
            @Override
            public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
                return kek.encrypt(plaintext, associatedData);
            }

            @Override
            public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
                unwraps.incrementAndGet();
                return kek.decrypt(ciphertext, associatedData);
            }
        };
    }

    /** Closes the other client, where that can be closed. */
    @Override
    public void close() {
        if (client instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
