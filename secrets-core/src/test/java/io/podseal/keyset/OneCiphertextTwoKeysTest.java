// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.UNKNOWN_KEY;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.proto.AesGcmKey;
import com.google.crypto.tink.proto.KeyData.KeyMaterialType;
import com.google.crypto.tink.proto.Keyset;
import com.google.protobuf.ByteString;
import io.podseal.Refusal;
import io.podseal.SealedValue;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/**
 * AES-GCM does not commit to its key: who holds two keys can make one ciphertext that opens under both, to different values. What
 * keeps it from being passed off as another account's, or as another key's, is that scope and key id are compared.
 */
final class OneCiphertextTwoKeysTest {
    private static final byte[] ONE = key(1);
    private static final byte[] TWO = key(2);
    private static final String API = "podseal:v1:payments/api/db/password";
    private static final String WEB = "podseal:v1:payments/web/db/password";
    private static final int KEY_ID = 42;

    private static byte[] key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    private static Keyset.Key tinkKey(int id, byte[] key) {
        AesGcmKey message =
                AesGcmKey.newBuilder().setKeyValue(ByteString.copyFrom(key)).build();
        return TinkKeysets.key(id, TinkKeysets.data("AesGcmKey", KeyMaterialType.SYMMETRIC, message));
    }

    private static TrustedKeyset keyset(ServiceAccount account, Keyset.Key... keys) {
        return new TrustedKeyset(
                account, KeysetPolicy.parse(TinkKeysets.keyset(keys).toByteArray()));
    }

    private static byte[] open(TrustedKeyset keyset, String token) {
        try (SecretValue value = keyset.opener().open(SealedValue.parse(token))) {
            return value.revealBytes();
        }
    }

    @Test
    void holderOfBothKeysCanMakeAValueThatIsOneThingHereAndAnotherThere() throws GeneralSecurityException {
        String token = token(API, KEY_ID, payload(API, API));
        TrustedKeyset here = keyset(Accounts.API, tinkKey(KEY_ID, ONE));
        TrustedKeyset there = keyset(new ServiceAccount("other.local", "payments", "api"), tinkKey(KEY_ID, TWO));
        assertThat(open(here, token)).hasSize(32).isNotEqualTo(open(there, token));
    }

    @Test
    void scopeEqualityKeepsItFromBeingTheOtherAccounts() throws GeneralSecurityException {
        String token = token(API, KEY_ID, payload(API, API));
        Keyset.Key two = tinkKey(KEY_ID, TWO);
        assertThat(open(keyset(new ServiceAccount("other.local", "payments", "api"), two), token))
                .as("control: authentic under the very key")
                .hasSize(32);
        Refusal.of(CONTEXT_MISMATCH, () -> open(keyset(Accounts.WEB, two), token));
    }

    @Test
    void holderOfBothKeysCanMakeOnePayloadThatIsAuthenticUnderTwoHeadersEachWithItsOwnKey()
            throws GeneralSecurityException {
        byte[] payload = payload(API, WEB);
        TrustedKeyset api = keyset(Accounts.API, tinkKey(KEY_ID, ONE));
        TrustedKeyset web = keyset(Accounts.WEB, tinkKey(KEY_ID, TWO));
        assertThat(open(api, token(API, KEY_ID, payload)))
                .hasSize(32)
                .isNotEqualTo(open(web, token(WEB, KEY_ID, payload)));
        Refusal.of(CONTEXT_MISMATCH, () -> open(web, token(API, KEY_ID, payload)));
        Refusal.of(CONTEXT_MISMATCH, () -> open(api, token(WEB, KEY_ID, payload)));
    }

    @Test
    void twoKeysOfOneIdAreNeverTriedInTurn() {
        TrustedKeyset one = keyset(Accounts.API, tinkKey(KEY_ID, ONE));
        TrustedKeyset two = keyset(Accounts.API, tinkKey(KEY_ID, TWO));
        Refusal.of(KEYSET_POLICY, () -> TrustedKeyset.opener(List.of(one, two), false));
        Refusal.of(KEYSET_POLICY, () -> keyset(Accounts.API, tinkKey(KEY_ID, ONE), tinkKey(KEY_ID, TWO)));
    }

