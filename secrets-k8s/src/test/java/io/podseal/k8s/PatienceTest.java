// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {
    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            0                             | -                             | 0
            1                             | -                             | 1
            120                           | -                             | 120
            999999999                     | -                             | 3600
            9999999999999999999999        | -                             | 0
            -5                            | -                             | 0
            1.5                           | -                             | 0
            soon                          | -                             | 0
            -                             | -                             | 0
            Sat, 21 Nov 2026 15:00:30 GMT | Sat, 21 Nov 2026 15:00:00 GMT | 30
            Sat, 21 Nov 2026 14:59:00 GMT | Sat, 21 Nov 2026 15:00:00 GMT | 0
            Sat, 21 Nov 2099 15:00:00 GMT | Sat, 21 Nov 2026 15:00:00 GMT | 3600
            Wed, 21 Nov 2001 15:00:00 GMT | -                             | 0
            Wed, 21 Nov 2001 15:00:00 GMT | not a date                    | 0
            """)
    void secondsAndDatesAreUnderstoodAndNothingElse(@Nullable String text, @Nullable String answered, long seconds) {
        assertThat(Patience.retryAfter(text, answered)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void nothingHasToBeWaitedForAtFirst() {
        assertThat(new Patience(() -> Long.MAX_VALUE - 5).remaining()).isZero();
        assertThat(new Patience(() -> -5).remaining()).isZero();
    }
}
