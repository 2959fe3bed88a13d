// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors as a user has them: from the kit's jar. */
final class VectorsOfTheJarIT {
    @Test
    void everyFileIsInTheJarAndNowhereElse() throws IOException {
        for (String file : TestVectors.FILES) {
            String resource = "io/podseal/testkit/vectors/" + file + ".json";
            assertThat(Collections.list(TestVectors.class.getClassLoader().getResources(resource)))
                    .hasSize(1)
                    .extracting(URL::getProtocol)
                    .containsExactly("jar");
        }
    }

    @ParameterizedTest
    @MethodSource("io.podseal.testkit.vectors.TestVectors#all")
    void everyVectorIsAClaimWithAnInput(TestVector vector) {
        assertThat(vector.id()).isNotBlank();
        assertThat(vector.claim()).isNotBlank();
        assertThat(input(vector)).isNotNull();
    }

    /** Made from its recipe, where it has one. */
    private static Object input(TestVector vector) {
        if (vector instanceof TokenVector token) {
            return token.token();
        }
        if (vector instanceof ItemsVector items) {
            return items.items();
        }
        if (vector instanceof KeysetVector keyset) {
            return keyset.documents();
        }
        if (vector instanceof PublicKeysetVector keyset) {
            return keyset.document();
        }
        return ((KekVector) vector).uri();
    }

    @ParameterizedTest
    @MethodSource("io.podseal.testkit.vectors.TestVectors#tokens")
    void whatIsRefusedGivesNoPlaintext(TokenVector vector) {
        if (vector.code().isPresent()) {
            assertThatThrownBy(vector::plaintext)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(vector.id());
        } else {
            assertThat(vector.plaintext()).isNotNull();
        }
    }
}
