// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HandOverTest {
    private final List<String> discarded = new ArrayList<>();
    private final HandOver<String> handOver = new HandOver<>(discarded::add);

    @Test
    void answerThatIsTakenIsNotDiscarded() {
        assertThat(handOver.offer("answer")).isEqualTo("answer");
        assertThat(discarded).isEmpty();
    }

    @Test
    void answerThatCameBeforeTheEndIsDiscardedOnce() {
        handOver.offer("answer");
        handOver.giveUp();
        assertThat(discarded).containsExactly("answer");
    }

    @Test
    void answerThatComesTooLateIsDiscardedOnce() {
        handOver.giveUp();
        handOver.offer("answer");
        assertThat(discarded).containsExactly("answer");
    }
}
