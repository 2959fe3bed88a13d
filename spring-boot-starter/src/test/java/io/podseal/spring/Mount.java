// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.testkit.KubeletMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** A mounted Secret of a workload; items are there once they are delivered. */
final class Mount {
    private final Path directory;
    private final Workload workload;
    private final Map<String, byte[]> items = new TreeMap<>();

    Mount(Path directory, Workload workload) {
        this.directory = directory;
        this.workload = workload;
    }

    Path directory() {
        return directory;
    }

    String location() {
        return "podseal:mount:" + directory;
    }

    String importing(String parameters) {
        return "--spring.config.import=" + location() + parameters;
    }

    Mount withKeyset() {
        return with(workload.keysetFileName(), workload.keysetDocument());
    }

    Mount sealed(String item, String plaintext) {
        return with(item, workload.sealed(secret(), item, plaintext));
    }

    Mount with(String item, String content) {
        return with(item, content.getBytes(UTF_8));
    }

    Mount with(String item, byte[] content) {
        items.put(item, content);
        return this;
    }

    String secret() {
        return directory.getFileName().toString();
    }

    Mount delivered() {
        new KubeletMount(directory).write(items);
        return this;
    }

    /** Removes the volume with all that was delivered. */
    void deleted() throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
