// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.testkit.KubeletMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The local ways in which an item of a Secret reaches a process. */
enum Carrier {
    MOUNT {
        @Override
        SecretSource lay(Path directory, String item, byte[] content) {
            new KubeletMount(directory).write(Map.of(item, content));
            return SecretSource.mount(directory, null);
        }
    },
    DIRECTORY {
        @Override
        SecretSource lay(Path directory, String item, byte[] content) {
            write(directory, item, content);
            return SecretSource.mount(directory, null);
        }
    },
    FILE {
        @Override
        SecretSource lay(Path directory, String item, byte[] content) {
            return SecretSource.file(write(directory, item, content), null, null);
        }
    },
    ENVIRONMENT {
        @Override
        SecretSource lay(Path directory, String item, byte[] content) {
            String secret = directory.getFileName().toString();
            Map<String, String> variables = Map.of("SEALED", new String(content, UTF_8));
            return new EnvironmentSource("SEALED", secret, item, variables::get);
        }
    };

    /** Has that item of the Secret which the directory is called after hold that content. */
    abstract SecretSource lay(Path directory, String item, byte[] content);

    SecretSource lay(Path directory, String item, String content) {
        return lay(directory, item, content.getBytes(UTF_8));
    }

    private static Path write(Path directory, String item, byte[] content) {
        try {
            return Files.write(Files.createDirectories(directory).resolve(item), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
