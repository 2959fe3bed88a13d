// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory of another process, mapping by mapping, while it stands still. */
final class ProcessMemory {
    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (\\S+) \\S+ \\S+ \\S+ *(.*)");
    private static final int PAGE = 4096;

    private final RandomAccessFile memory;
    private long at;
    private final long end;
    private final boolean holesAllowed;

    private ProcessMemory(RandomAccessFile memory, long start, long end, boolean holesAllowed) {
        this.memory = memory;
        this.at = start;
        this.end = end;
        this.holesAllowed = holesAllowed;
    }

    static void read(long pid, LeakScan search) throws IOException {
        if (pid == ProcessHandle.current().pid()) {
            throw new IllegalArgumentException("a process cannot search its own memory; search it from another");
        }
        Path process = Path.of("/proc", Long.toString(pid));
        boolean frozen = Signals.isFrozen(pid);
        if (!frozen) {
            Signals.freeze(pid);
        }
        try (RandomAccessFile memory =
                new RandomAccessFile(process.resolve("mem").toFile(), "r")) {
            for (String line : Files.readAllLines(process.resolve("maps"))) {
                Matcher mapping = MAPPING.matcher(line);
                if (!mapping.matches()) {
                    throw new IOException("not understood in " + process + "/maps: " + line);
                }
                long start = Long.parseUnsignedLong(mapping.group(1), 16);
                String name = mapping.group(4);
                // The page for old system calls lies above all addresses that can be read, and holds code only.
                if (mapping.group(3).startsWith("r") && start >= 0) {
                    long end = Long.parseUnsignedLong(mapping.group(2), 16);
                    // The kernel's own pages, and pages of a file behind its end, cannot be read by anybody.
                    boolean holes = name.startsWith("/") || name.startsWith("[vvar");
                    ProcessMemory region = new ProcessMemory(memory, start, end, holes);
                    search.read("mapping " + name + " " + mapping.group(3), start, region::next);
                }
            }
        } finally {
            if (!frozen) {
                Signals.thaw(pid);
            }
        }
    }

    /** As an input stream reads; a page that cannot be read is passed over as zeros. */
    private int next(byte[] buffer, int offset, int length) throws IOException {
        if (at == end) {
            return -1;
        }
        int wanted = (int) Math.min(length, end - at);
        int n;
        try {
            memory.seek(at);
            n = memory.read(buffer, offset, wanted);
        } catch (IOException unreadable) {
            if (!holesAllowed) {
                throw unreadable;
            }
            n = (int) Math.min(PAGE - at % PAGE, wanted);
            Arrays.fill(buffer, offset, offset + n, (byte) 0);
        }
        if (n <= 0) {
            throw new IOException("the memory ends at " + Long.toHexString(at));
        }
        at += n;
        return n;
    }
}
