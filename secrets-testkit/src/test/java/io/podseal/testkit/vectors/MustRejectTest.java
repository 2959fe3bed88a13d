// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The specification's list of what must be rejected, and the vectors, which name its lines. */
final class MustRejectTest {
    private static final Pattern LINE =
            Pattern.compile("^\\| ([A-Z]-[0-9]{2}) \\|.*\\| ([^|]*) \\|$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([A-Z_]+)`");

    private static Map<String, Set<String>> lines() throws IOException {
        Map<String, Set<String>> lines = new TreeMap<>();
        LINE.matcher(Files.readString(Path.of("../docs/spec/format-v1.md")))
                .results()
                .forEach(line -> assertThat(lines.put(
                                line.group(1),
                                CODE.matcher(line.group(2))
                                        .results()
                                        .map(code -> code.group(1))
                                        .collect(Collectors.toSet())))
                        .as("%s stands once", line.group(1))
                        .isNull());
        return lines;
    }

    @Test
    void everyLineHasAVectorAndEveryRefusalALine() throws IOException {
        Map<String, Set<String>> lines = lines();
        Set<String> used = new TreeSet<>();
        TestVectors.all().filter(vector -> vector.code().isPresent()).forEach(vector -> {
            String line = vector.mustReject().orElseThrow();
            used.add(line);
            assertThat(lines.get(line))
                    .as(vector.toString())
                    .contains(vector.code().get().name());
        });
        assertThat(used).isEqualTo(lines.keySet());
    }

    @Test
    void goodVectorsNameNoLine() {
        assertThat(TestVectors.all()
                        .filter(vector -> vector.code().isEmpty())
                        .filter(vector -> vector.mustReject().isPresent()))
                .isEmpty();
    }

    @Test
    void noTwoVectorsHaveOneId() {
        Set<String> ids = new HashSet<>();
        assertThat(TestVectors.all().map(TestVector::id).filter(id -> !ids.add(id)))
                .isEmpty();
        assertThat(ids).hasSizeGreaterThanOrEqualTo(120);
    }
}
