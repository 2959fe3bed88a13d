// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.crypto.tink.Aead;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider of two KEKs, as the tests of an adapter have one: it knows its caller by a token, repeats that in its refusals,
 * and counts what arrives. Thread-safe.
 */
final class MyService {
    private final String token;
    private final Map<String, Aead> keys =
            Map.of("one", new FakeKms("my-kms://one").kek(), "other", new FakeKms("my-kms://other").kek());
    private final AtomicInteger requests = new AtomicInteger();

    /** What is to be done with a KEK. */
    interface Operation {
        byte[] with(Aead kek) throws GeneralSecurityException;
    }

    /** What it answers in place of a result. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String text) {
            super(text);
        }
    }

    MyService(String token) {
        this.token = token;
    }

    int requests() {
        return requests.get();
    }

    byte[] request(String caller, String key, Operation operation) throws Refused {
        requests.incrementAndGet();
        Aead kek = keys.get(key);
        if (!caller.equals(token) || kek == null) {
            throw new Refused("not for " + caller);
        }
        try {
            return operation.with(kek);
        } catch (GeneralSecurityException e) {
            throw new Refused("invalid ciphertext from " + caller);
        }
    }
}
