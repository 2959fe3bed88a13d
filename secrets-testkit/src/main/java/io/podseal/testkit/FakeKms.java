// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.podseal.ErrorCode;
import java.net.ConnectException;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A KMS of one KEK in this process, whose answers to unwrapping are scripted: the n-th call gets the n-th answer, and every
 * later one the last. It encrypts for real, with the associated data. Thread-safe.
 */
public final class FakeKms implements KmsClient {
    private static final int OVERSIZE_BYTES = 8 << 20;

    /** How it answers one call. */
    @FunctionalInterface
    public interface Answer {
        /** Answers with the real KEK at hand. */
        byte[] decrypt(Aead kek, byte[] wrapped, byte[] associatedData) throws GeneralSecurityException;
    }

    /** Decrypts. */
    public static final Answer WORKS = Aead::decrypt;
    /** Cannot be reached. */
    public static final Answer DOWN = (kek, wrapped, associatedData) -> {
        throw new GeneralSecurityException("call failed", new ConnectException("connection refused"));
    };
    /** Breaks the connection. */
    public static final Answer RESETS = (kek, wrapped, associatedData) -> {
        throw new GeneralSecurityException("call failed", new SocketException("connection reset"));
    };
    /** Asks for fewer calls. */
    public static final Answer THROTTLES = (kek, wrapped, associatedData) -> {
        throw ErrorCode.KMS_THROTTLED.because("fake: slow down");
    };
    /** Refuses the caller. */
    public static final Answer DENIES = (kek, wrapped, associatedData) -> {
        throw ErrorCode.KMS_DENIED.because("fake: not you");
    };
    /** Has no credentials to call with. */
    public static final Answer LACKS_CREDENTIALS = (kek, wrapped, associatedData) -> {
        throw ErrorCode.CONFIGURATION.because("fake: no credentials");
    };
    /** Finds what it is to decrypt altered. */
    public static final Answer REJECTS = (kek, wrapped, associatedData) -> {
        throw ErrorCode.AUTHENTICATION.because("fake: invalid ciphertext");
    };
    /** Answers with bytes that are no keyset. */
    public static final Answer GARBAGE = (kek, wrapped, associatedData) -> new byte[] {1, 2, 3, 4, 5};
    /** Answers with the first half. */
    public static final Answer TRUNCATED = (kek, wrapped, associatedData) -> {
        byte[] keyset = kek.decrypt(wrapped, associatedData);
        return Arrays.copyOf(keyset, keyset.length / 2);
    };
    /** Answers with what was asked for, and 8 MiB behind it. */
    public static final Answer OVERSIZED = (kek, wrapped, associatedData) -> {
        byte[] keyset = kek.decrypt(wrapped, associatedData);
        return Arrays.copyOf(keyset, keyset.length + OVERSIZE_BYTES);
    };
    /** Answers without a plaintext. */
    public static final Answer EMPTY = (kek, wrapped, associatedData) -> new byte[0];

    /** Waits for the latch, or for its thread to be interrupted, and then works. */
    public static Answer slow(CountDownLatch until) {
        return (kek, wrapped, associatedData) -> {
            try {
                until.await();
            } catch (InterruptedException e) {
                throw new GeneralSecurityException(e);
            }
            return kek.decrypt(wrapped, associatedData);
        };
    }

    private final String uri;
    private final Aead kek;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile List<Answer> answers = List.of(WORKS);

    /** A working KMS with a fresh KEK of that URI. */
    public FakeKms(String uri) {
        this.uri = uri;
        try {
            this.kek = KeysetHandle.newBuilder()
                    .setConfiguration(AeadConfig2026.get())
                    .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build()
                    .getPrimitive(AeadConfig2026.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Answers so from now on, and counts anew.
     *
     * @throws IllegalArgumentException where there is no answer
     */
    public FakeKms answers(Answer... script) {
        if (script.length == 0) {
            throw new IllegalArgumentException("a script has one answer at least; WORKS is that of a new KMS");
        }
        answers = List.of(script);
        calls.set(0);
        return this;
    }

    /** The URI of its KEK. */
    public String uri() {
        return uri;
    }

    /** The calls to unwrap since the last script. */
    public int calls() {
        return calls.get();
    }

    /** The KEK itself. */
    public Aead kek() {
        return kek;
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return keyUri.equals(uri);
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
        if (!doesSupport(keyUri)) {
            throw ErrorCode.CONFIGURATION.because("this is the KMS of " + uri + " alone");
        }
        return new Aead() {
            @Override
            public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
                return kek.encrypt(plaintext, associatedData);
            }

            @Override
            public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
                List<Answer> script = answers;
                int call = calls.getAndIncrement();
                return script.get(Math.min(call, script.size() - 1)).decrypt(kek, ciphertext, associatedData);
            }
        };
    }
}
