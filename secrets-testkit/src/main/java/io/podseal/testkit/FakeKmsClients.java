// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * For {@code podseal.kms.clients}, which names a class because it is read before an application has objects: the client asks
 * the {@link FakeKms} of each {@link TestAccount} that is open in this JVM, by its URI. Thread-safe.
 */
public final class FakeKmsClients implements Supplier<KmsClient> {
    private static final List<FakeKms> OPEN = new CopyOnWriteArrayList<>();

    /** For the setting. */
    public FakeKmsClients() {}

    /** Lists them; each is to be closed as often as it was opened. */
    static synchronized void open(List<FakeKms> kmses) {
        for (FakeKms kms : kmses) {
            if (find(kms.uri()).filter(open -> open != kms).isPresent()) {
                throw new IllegalStateException("another open account has a KMS " + kms.uri());
            }
        }
        OPEN.addAll(kmses);
    }

    static void close(List<FakeKms> kmses) {
        kmses.forEach(OPEN::remove);
    }

    private static Optional<FakeKms> find(String uri) {
        return OPEN.stream().filter(kms -> kms.doesSupport(uri)).findFirst();
    }

    @Override
    public KmsClient get() {
        return new Client();
    }

    private static final class Client implements KmsClient {
        @Override
        public boolean doesSupport(String keyUri) {
            return find(keyUri).isPresent();
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
            return find(keyUri)
                    .orElseThrow(() -> new GeneralSecurityException("no open account has a KMS " + keyUri))
                    .getAead(keyUri);
        }
    }
}
