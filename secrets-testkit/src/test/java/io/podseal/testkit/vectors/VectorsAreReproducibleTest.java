// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The files of vectors are what their generator writes. {@code -Dpodseal.vectors.write=true} writes them: do so to add
 * vectors, and look at the difference, for none may be removed or changed.
 */
final class VectorsAreReproducibleTest {
    private static final Path FOLDER = Path.of("../docs/spec/vectors");
    private static final Map<String, Supplier<VectorFile>> GENERATORS = generators();

    private static Map<String, Supplier<VectorFile>> generators() {
        Map<String, Supplier<VectorFile>> generators = new LinkedHashMap<>();
        generators.put("tokens", Tokens::file);
        generators.put("tokens-refused", TokensRefused::file);
        generators.put("items", Items::file);
        generators.put("keysets", Keysets::file);
        generators.put("documents-refused", DocumentsRefused::file);
        generators.put("keysets-refused", KeysetsRefused::file);
        generators.put("public", PublicDocuments::file);
        generators.put("keks", KekUris::file);
        return generators;
    }

    @BeforeAll
    static void writeWhereAskedTo() throws IOException {
        if (Boolean.getBoolean("podseal.vectors.write")) {
            for (Map.Entry<String, Supplier<VectorFile>> generator : GENERATORS.entrySet()) {
                Files.writeString(
                        FOLDER.resolve(generator.getKey() + ".json"),
                        generator.getValue().get().text());
            }
        }
    }

    static Stream<String> names() {
        return GENERATORS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void generatingAgainChangesNothing(String name) throws IOException {
        Path file = FOLDER.resolve(name + ".json");
        boolean same = GENERATORS.get(name).get().text().equals(Files.readString(file));
        assertThat(same).as("%s is what its generator writes", file).isTrue();
    }

    @Test
    void everyFileHasAGeneratorAndIsInTheKit() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".json")))
                    .containsExactlyInAnyOrderElementsOf(
                            names().map(name -> name + ".json").toList());
        }
        assertThat(TestVectors.FILES).containsExactlyElementsOf(GENERATORS.keySet());
    }
}
