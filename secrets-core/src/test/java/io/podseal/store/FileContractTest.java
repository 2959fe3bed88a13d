// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.podseal.testkit.LiveSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** One file, which follows changes. */
final class FileContractTest extends LiveSourceContract {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("password");
    }

    @Override
    protected SecretSource source() {
        return SecretSource.file(file(), "db", null);
    }

    @Override
    protected String secretName() {
        return "db";
    }

    @Override
    protected String onlyItem() {
        return "password";
    }

    @Override
    protected void deliver(Map<String, byte[]> items) throws IOException {
        if (items.isEmpty()) {
            remove();
        } else {
            Path written = Files.write(folder.resolve("next"), items.get("password"));
            Files.move(written, file(), ATOMIC_MOVE);
        }
    }

    @Override
    protected void remove() throws IOException {
        Files.deleteIfExists(file());
    }

    @Override
    protected AutoCloseable obstruct() throws IOException {
        Path aside = Files.move(file(), folder.resolve("aside"));
        Files.createDirectory(file());
        return () -> {
            Files.delete(file());
            Files.move(aside, file());
        };
    }
}
