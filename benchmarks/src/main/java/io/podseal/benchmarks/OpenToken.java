// SPDX-License-Identifier: Apache-2.0
package io.podseal.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.aead.AeadConfig2026;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.SecretValue;
import io.podseal.keyset.TrustedKeyset;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Opening one AES256_GCM token, from the raw cipher up. The baselines are what anybody would have to do, base64url and a
 * reused JCE cipher, and nothing more. Each is compared with the opener on the same kind of input: a carrier delivers bytes,
 * an application may hold text, and from text both have to make bytes first.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class OpenToken {
    private static final int TINK_PREFIX_BYTES = 5;
    private static final int NONCE_BYTES = 12;
    private static final int WARM_UP_CALLS = 200_000;

    /** Plaintext bytes. */
    @Param({"64", "1024", "65536"})
    public int size;

    private Scope place = Scope.accountBound(KnownKey.API);
    private String token = "";
    private byte[] tokenBytes = {};
    private String payloadText = "";
    private byte[] payloadBytes = {};
    private byte[] payload = {};
    private byte[] associatedData = {};
    private SecretKeySpec key = new SecretKeySpec(new byte[1], "AES");
    private Cipher cipher;
    private Aead tink;
    private SecretOpener opener;

    /** Makes the ciphers; JMH calls the setup before anything else. */
    public OpenToken() {
        KnownKey known = new KnownKey();
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
            tink = known.handle.getPrimitive(AeadConfig2026.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        key = new SecretKeySpec(known.key, "AES");
        keyset = known.unwrap();
        opener = keyset.opener();
    }

    private final TrustedKeyset keyset;

    /** Seals a value of the size, and calls the decoder often on little input: otherwise 64 KiB runs uncompiled for seconds. */
    @Setup
    public void seal() throws GeneralSecurityException {
        place = Scope.item(KnownKey.API, "db-credentials", "password");
        byte[] small = Base64.getUrlEncoder().encode(new byte[48]);
        for (int i = 0; i < WARM_UP_CALLS; i++) {
            Base64.getUrlDecoder().decode(small);
        }
        byte[] plaintext = new byte[size];
        new Random(size).nextBytes(plaintext);
        SealedValue sealed = keyset.sealer().seal(place, plaintext);
        token = sealed.token();
        tokenBytes = token.getBytes(ISO_8859_1);
        payloadText = token.substring(token.lastIndexOf(':') + 1);
        payloadBytes = payloadText.getBytes(ISO_8859_1);
        payload = Base64.getUrlDecoder().decode(payloadBytes);
        associatedData = token.substring(0, token.lastIndexOf(':')).getBytes(ISO_8859_1);
    }

    /** The cipher alone, on decoded bytes. */
    @Benchmark
    public byte[] rawCipher() throws GeneralSecurityException {
        return decrypt(payload);
    }

    /** Base64url of bytes, and the reused cipher. */
    @Benchmark
    public byte[] baselineOfBytes() throws GeneralSecurityException {
        return decrypt(Base64.getUrlDecoder().decode(payloadBytes));
    }

    /** Base64url of text, and the reused cipher. */
    @Benchmark
    public byte[] baselineOfText() throws GeneralSecurityException {
        return decrypt(Base64.getUrlDecoder().decode(payloadText));
    }

    /** Tink's primitive, on decoded bytes. */
    @Benchmark
    public byte[] rawTink() throws GeneralSecurityException {
        return tink.decrypt(payload, associatedData);
    }

    /** A whole token as bytes, its place checked, opened and wiped. */
    @Benchmark
    public int openerOfBytes() {
        try (SecretValue value = opener.open(SealedValue.parse(tokenBytes, place))) {
            return value.sizeInBytes();
        }
    }

    /** A whole token as text, its place checked, opened and wiped. */
    @Benchmark
    public int openerOfText() {
        try (SecretValue value = opener.open(token, place)) {
            return value.sizeInBytes();
        }
    }

    private byte[] decrypt(byte[] sealed) throws GeneralSecurityException {
        byte[] nonce = Arrays.copyOfRange(sealed, TINK_PREFIX_BYTES, TINK_PREFIX_BYTES + NONCE_BYTES);
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        cipher.updateAAD(associatedData);
        int offset = TINK_PREFIX_BYTES + NONCE_BYTES;
        return cipher.doFinal(sealed, offset, sealed.length - offset);
    }
}
