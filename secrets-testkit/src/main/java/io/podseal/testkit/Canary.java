// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A plaintext that must turn up nowhere, or the control that must. It keeps its value masked: a search of the memory in which
 * it lives finds only what {@link #bytes} and {@link #text} gave away. Immutable and thread-safe; {@link #toString} is its
 * label.
 */
public final class Canary {
    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".getBytes(UTF_8);
    private static final int RANDOM_LENGTH = 24;
    /** A shorter one would be found where it is not; the search works by the first eight bytes of each form. */
    private static final int SHORTEST = 12;

    private final String label;
    private final Masked value;

    private Canary(String label, Masked value) {
        this.label = label;
        this.value = value;
    }

    /**
     * A random one of 24 ASCII letters and digits: such a text is the same in URLs, JSON, XML, YAML and shells, so no escaping
     * hides it.
     *
     * @param label what reports call it
     */
    public static Canary random(String label) {
        byte[] value = new byte[RANDOM_LENGTH];
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < value.length; i++) {
            value[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        try {
            return of(label, value);
        } finally {
            Arrays.fill(value, (byte) 0);
        }
    }

    /**
     * One of that text.
     *
     * @param label what reports call it
     */
    public static Canary of(String label, String text) {
        return of(label, text.getBytes(UTF_8));
    }

    /**
     * One of those bytes, which are copied. The search in UTF-16 and in JSON takes them as UTF-8.
     *
     * @param label what reports call it
     * @throws IllegalArgumentException where there are less than 12
     */
    public static Canary of(String label, byte[] value) {
        if (value.length < SHORTEST) {
            throw new IllegalArgumentException("a canary has " + SHORTEST + " bytes at least");
        }
        return new Canary(label, Masked.of(value));
    }

    /** What reports call it. */
    public String label() {
        return label;
    }

    /** The value, a fresh copy. */
    public byte[] bytes() {
        return value.revealed();
    }

    /** The value as text. */
    public String text() {
        byte[] bytes = bytes();
        try {
            return new String(bytes, UTF_8);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The label. */
    @Override
    public String toString() {
        return "canary " + label;
    }
}
