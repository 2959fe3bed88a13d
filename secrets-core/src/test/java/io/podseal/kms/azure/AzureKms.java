// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.store.Settings;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in for the adapter of that name; it counts how many there are. */
public final class AzureKms implements KmsClient, AutoCloseable {
    public static final AtomicInteger MADE = new AtomicInteger();
    public static final AtomicInteger CLOSED = new AtomicInteger();

    public static AzureKms of(Settings settings) {
        MADE.incrementAndGet();
        return new AzureKms();
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return keyUri.startsWith("azure-kv://");
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
        throw new UnsupportedOperationException("nothing is asked");
    }

    @Override
    public void close() {
        CLOSED.incrementAndGet();
    }
}
