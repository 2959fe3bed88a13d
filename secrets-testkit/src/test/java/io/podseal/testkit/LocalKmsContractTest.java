// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.keyset.LocalKms;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** {@code local-kms:} with its calls counted on the way in. */
final class LocalKmsContractTest extends KmsClientContract {
    @TempDir
    Path folder;

    private final AtomicInteger unwraps = new AtomicInteger();

    @BeforeEach
    void mint() throws IOException {
        LocalKms.createKek(folder.resolve("one.kek"));
        LocalKms.createKek(folder.resolve("other.kek"));
    }

    @Override
    protected KmsClient client() {
        KmsClient local = LocalKms.allowedInCluster();
        return new KmsClient() {
            @Override
            public boolean doesSupport(String keyUri) {
                return local.doesSupport(keyUri);
            }

            @Override
            public KmsClient withCredentials(String credentialPath) throws GeneralSecurityException {
                local.withCredentials(credentialPath);
                return this;
            }

            @Override
            public KmsClient withDefaultCredentials() throws GeneralSecurityException {
                local.withDefaultCredentials();
                return this;
            }

            @Override
            public Aead getAead(String keyUri) throws GeneralSecurityException {
                Aead kek = local.getAead(keyUri);
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
        };
    }

    @Override
    protected String kek() {
        return "local-kms:" + folder.resolve("one.kek");
    }

    @Override
    protected Aead otherKek() {
        return LocalKms.allowedInCluster().getAead("local-kms:" + folder.resolve("other.kek"));
    }

    @Override
    protected int unwraps() {
        return unwraps.get();
    }

    @Override
    protected int requests() {
        return unwraps.get();
    }

    @Override
    protected List<Canary> unspeakable() {
        return List.of();
    }
}
