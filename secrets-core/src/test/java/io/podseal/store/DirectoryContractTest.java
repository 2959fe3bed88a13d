// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.testkit.SecretSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** A plain directory, which is read as static. */
final class DirectoryContractTest extends SecretSourceContract {
    @TempDir
    Path folder;

    private Path directory() {
        return folder.resolve("db-credentials");
    }

    @Override
    protected SecretSource source() {
        return SecretSource.mount(directory(), null);
    }

    @Override
    protected String secretName() {
        return "db-credentials";
    }

    @Override
    protected void deliver(Map<String, byte[]> items) throws IOException {
        remove();
        Files.createDirectory(directory());
        for (Map.Entry<String, byte[]> item : items.entrySet()) {
            Files.write(directory().resolve(item.getKey()), item.getValue());
        }
    }

    @Override
    protected void remove() throws IOException {
        if (Files.exists(directory())) {
            try (Stream<Path> files = Files.list(directory())) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory());
        }
    }

    @Override
    protected AutoCloseable obstruct() throws IOException {
        Path dangling = Files.createSymbolicLink(directory().resolve("dangling"), Path.of("gone"));
        return () -> Files.delete(dangling);
    }
}
