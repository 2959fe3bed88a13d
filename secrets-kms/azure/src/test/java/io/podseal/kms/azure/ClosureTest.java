// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an application carries for this adapter, as docs/kms/azure.md says it; to grow, it has to be changed here. */
final class ClosureTest {
    private static final int MAX_JARS = 20;
    private static final long MAX_BYTES = 12_100_000;

    /** Written by the build: the run-time class path, our own modules left out. */
    private static List<Path> jars() throws IOException {
        return Stream.of(Files.readString(Path.of("target", "runtime-classpath.txt"))
                        .split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar"))
                .filter(path -> !path.getFileName().toString().startsWith("podseal-"))
                .toList();
    }

    @Test
    void itHasNotGrown() throws IOException {
        assertThat(jars()).hasSizeLessThanOrEqualTo(MAX_JARS).hasSizeGreaterThan(MAX_JARS - 5);
        assertThat(jars().stream().mapToLong(ClosureTest::size).sum()).isLessThanOrEqualTo(MAX_BYTES);
    }

    @Test
    void whatOnlyOtherTransportsAndDesktopsNeedIsNotInIt() throws IOException {
        assertThat(jars().stream().map(jar -> jar.getFileName().toString()))
                .noneMatch(
                        name -> name.matches("(netty|reactor-netty|azure-core-http-netty|jna|msal4j-persistence).*"));
    }

    private static long size(Path jar) {
        try {
            return Files.size(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
