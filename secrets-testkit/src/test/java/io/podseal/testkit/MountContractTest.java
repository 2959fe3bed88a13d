// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import io.podseal.store.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The core's carrier of mounts, on mounts of the kit. */
class MountContractTest extends LiveSourceContract {
    @TempDir
    Path folder;

    private Path mount() {
        return folder.resolve("db-credentials");
    }

    @Override
    protected SecretSource source() {
        return SecretSource.mount(mount(), null);
    }

    @Override
    protected String secretName() {
        return "db-credentials";
    }

    @Override
    protected void deliver(Map<String, byte[]> items) {
        new KubeletMount(mount()).write(items);
    }

    @Override
    protected void remove() {
        if (Files.exists(mount())) {
            TemporaryFolder.delete(mount());
        }
    }

    @Override
    protected AutoCloseable obstruct() throws IOException {
        Path data = mount().resolve("..data");
        Path version = Files.readSymbolicLink(data);
        pointTo(data, Path.of(".."));
        return () -> pointTo(data, version);
    }

    private static void pointTo(Path link, Path target) throws IOException {
        Files.delete(link);
        Files.createSymbolicLink(link, target);
    }
}
