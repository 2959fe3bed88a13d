// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What comes with the adapter, as its page says: more of it is a decision, not an accident. */
final class ClosureTest {
    /** Written by the build: the run time's class path. */
    private static final Path CLASS_PATH = Path.of("target", "runtime-class-path");

    private static List<Path> jars() throws IOException {
        return Arrays.stream(Files.readString(CLASS_PATH).strip().split(":"))
                .map(Path::of)
                .filter(jar -> jar.toString().endsWith(".jar"))
                .toList();
    }

    /** What core brings, and what only {@code sts} brings, which is optional. */
    private static boolean isOfTheAdapter(Path jar) {
        return !jar.getFileName()
                .toString()
                .matches(
                        "(podseal-core|tink|jsr305|gson|error_prone_annotations|protobuf-java|jspecify|sts|aws-query-protocol)-.*");
    }

    @Test
    void closureIsWhatThePageSays() throws IOException {
        List<Path> ours = jars().stream().filter(ClosureTest::isOfTheAdapter).toList();
        long bytes = ours.stream().mapToLong(ClosureTest::size).sum();

        assertThat(Files.readString(Path.of("../../docs/kms/aws.md")))
                .as(ours.toString())
                .contains(String.format(Locale.ROOT, "%d jars, %.1f MB", ours.size(), bytes / 1e6));
    }

    @Test
    void thereIsOneHttpClientAndNothingOfTheOldSdk() throws IOException {
        assertThat(jars())
                .extracting(jar -> jar.getFileName().toString())
                .anyMatch(jar -> jar.startsWith("url-connection-client-"))
                .noneMatch(jar -> jar.matches("(netty|apache5?-client|httpc|aws-java-sdk|jackson-).*"));
    }

    private static long size(Path jar) {
        try {
            return Files.size(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
