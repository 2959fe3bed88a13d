// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
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

    /** Another call's answer may come between a call's own look at it and the sending. */
    @Test
    void aCallThatComesTooEarlyIsNoSilence() {
        ObjectReference object = new ObjectReference(ObjectKind.SECRET, "payments", "db");
        Config config = Config.empty();
        config.setRequestTimeout(1);
        Connection connection = new Connection(config, null, null, null, "the API server");
        Answers answers = new Answers(object, connection, new Rights(object, null));
        CallFailure failure = answers.silent(new ExecutionException(new Patience.TooEarly(Duration.ofSeconds(3))));
        assertThat(failure.kind()).isEqualTo(CallFailure.Kind.BUSY);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(failure.reason()).hasMessageContaining("Retry-After");
    }

    @Test
    void nothingHasToBeWaitedForAtFirst() {
        assertThat(new Patience(() -> Long.MAX_VALUE - 5).remaining()).isZero();
        assertThat(new Patience(() -> -5).remaining()).isZero();
    }
}
