// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an application gets with this artifact, as docs/kms/vault.md says it. */
class ClosureTest {
    @Test
    void nothingButTheCoreComesWithIt() throws IOException {
        List<String> jars = Stream.of(Files.readString(Path.of(System.getProperty("podseal.closure")))
                        .split(":"))
                .map(jar -> Path.of(jar.strip()).getFileName().toString())
                .filter(name -> name.endsWith(".jar") && !name.startsWith("podseal-"))
                .map(name -> name.replaceFirst("-[0-9.]+\\.jar", ""))
                .toList();
        assertThat(jars)
                .containsExactlyInAnyOrder(
                        "tink", "jsr305", "gson", "error_prone_annotations", "protobuf-java", "jspecify");
    }
}
