// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static io.podseal.k8s.CallFailure.Kind.ABSENT;
import static io.podseal.k8s.CallFailure.Kind.BUSY;
import static io.podseal.k8s.CallFailure.Kind.FINAL;
import static io.podseal.k8s.CallFailure.Kind.SILENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a start waits, with a clock that only waiting moves. */
class StartRetryTest {
    private final Deque<CallFailure> failures = new ArrayDeque<>();
    private final List<Long> waits = new ArrayList<>();
    private long nanos = -3;
    private double random = 1;

    @AfterEach
    void notInterrupted() {
        Thread.interrupted();
    }

    private StartRetry retry(int deadlineSeconds, int objectsSeconds) {
        return new StartRetry(
                Duration.ofSeconds(deadlineSeconds),
                Duration.ofSeconds(objectsSeconds),
                () -> nanos,
                millis -> {
                    waits.add(millis);
                    nanos += millis * 1_000_000;
                },
                () -> random);
    }

    private String answer() throws CallFailure {
        CallFailure next = failures.poll();
        if (next != null) {
            throw next;
        }
        return "answer";
    }

    private void always(CallFailure failure, int times) {
        for (int i = 0; i < times; i++) {
            failures.add(failure);
        }
    }

    private static CallFailure failure(CallFailure.Kind kind) {
        ErrorCode code = kind == ABSENT ? ErrorCode.SOURCE_MISSING : ErrorCode.SOURCE_UNAVAILABLE;
        return new CallFailure(kind, code.because("why", new IOException("below")));
    }

    @Test
    void anAnswerIsGivenAtOnce() {
        assertThat(retry(30, 0).call(this::answer)).isEqualTo("answer");
        assertThat(waits).isEmpty();
    }

    @Test
    void whoIsSilentOrBusyIsAskedAgainMoreAndMoreRarely() {
        always(failure(SILENT), 4);
        always(failure(BUSY), 3);
        assertThat(retry(60, 0).call(this::answer)).isEqualTo("answer");
        assertThat(waits).containsExactly(500L, 1000L, 2000L, 4000L, 5000L, 5000L, 5000L);
    }

    @Test
    void jitterIsFullAndNeverNothing() {
        random = 0.5;
        always(failure(SILENT), 2);
        retry(30, 0).call(this::answer);
        random = 0;
        always(failure(SILENT), 1);
        retry(30, 0).call(this::answer);
        assertThat(waits).containsExactly(250L, 500L, 50L);
    }

    @Test
    void theDeadlineEndsItAndTheLastReasonIsTold() {
        always(failure(SILENT), 100);
        assertThatThrownBy(() -> retry(10, 0).call(this::answer))
                .hasMessageContainingAll("why", "asked 5 times in 7 s", "podseal.kubernetes.start-deadline")
                .hasCauseInstanceOf(IOException.class)
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
    }

    @Test
    void aDeadlineOfZeroAsksOnce() {
        always(failure(SILENT), 2);
        assertThatThrownBy(() -> retry(0, 0).call(this::answer)).hasMessage("SOURCE_UNAVAILABLE: why");
        assertThat(failures).hasSize(1);
    }

    @Test
    void whatNobodyMendsByWaitingIsNotWaitedFor() {
        always(failure(FINAL), 2);
        assertThatThrownBy(() -> retry(30, 30).call(this::answer)).hasMessage("SOURCE_UNAVAILABLE: why");
        assertThat(waits).isEmpty();
    }

    @Test
    void anAbsentObjectIsWaitedForOnlyWhereThatIsWanted() {
        always(failure(ABSENT), 3);
        assertThat(retry(0, 60).call(this::answer)).isEqualTo("answer");
        assertThat(waits).hasSize(3);
        always(failure(ABSENT), 100);
        assertThatThrownBy(() -> retry(60, 0).call(this::answer)).hasMessage("SOURCE_MISSING: why");
        assertThatThrownBy(() -> retry(60, 3).call(this::answer))
                .hasMessageContaining("podseal.kubernetes.wait-for-objects");
        assertThatThrownBy(() -> retry(0, 60).withoutWaiting().call(this::answer))
                .hasMessage("SOURCE_MISSING: why");
    }

    @Test
    void theServersOwnTimeComesFirst() {
        failures.add(new CallFailure(BUSY, ErrorCode.SOURCE_UNAVAILABLE.because("later"), Duration.ofSeconds(7)));
        assertThat(retry(30, 0).call(this::answer)).isEqualTo("answer");
        assertThat(waits).containsExactly(7500L);
        failures.add(new CallFailure(BUSY, ErrorCode.SOURCE_UNAVAILABLE.because("later"), Duration.ofSeconds(31)));
        assertThatThrownBy(() -> retry(30, 0).call(this::answer)).hasMessageContaining("later");
        assertThat(waits).as("waiting has no sense").hasSize(1);
    }

    @Test
    void anInterruptEndsTheWaiting() {
        always(failure(SILENT), 5);
        StartRetry interrupted = new StartRetry(
                Duration.ofSeconds(30),
                Duration.ZERO,
                () -> nanos,
                millis -> {
                    throw new InterruptedException();
                },
                () -> random);
        assertThatThrownBy(() -> interrupted.call(this::answer)).hasMessage("SOURCE_UNAVAILABLE: why");
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
}
