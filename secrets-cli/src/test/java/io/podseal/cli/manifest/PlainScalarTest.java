// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainScalarTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "yess",
                "nul",
                "1a",
                "1.2.3",
                "12:30:45",
                "2026-01-01",
                "e5",
                "0xg",
                "1e",
                ".",
                "-",
                "1e5x",
                "infinity"
            })
    void stringsToEveryReader(String text) {
        assertThat(PlainScalar.isString(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "~", "null", "y", "No", "on", "TRUE", "0", "+1", "0x1F", "017", "0o17", "1_0", "1.", ".5e-3",
                "-.inf", ".NaN"
            })
    void somethingElseToSome(String text) {
        assertThat(PlainScalar.isString(text)).isFalse();
        assertThat(PlainScalar.quotedIfNeeded(text)).isEqualTo('"' + text + '"');
    }
}
