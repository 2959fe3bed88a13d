// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Secret volume as the kubelet's atomic writer lays it out: the items lie in a directory of their own, {@code ..data}
 * points to it, and an update writes another directory, renames a new link over {@code ..data} and removes the old one.
 */
final class KubeletVolume {
    private final Path directory;
    private int version;

    KubeletVolume(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /** The next version, as texts. */
    KubeletVolume text(Map<String, String> items) {
        Path old = directory.resolve("..2026_11_21_" + version);
        Path next = directory.resolve("..2026_11_21_" + ++version);
        try {
            Files.createDirectories(next);
            for (Map.Entry<String, String> item : items.entrySet()) {
                Files.write(next.resolve(item.getKey()), item.getValue().getBytes(UTF_8));
            }
            Path swap = Files.createSymbolicLink(directory.resolve("..data_tmp"), next.getFileName());
            Files.move(swap, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            links(items);
            remove(old);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void links(Map<String, String> items) throws IOException {
        for (String name : items.keySet()) {
            Path link = directory.resolve(name);
            if (!Files.isSymbolicLink(link)) {
                Files.createSymbolicLink(link, Path.of("..data", name));
            }
        }
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (!name.startsWith("..") && !items.containsKey(name)) {
                    Files.delete(entry);
                }
            }
        }
    }

    private static void remove(Path old) throws IOException {
        if (!Files.exists(old)) {
            return;
        }
        try (Stream<Path> files = Files.list(old)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(old);
    }
}
