// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an application carries for this adapter, with Tink and without Podseal's own jars: more of it is a decision, not an accident. */
final class ClosureTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();

    @Test
    void closureIsWhatThePageSays() throws IOException {
        List<Path> jars = Stream.of(Files.readString(MODULE.resolve("target/closure"))
                        .strip()
                        .split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar"))
                .filter(path -> !path.getFileName().toString().startsWith("podseal-"))
                .toList();
        double megabytes = jars.stream().mapToLong(ClosureTest::size).sum() / 1e6;

        assertThat(MODULE.resolve("../../docs/kms/" + MODULE.getFileName() + ".md"))
                .content()
                .as("jars: %s", jars)
                .contains(String.format(Locale.ROOT, "%d jars, %.1f MB", jars.size(), megabytes));
    }

    private static long size(Path jar) {
        try {
            return Files.size(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
