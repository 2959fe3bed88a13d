// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A token that passed the grammar: a scope and a ciphertext (specification, section 2). Nothing is known yet about its
 * authenticity. Immutable.
 */
public final class SealedValue {
    private final Scope scope;
    private final byte[] ciphertext;

    private SealedValue(Scope scope, byte[] ciphertext) {
        this.scope = scope;
        this.ciphertext = ciphertext;
    }

    /** Decryption under one key, the shape of Tink's {@code Aead.decrypt} and {@code HybridDecrypt.decrypt}. */
    @FunctionalInterface
    public interface Decryption {
        /**
         * Decrypts; must not change its arguments.
         *
         * @throws GeneralSecurityException where the ciphertext or the associated data is not authentic
         */
        byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException;
    }

    /** Encryption under one key, the shape of Tink's {@code Aead.encrypt} and {@code HybridEncrypt.encrypt}. */
    @FunctionalInterface
    public interface Encryption {
        /**
         * Encrypts to a ciphertext with the TINK output prefix; must not change its arguments.
         *
         * @throws GeneralSecurityException where the key cannot encrypt
         */
        byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException;
    }

    /**
     * Parses a token (checks 1 to 5).
     *
     * @throws PodsealException {@code SIZE}, {@code FORMAT} or {@code VERSION}
     */
    public static SealedValue parse(String token) {
        return parse(token, null);
    }

    /**
     * Parses a token and compares its scope with the place where it was found (checks 1 to 6). An account-bound token
     * fits every place of its account.
     *
     * @param place null for any place
     * @throws PodsealException {@code SIZE}, {@code FORMAT}, {@code VERSION} or {@code CONTEXT_MISMATCH}
     */
    public static SealedValue parse(String token, @Nullable Scope place) {
        TokenGrammar.checkSize(token.length());
        byte[] latin1 = token.getBytes(ISO_8859_1);
        try {
            return parse(latin1, place);
        } catch (PodsealException refused) {
            byte[] utf8 = token.getBytes(UTF_8);
            if (Arrays.equals(latin1, utf8)) {
                throw refused;
            }
            return parse(utf8, place); // refuses again, and names the character beyond ASCII
        }
    }

    /**
     * Parses the bytes of a token, as {@link #parse(String, Scope)} does.
     *
     * @param place null for any place
     * @throws PodsealException {@code SIZE}, {@code FORMAT}, {@code VERSION} or {@code CONTEXT_MISMATCH}
     */
    public static SealedValue parse(byte[] token, @Nullable Scope place) {
        TokenGrammar.checkSize(token.length);
        if (place != null && TokenGrammar.hasHeader(token, place.header())) {
            return new SealedValue(place, TokenGrammar.payload(token, place.header().length + 1));
        }
        Scope scope = TokenGrammar.scope(token);
        SealedValue value = new SealedValue(scope, TokenGrammar.payload(token, scope.header().length + 1));
        if (place != null) {
            value.requirePlace(place);
        }
        return value;
    }

    /** Whether the text begins like a token of any version (check 2): then it is never plaintext to be sealed. */
    public static boolean isTokenLike(byte[] text) {
        return TokenGrammar.isTokenLike(text);
    }

    /**
     * The text without one trailing LF or CRLF, which YAML block scalars and {@code echo} add. For carriers; the parser
     * itself accepts no line end.
     */
    public static byte[] withoutLineEnd(byte[] text) {
        int end = text.length;
        if (end > 0 && text[end - 1] == '\n') {
            end -= end > 1 && text[end - 2] == '\r' ? 2 : 1;
        }
        return end == text.length ? text : Arrays.copyOf(text, end);
    }

    /**
     * Encrypts a plaintext for a scope.
     *
     * @throws GeneralSecurityException where the key cannot encrypt
     */
    public static SealedValue encrypt(Scope scope, byte[] plaintext, Encryption key) throws GeneralSecurityException {
        return new SealedValue(scope, key.encrypt(plaintext, scope.header()));
    }

    /**
     * Decrypts under the key that the trusted keyset has for {@link #keyId()} (check 10).
     *
     * @return the plaintext, which the caller owns and zeroes
     * @throws PodsealException {@code AUTHENTICATION}
     */
    public byte[] decrypt(Decryption key) {
        try {
            return key.decrypt(ciphertext, scope.header());
        } catch (GeneralSecurityException notAuthentic) {
            throw ErrorCode.AUTHENTICATION.because("the token sealed for " + scope + " under key " + keyId()
                    + " does not open: it was altered, or its header was; seal the value again");
        }
    }

    private void requirePlace(Scope place) {
        if (!scope.namespace().equals(place.namespace())
                || !scope.serviceAccount().equals(place.serviceAccount())) {
            throw ErrorCode.CONTEXT_MISMATCH.because(
                    "sealed for " + scope.namespace() + "/" + scope.serviceAccount() + ", running as "
                            + place.namespace() + "/" + place.serviceAccount()
                            + "; seal it for this account, or run as the one it was sealed for");
        }
        if (!scope.isItemBound() || scope.equals(place)) {
            return;
        }
        String found = place.isItemBound()
                ? "found in Secret " + place.secret() + ", item " + place.key()
                : "found where no Secret's name is known (the location's parameter secret= names it)";
        throw ErrorCode.CONTEXT_MISMATCH.because("sealed for Secret " + scope.secret() + ", item " + scope.key() + ", "
                + found + "; move it back, or seal the value for this item");
    }

    /** What the value says it is sealed for; authentic only once it has been opened. */
    public Scope scope() {
        return scope;
    }

    /** The id of the key that it says it is sealed with, unsigned. */
    public long keyId() {
        return ((ciphertext[1] & 0xffL) << 24)
                | ((ciphertext[2] & 0xffL) << 16)
                | ((ciphertext[3] & 0xffL) << 8)
                | (ciphertext[4] & 0xffL);
    }

    /** The length of the payload, prefix included. */
    public int payloadBytes() {
        return ciphertext.length;
    }

    /** The token: one line of ASCII. */
    public String token() {
        return Scope.TOKEN_PREFIX
                + scope
                + ":"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(ciphertext);
    }

    /** Scope, key id and size, without the payload. */
    @Override
    public String toString() {
        return "SealedValue[" + scope + ", key " + keyId() + ", " + payloadBytes() + " bytes]";
    }
}
