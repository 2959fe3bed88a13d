// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this process has in use.
 *
 * @param threads that live
 * @param files that are open, sockets and pipes among them
 * @param names of both, as far as the system tells: threads by their numbers, files by their descriptors
 */
record InUse(int threads, long files, Map<String, String> names) {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    static InUse now() {
        Map<String, String> names = new TreeMap<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> names.put("thread " + thread.getId(), thread.getName()));
        if (Files.isDirectory(DESCRIPTORS)) {
            try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
                descriptors.forEach(descriptor -> names.put("file " + descriptor.getFileName(), target(descriptor)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new InUse(
                ManagementFactory.getThreadMXBean().getThreadCount(),
                ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                        .getOpenFileDescriptorCount(),
                names);
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    /** Whether it is less than that, and so much of either more. */
    boolean isBelow(InUse earlier, int more) {
        return threads < earlier.threads + more && files < earlier.files + more;
    }

    /** The numbers, and the names of what is new. */
    String since(InUse earlier) {
        return "%d threads, before %d; %d open files, before %d; new: %s"
                .formatted(
                        threads,
                        earlier.threads,
                        files,
                        earlier.files,
                        names.entrySet().stream()
                                .filter(entry -> !entry.getValue().equals(earlier.names.get(entry.getKey())))
                                .map(entry -> entry.getKey() + " " + entry.getValue())
                                .collect(Collectors.joining(", ")));
    }
}
