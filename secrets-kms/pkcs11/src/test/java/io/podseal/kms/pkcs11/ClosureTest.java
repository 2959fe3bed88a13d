// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an application gets with this artifact, as docs/kms/pkcs11.md says it. */
class ClosureTest {
    @Test
    void nothingButTheCoreComesWithIt() throws IOException {
        List<Path> jars = Stream.of(Files.readString(Path.of(System.getProperty("podseal.closure")))
                        .strip()
                        .split(":"))
                .map(Path::of)
                .filter(jar -> jar.toString().endsWith(".jar"))
                .filter(jar -> !jar.getFileName().toString().startsWith("podseal-"))
                .toList();
        assertThat(jars.stream().map(jar -> jar.getFileName().toString().replaceFirst("-[0-9.]+\\.jar", "")))
                .containsExactlyInAnyOrder(
                        "tink", "jsr305", "gson", "error_prone_annotations", "protobuf-java", "jspecify");
        long bytes = 0;
        for (Path jar : jars) {
            bytes += Files.size(jar);
        }
        assertThat(bytes).isLessThan(5_250_000);
    }
}