    @Test
    void keyIdDecidesWhichOfTwoKeysOpens() throws GeneralSecurityException {
        byte[] payload = payload(API, API);
        TrustedKeyset both = keyset(Accounts.API, tinkKey(7, ONE), tinkKey(8, TWO));
        assertThat(open(both, token(API, 7, payload)))
                .isEqualTo(open(keyset(Accounts.API, tinkKey(7, ONE)), token(API, 7, payload)));
        assertThat(open(both, token(API, 8, payload)))
                .isEqualTo(open(keyset(Accounts.API, tinkKey(8, TWO)), token(API, 8, payload)));
        Refusal.of(UNKNOWN_KEY, () -> open(both, token(API, 9, payload)));
    }

    private static String token(String header, int keyId, byte[] payload) {
        byte[] whole = ByteBuffer.allocate(5 + payload.length)
                .put((byte) 1)
                .putInt(keyId)
                .put(payload)
                .array();
        return header + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    }

    /**
     * Nonce, 32 bytes of ciphertext and a tag that is right under the first key with the first header, and under the second key
     * with the second: the last block of ciphertext is solved for.
     */
    private static byte[] payload(String headerOfOne, String headerOfTwo) throws GeneralSecurityException {
        byte[] nonce = new byte[12];
        byte[] ciphertext = new byte[32];
        Gcm one = new Gcm(ONE, headerOfOne.getBytes(US_ASCII));
        Gcm two = new Gcm(TWO, headerOfTwo.getBytes(US_ASCII));
        BigInteger difference = one.tag(nonce, ciphertext).xor(two.tag(nonce, ciphertext));
        BigInteger weights = one.weightOfLastBlock().xor(two.weightOfLastBlock());
        byte[] last = bytes(times(difference, inverse(weights)));
        System.arraycopy(last, 0, ciphertext, 16, 16);
        BigInteger tag = one.tag(nonce, ciphertext);
        assertThat(tag).isEqualTo(two.tag(nonce, ciphertext));
        return ByteBuffer.allocate(12 + 32 + 16)
                .put(nonce)
                .put(ciphertext)
                .put(bytes(tag))
                .array();
    }

    /** The tag of AES-GCM under one key (NIST SP 800-38D), for nonces of 12 bytes and whole blocks of ciphertext. */
    private static final class Gcm {
        private final Cipher aes;
        private final BigInteger h;
        private final byte[] associatedData;

        Gcm(byte[] key, byte[] associatedData) throws GeneralSecurityException {
            this.aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            this.h = new BigInteger(1, aes.doFinal(new byte[16]));
            this.associatedData = associatedData;
        }

        BigInteger tag(byte[] nonce, byte[] ciphertext) throws GeneralSecurityException {
            int padded = (associatedData.length + 15) / 16 * 16;
            ByteBuffer hashed = ByteBuffer.allocate(padded + ciphertext.length + 16)
                    .put(associatedData)
                    .position(padded)
                    .put(ciphertext)
                    .putLong(associatedData.length * 8L)
                    .putLong(ciphertext.length * 8L)
                    .flip();
            BigInteger hash = BigInteger.ZERO;
            byte[] block = new byte[16];
            while (hashed.hasRemaining()) {
                hashed.get(block);
                hash = times(hash.xor(new BigInteger(1, block)), h);
            }
            byte[] counter = ByteBuffer.allocate(16).put(nonce).putInt(1).array();
            return hash.xor(new BigInteger(1, aes.doFinal(counter)));
        }

        /** What the last block of ciphertext is multiplied with: only the block of lengths comes behind it. */
        BigInteger weightOfLastBlock() {
            return times(h, h);
        }
    }

    /** In GF(2^128) as GCM writes it: the first bit is the lowest power. */
    private static BigInteger times(BigInteger x, BigInteger y) {
        BigInteger product = BigInteger.ZERO;
        BigInteger shifted = y;
        for (int bit = 127; bit >= 0; bit--) {
            if (x.testBit(bit)) {
                product = product.xor(shifted);
            }
            boolean carry = shifted.testBit(0);
            shifted = shifted.shiftRight(1);
            if (carry) {
                shifted = shifted.xor(BigInteger.valueOf(0xe1).shiftLeft(120));
            }
        }
        return product;
    }

    /** x to the power 2^128 - 2. */
    private static BigInteger inverse(BigInteger x) {
        BigInteger power = BigInteger.ONE.shiftLeft(127); // one
        BigInteger square = x;
        for (int bit = 1; bit < 128; bit++) {
            square = times(square, square);
            power = times(power, square);
        }
        return power;
    }

    private static byte[] bytes(BigInteger block) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < 16; i++) {
            bytes[i] = block.shiftRight(8 * (15 - i)).byteValue();
        }
        return bytes;
    }
}
