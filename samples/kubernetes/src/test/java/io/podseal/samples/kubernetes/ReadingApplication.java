// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.podseal.samples.kubernetes.Access.Reader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An application that reads one value in one way, in a process of its own: for each line {@code read} a thousand times; for
 * {@code dump <file>} it dumps its heap, for {@code live <file>} what of it is still in use. It keeps a control as a
 * {@code String}, so that a search of its memory has something to find.
 */
final class ReadingApplication {
    static final int READS = 1000;

    private ReadingApplication() {}

    /** Of the access, the volume, the KEK's URI and the file with the control. */
    public static void main(String[] args) throws IOException {
        String control = Files.readString(Path.of(args[3]));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (Reader reader = Access.valueOf(args[0]).open(Path.of(args[1]), args[2])) {
            System.out.println("started");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 2);
                switch (words[0]) {
                    case "read" -> read(reader);
                    case "dump" -> dump(words[1], false);
                    case "live" -> dump(words[1], true);
                    default -> throw new IllegalArgumentException(words[0]);
                }
                System.out.println("done");
            }
        }
        System.out.println("ended; the control has " + control.length() + " characters");
    }

    private static void read(Reader reader) {
        int sum = 0;
        for (int i = 0; i < READS; i++) {
            sum += reader.read().of("password");
        }
        System.out.println("sum " + sum); // or the compiler could leave the reads out
    }

    private static void dump(String file, boolean live) throws IOException {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file, live);
    }
}
