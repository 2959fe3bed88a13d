// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One search under way: reads any number of streams block by block, looks for every form of every canary in one pass, and
 * keeps so much of each block that a form across two of them is found. Not thread-safe.
 */
final class LeakScan {
    private static final int BLOCK = 1 << 20;
    private static final int PREFIX = Long.BYTES;
    private static final int SLOTS = 1 << 16;

    /** Where bytes come from. */
    @FunctionalInterface
    interface Bytes {
        /** As {@link java.io.InputStream#read(byte[], int, int)}. */
        int read(byte[] buffer, int offset, int length) throws IOException;
    }

    private final List<Pattern> patterns;
    /** A bit for each hash of a form's first eight bytes: nearly all positions are passed over by this alone. */
    private final long[] prefixes;

    private final int longest;
    private final List<Leak> leaks = new ArrayList<>();
    private int controls;
    private long bytes;

    private record Pattern(Canary canary, LeakForm form, boolean control) {}

    private LeakScan(List<Pattern> patterns, long[] prefixes, int longest) {
        this.patterns = patterns;
        this.prefixes = prefixes;
        this.longest = longest;
    }

    /** What to look for; each search starts from it anew. */
    static LeakScan of(List<Canary> canaries, Canary control) {
        List<Pattern> patterns = new ArrayList<>();
        canaries.forEach(canary -> LeakForm.of(canary).forEach(form -> patterns.add(new Pattern(canary, form, false))));
        LeakForm.of(control).forEach(form -> patterns.add(new Pattern(control, form, true)));
        long[] prefixes = new long[SLOTS / Long.SIZE];
        int longest = PREFIX;
        for (Pattern pattern : patterns) {
            Masked form = pattern.form.bytes();
            long prefix = 0;
            for (int i = 0; i < PREFIX; i++) {
                prefix = (prefix << 8) | (form.at(i) & 0xff);
            }
            int slot = slot(prefix);
            prefixes[slot / Long.SIZE] |= 1L << slot;
            longest = Math.max(longest, form.length());
        }
        return new LeakScan(patterns, prefixes, longest);
    }

    LeakScan anew() {
        return new LeakScan(patterns, prefixes, longest);
    }

    private static int slot(long prefix) {
        return (int) ((prefix * 0x9E37_79B9_7F4A_7C15L) >>> 48);
    }

    /** Reads to the end. */
    void read(String place, long start, Bytes source) throws IOException {
        byte[] buffer = new byte[BLOCK + longest];
        long base = start;
        int filled = 0;
        for (int n = source.read(buffer, 0, BLOCK); n >= 0; n = source.read(buffer, filled, BLOCK)) {
            bytes += n;
            filled += n;
            int whole = filled - longest + 1;
            if (whole > 0) {
                look(buffer, whole, filled, place, base);
                System.arraycopy(buffer, whole, buffer, 0, filled - whole);
                filled -= whole;
                base += whole;
            }
        }
        look(buffer, filled, filled, place, base);
        Arrays.fill(buffer, (byte) 0);
    }

    void read(String place, byte[] text) {
        bytes += text.length;
        look(text, text.length, text.length, place, 0);
    }

    /** Looks at each start before the given one. */
    private void look(byte[] buffer, int starts, int end, String place, long base) {
        long window = 0;
        int last = Math.min(starts + PREFIX - 1, end);
        for (int i = 0; i < last; i++) {
            window = (window << 8) | (buffer[i] & 0xff);
            int slot = slot(window);
            if ((prefixes[slot / Long.SIZE] & (1L << slot)) != 0 && i >= PREFIX - 1) {
                compare(buffer, i - PREFIX + 1, end, place, base);
            }
        }
    }

    private void compare(byte[] buffer, int from, int end, String place, long base) {
        for (Pattern pattern : patterns) {
            if (pattern.form.bytes().standsIn(buffer, from, end)) {
                if (pattern.control) {
                    controls++;
                } else {
                    leaks.add(new Leak(pattern.canary.label(), pattern.form.name(), place, base + from));
                }
            }
        }
    }

    /** @throws AssertionError where the control was not found */
    LeakReport report(String place) {
        if (controls == 0) {
            throw new AssertionError("the control was not found in " + place + " (" + bytes
                    + " bytes): this search proves nothing; plant control() there beside the secret");
        }
        return new LeakReport(place, List.copyOf(leaks), controls, bytes);
    }
}
