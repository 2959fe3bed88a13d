// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** One way in which a value is written where it leaks, and the bytes that it then is. */
record LeakForm(String name, Masked bytes) {
    private static final byte[] LOWER = "0123456789abcdef".getBytes(US_ASCII);
    private static final byte[] UPPER = "0123456789ABCDEF".getBytes(US_ASCII);

    /** Those of a canary, each different one once. */
    static List<LeakForm> of(Canary canary) {
        byte[] value = canary.bytes();
        Collected forms = new Collected();
        forms.add("raw", value.clone());
        for (int shift = 0; shift < 3; shift++) {
            forms.add("base64, shifted by " + shift, aligned(Base64.getEncoder(), value, shift));
            forms.add("base64url, shifted by " + shift, aligned(Base64.getUrlEncoder(), value, shift));
        }
        forms.add("hex", hex(value, LOWER, ""));
        forms.add("upper-case hex", hex(value, UPPER, ""));
        forms.add("hex with colons", hex(value, LOWER, ":"));
        forms.add("upper-case hex with colons", hex(value, UPPER, ":"));
        for (String separator : List.of(", ", ",", " ")) {
            forms.add("list of bytes", decimal(value, true, separator));
            forms.add("list of unsigned bytes", decimal(value, false, separator));
        }
        forms.add("URL-encoded", percent(value, UPPER, "+"));
        forms.add("URL-encoded, space as %20", percent(value, UPPER, "%20"));
        forms.add("URL-encoded, in lower case", percent(value, LOWER, "+"));
        forms.add("JSON", json(value, ""));
        forms.add("JSON for HTML", json(value, "&<>"));
        forms.add("UTF-16", utf16(value, UTF_16BE));
        forms.add("UTF-16", utf16(value, UTF_16LE));
        Arrays.fill(value, (byte) 0);
        return forms.list;
    }

    /** Keeps what is new, masked, and zeroes what it is given. */
    private static final class Collected {
        private final List<LeakForm> list = new ArrayList<>();

        void add(String name, byte[] bytes) {
            boolean known = list.stream()
                    .anyMatch(
                            form -> form.bytes.length() == bytes.length && form.bytes.standsIn(bytes, 0, bytes.length));
            if (!known) {
                list.add(new LeakForm(name, Masked.of(bytes)));
            }
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The characters that depend on the value alone where it stands at such an offset of a longer base64 text. */
    private static byte[] aligned(Base64.Encoder encoder, byte[] value, int shift) {
        byte[] shifted = new byte[shift + value.length];
        System.arraycopy(value, 0, shifted, shift, value.length);
        byte[] text = encoder.withoutPadding().encode(shifted);
        int firstWhole = (shift * 8 + 5) / 6;
        int lastWhole = shifted.length * 8 / 6;
        byte[] aligned = Arrays.copyOfRange(text, firstWhole, lastWhole);
        Arrays.fill(shifted, (byte) 0);
        Arrays.fill(text, (byte) 0);
        return aligned;
    }

    private static byte[] hex(byte[] value, byte[] digits, String delimiter) {
        Wiped out = new Wiped(value.length);
        for (int i = 0; i < value.length; i++) {
            out.text(i == 0 ? "" : delimiter).hex(value[i], digits);
        }
        return out.taken();
    }

    private static byte[] decimal(byte[] value, boolean signed, String separator) {
        Wiped out = new Wiped(value.length);
        for (int i = 0; i < value.length; i++) {
            out.text(i == 0 ? "" : separator).text(Integer.toString(signed ? value[i] : value[i] & 0xff));
        }
        return out.taken();
    }

    private static byte[] percent(byte[] value, byte[] digits, String space) {
        Wiped out = new Wiped(value.length);
        for (byte b : value) {
            if (b == ' ') {
                out.text(space);
            } else if (b > 0 && (Character.isLetterOrDigit(b) || ".-_*".indexOf(b) >= 0)) {
                out.write(b);
            } else {
                out.text("%").hex(b, digits);
            }
        }
        return out.taken();
    }

    private static byte[] json(byte[] value, String escapedToo) {
        Wiped out = new Wiped(value.length);
        for (byte b : value) {
            int escape = b < 0 ? -1 : "\b\f\n\r\t\"\\".indexOf(b);
            if (escape >= 0) {
                out.text("\\").write("bfnrt\"\\".charAt(escape));
            } else if ((b >= 0 && b < ' ') || (b > 0 && escapedToo.indexOf(b) >= 0)) {
                out.text("\\u00").hex(b, LOWER);
            } else {
                out.write(b);
            }
        }
        return out.taken();
    }

    /** Without zeros at its ends: so both byte orders of an ASCII text are one form, and one leak is not counted twice. */
    private static byte[] utf16(byte[] value, Charset charset) {
        CharBuffer chars = UTF_8.decode(ByteBuffer.wrap(value));
        byte[] encoded = new byte[2 * chars.remaining()];
        charset.newEncoder().encode(chars, ByteBuffer.wrap(encoded), true);
        int from = 0;
        int end = encoded.length;
        while (encoded[from] == 0) {
            from++;
        }
        while (encoded[end - 1] == 0) {
            end--;
        }
        byte[] bytes = Arrays.copyOfRange(encoded, from, end);
        Arrays.fill(encoded, (byte) 0);
        Arrays.fill(chars.array(), '\0');
        return bytes;
    }

    /** A buffer of which nothing is left behind. */
    private static final class Wiped extends ByteArrayOutputStream {
        /** As large as the longest form, so that it never grows and leaves a copy. */
        Wiped(int bytes) {
            super(6 * bytes);
        }

        Wiped text(String text) {
            writeBytes(text.getBytes(US_ASCII));
            return this;
        }

        void hex(byte b, byte[] digits) {
            write(digits[(b >> 4) & 0xf]);
            write(digits[b & 0xf]);
        }

        byte[] taken() {
            byte[] bytes = toByteArray();
            Arrays.fill(buf, (byte) 0);
            return bytes;
        }
    }
}
