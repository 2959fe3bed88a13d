// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ItemFilterTest {
    @ParameterizedTest
    @CsvSource({
        "password, password, true",
        "password, Password, false",
        "password, password2, false",
        "pass*, password, true",
        "*word, password, true",
        "p*s*d, password, true",
        "*, password, true",
        "**, password, true",
        "a*, password, false",
        "tls.crt, tlsXcrt, false",
        "tls.*, tls.crt, true",
        "[a-z]*, password, false",
        "pass?ord, password, false",
        "pass\\word, password, false",
        "\\Q*\\E, password, false",
        "'{a,b}', a, false"
    })
    void starAloneIsSpecial(String glob, String item, boolean matches) {
        assertThat(ItemFilter.of(List.of(glob), List.of()).takes(item)).isEqualTo(matches);
        assertThat(ItemFilter.of(List.of(), List.of(glob)).takes(item)).isEqualTo(!matches);
    }

    @Test
    void starCrossesLines() {
        assertThat(ItemFilter.of(List.of(), List.of("a*")).takes("a\nb")).isFalse();
    }

    @Test
    void excludeOutranksOnlyAndGlobsAddUp() {
        ItemFilter filter = ItemFilter.of(List.of("a*", "b"), List.of("ab*", "*z"));
        assertThat(List.of("a", "b", "c", "abc", "az", "ba"))
                .filteredOn(filter::takes)
                .containsExactly("a", "b");
    }

    @Test
    void keysetDocumentIsNeverAValue() {
        assertThat(ItemFilter.of(List.of("*"), List.of()).takes("api.keyset.json"))
                .isFalse();
        assertThat(ItemFilter.of(List.of(), List.of()).takes("keyset.json"))
                .as("only the suffix with its dot")
                .isTrue();
    }
}
