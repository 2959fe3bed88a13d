// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Heap dumps of HotSpot, to be searched as files. A dump holds everything that the process knows: keep it in a temporary
 * folder. Both methods return when it is written, and have no time limit.
 */
public final class HeapDump {
    private HeapDump() {}

    /**
     * Of this process. Strings that the test itself made of a canary are in it.
     *
     * @param file must end with {@code .hprof}, and not exist
     * @param live whether without garbage, which is collected first
     * @return the file
     */
    public static Path ofThisProcess(Path file, boolean live) {
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), live);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Of another process of the same user, by the {@code jcmd} of the JDK that this one runs on.
     *
     * @param file must not exist
     * @param live whether without garbage, which is collected first
     * @return the file
     */
    public static Path of(long pid, Path file, boolean live) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.addAll(List.of(Long.toString(pid), "GC.heap_dump"));
        if (!live) {
            command.add("-all");
        }
        command.add(file.toAbsolutePath().toString());
        try {
            Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
            if (jcmd.waitFor() != 0 || !Files.exists(file)) {
                throw new IOException("no heap dump of process " + pid + ": " + output);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the heap was dumped", e);
        }
    }
}
