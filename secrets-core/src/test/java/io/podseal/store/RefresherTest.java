// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.SOURCE_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a store reads again, on an executor and a clock that move by hand. */
final class RefresherTest {
    private static final Duration POLL = RefreshPolicy.DEFAULT.pollInterval();

    private final Workload workload = new Workload();
    private final MemorySource source = workload.source().put("a", workload.token("a", "1"));
    private final ManualExecutor executor = new ManualExecutor();
    private final SecretStore store = workload.store(source).executor(executor).open();

    @AfterEach
    void close() {
        store.close();
        executor.shutdownNow();
    }

    private void elapse() {
        workload.nanos.addAndGet(executor.next.delay.toNanos());
        executor.next.elapse();
    }

    private void nextIsAPoll() {
        assertThat(executor.next.delay)
                .as("minus 0 to 10 %% jitter")
                .isBetween(POLL.multipliedBy(9).dividedBy(10), POLL);
    }

    @Test
    void everyPollFollowsTheOneBeforeWithJitter() {
        List<Duration> delays = new ArrayList<>();
        int readings = source.readings.get();
        for (int i = 0; i < 20; i++) {
            nextIsAPoll();
            delays.add(executor.next.delay);
            elapse();
        }
        assertThat(source.readings.get() - readings).isEqualTo(20);
        assertThat(delays).as("not all the same").doesNotHaveDuplicates();
        assertThat(executor.scheduled).isEqualTo(21);
    }

    @Test
    void pollFindsAChange() {
        source.put("a", workload.token("a", "2"));
        elapse();
        assertThat(Workload.text(store, "a")).isEqualTo("2");
        nextIsAPoll();
    }

    @Test
    void failedReadingIsRepeatedSoonerAndSooner() {
        source.fails(SOURCE_UNAVAILABLE.because("I/O error"));
        elapse();
        for (int seconds : new int[] {1, 2, 4, 8, 16, 25, 25, 25}) {
            assertThat(executor.next.delay).isEqualTo(Duration.ofSeconds(seconds));
            elapse();
        }
        source.fails(null);
        elapse();
        nextIsAPoll();
        source.fails(SOURCE_UNAVAILABLE.because("I/O error"));
        elapse();
        assertThat(executor.next.delay).as("begins anew").isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void retryIsNeverRarerThanThePoll() {
        RefreshPolicy often = new RefreshPolicy(
                true, Duration.ofSeconds(3), Duration.ZERO, Duration.ofMinutes(1), RefreshPolicy.OnDelete.KEEP);
        ManualExecutor own = new ManualExecutor();
        try (SecretStore eager =
                workload.store(source).refresh(often).executor(own).open()) {
            source.fails(SOURCE_UNAVAILABLE.because("I/O error"));
            for (int i = 0; i < 5; i++) {
                own.next.elapse();
                assertThat(own.next.delay).isLessThanOrEqualTo(Duration.ofSeconds(3));
            }
            assertThat(eager.status().problem()).isNotNull();
        }
        own.shutdownNow();
    }

    @Test
    void defectNeitherEndsThePollingNorHidesItself() {
        source.fails(new IllegalStateException("ours"));
        elapse();
        assertThat(executor.next.delay).isEqualTo(Duration.ofSeconds(1));
        assertThat(store.status().problem()).isNotNull();
        source.fails(null);
        elapse();
        assertThat(store.status().problem()).isNull();
    }

    @Test
    void errorOfTheJvmDoesNotEndThePolling() {
        MemorySource exhausted = workload.source();
        ManualExecutor own = new ManualExecutor();
        boolean[] broken = {false};
        try (SecretStore other = workload.store(exhausted)
                .executor(own)
                .nameCheck(names -> {
                    if (broken[0]) {
                        throw new OutOfMemoryError("made by a test");
                    }
                })
                .open()) {
            broken[0] = true;
            exhausted.put("a", workload.token("a", "1"));
            int before = own.scheduled;
            assertThatThrownBy(own.next::elapse).isInstanceOf(OutOfMemoryError.class);
            assertThat(own.scheduled).isEqualTo(before + 1);
            broken[0] = false;
            own.next.elapse();
            assertThat(Workload.text(other, "a")).isEqualTo("1");
        }
        own.shutdownNow();
    }

    @Test
    void changeThatHasToWaitIsTakenWhenItsTimeHasCome() {
        source.put("a", workload.token("a", "2"));
        store.refresh();
        source.put("a", workload.token("a", "3"));
        source.hint();
        executor.handedOver.remove().run();
        assertThat(executor.next.delay).isEqualTo(RefreshPolicy.DEFAULT.minInterval());
        assertThat(Workload.text(store, "a")).isEqualTo("2");
        elapse();
        assertThat(Workload.text(store, "a")).isEqualTo("3");
        nextIsAPoll();
    }

    @Test
    void hintsThatComeTogetherAreOneReading() {
        int readings = source.readings.get();
        for (int i = 0; i < 100; i++) {
            source.hint();
        }
        assertThat(executor.handedOver).hasSize(1);
        executor.handedOver.remove().run();
        assertThat(source.readings.get() - readings).isEqualTo(1);
        source.hint();
        assertThat(executor.handedOver).as("a later one counts").hasSize(1);
    }

    @Test
    void hintReplacesTheTimer() {
        ManualExecutor.Timer before = executor.next;
        source.hint();
        executor.handedOver.remove().run();
        assertThat(before.isCancelled()).isTrue();
        assertThat(executor.next != before).as("another timer").isTrue();
        nextIsAPoll();
    }

    @Test
    void closedStoreCancelsItsTimerAndAsksForNoOther() {
        int before = executor.scheduled;
        store.close();
        assertThat(executor.next.isCancelled()).isTrue();
        source.hint();
        assertThat(executor.handedOver).isEmpty();
        executor.next.elapse();
        assertThat(executor.scheduled).isEqualTo(before);
    }

    @Test
    void executorThatItsOwnerShutDownIsNoFailureOfTheStore() {
        executor.shutdown();
        source.hint();
        executor.next.elapse();
        source.put("a", workload.token("a", "2"));
        assertThat(store.refresh()).isTrue();
        assertThat(Workload.text(store, "a")).isEqualTo("2");
    }
}
