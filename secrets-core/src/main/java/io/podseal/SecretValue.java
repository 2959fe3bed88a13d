// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Plaintext bytes that can be wiped: use it in a try-with-resources and as briefly as possible. {@link #close()} zeroes the
 * bytes that this object owns; copies that were revealed are the caller's to wipe. Wiping is best effort: a moving
 * garbage collection may have left stale copies in memory that no reference reaches.
 *
 * <p>Never serialised, never printed; equality is identity. Thread-safe.
 */
public final class SecretValue implements AutoCloseable {
    private final byte[] bytes;
    private boolean closed;

    private SecretValue(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A secret that owns this very array and zeroes it on {@link #close()}. */
    public static SecretValue owning(byte[] plaintext) {
        return new SecretValue(plaintext);
    }

    /** The number of bytes, 0 to 716,800. */
    public int sizeInBytes() {
        return bytes.length;
    }

    /**
     * A copy of the bytes, which the caller zeroes.
     *
     * @throws IllegalStateException after {@link #close()}
     */
    public synchronized byte[] revealBytes() {
        requireOpen();
        return bytes.clone();
    }

    /**
     * The text as UTF-16 code units, which the caller zeroes.
     *
     * @throws PodsealException {@code FORMAT} where the bytes are not UTF-8; they are never replaced
     * @throws IllegalStateException after {@link #close()}
     */
    public synchronized char[] revealChars() {
        requireOpen();
        CharBuffer decoded;
        try {
            decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException notUtf8) {
            throw ErrorCode.FORMAT.because("the value is not UTF-8 text; read it as bytes");
        }
        char[] chars = Arrays.copyOf(decoded.array(), decoded.length());
        Arrays.fill(decoded.array(), '\0');
        return chars;
    }

    /**
     * The text as a String. It cannot be wiped and stays in memory until it is collected; prefer {@link #revealBytes()}
     * or {@link #revealChars()}.
     *
     * @throws PodsealException {@code FORMAT} where the bytes are not UTF-8
     * @throws IllegalStateException after {@link #close()}
     */
    public String revealString() {
        char[] chars = revealChars();
        try {
            return new String(chars);
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    /** Zeroes the bytes. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this secret value is closed: its bytes were zeroed");
        }
    }

    @Override
    public String toString() {
        return "SecretValue[***]";
    }
}
