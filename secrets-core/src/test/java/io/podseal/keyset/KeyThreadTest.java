// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.podseal.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class KeyThreadTest {
    @Test
    void workRunsOnAFreshNamedDaemonThreadThatEnds() throws InterruptedException {
        Thread first = KeyThread.call("podseal-open", Thread::currentThread);
        Thread second = KeyThread.call("podseal-open", Thread::currentThread);
        assertThat(first).isNotSameAs(second).isNotSameAs(Thread.currentThread());
        assertThat(first.getName()).isEqualTo("podseal-open");
        assertThat(first.isDaemon()).isTrue();
        first.join();
        second.join();
    }

    @Test
    void threadLocalsOfTheCallerAreNotSharedAndThoseOfTheWorkAreGone() {
        ThreadLocal<String> local = new ThreadLocal<>();
        local.set("caller");
        assertThat(KeyThread.<Boolean>call("x", () -> local.get() == null)).isTrue();
        KeyThread.call("x", () -> {
            local.set("work");
            return 1;
        });
        assertThat(local.get()).isEqualTo("caller");
    }

    @Test
    void uncheckedFailureOfTheWorkIsThrownAsItIs() {
        Refusal.of(
                AUTHENTICATION,
                () -> KeyThread.call("x", () -> {
                    throw AUTHENTICATION.because("altered");
                }));
        assertThatIllegalStateException()
                .isThrownBy(() -> KeyThread.call("x", () -> {
                    throw new IOException("checked");
                }))
                .withCauseInstanceOf(IOException.class);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> KeyThread.call("x", Duration.ofMinutes(5), () -> {
                    throw new IOException("checked");
                }))
                .withCauseInstanceOf(IOException.class);
    }

    @Test
    void workThatHangsIsInterruptedAtItsTimeout() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicReference<Thread> worker = new AtomicReference<>();
        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> KeyThread.call("x", Duration.ofMillis(1), () -> {
                    worker.set(Thread.currentThread());
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                    return 1;
                }));
        // Where the machine was so slow that the work had not begun, it never does.
        if (worker.get() != null) {
            worker.get().join();
            assertThat(interrupted.getCount()).isZero();
        }
    }

    @Test
    void interruptedCallerStaysInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThatIllegalStateException()
                    .isThrownBy(() -> KeyThread.call("x", () -> {
                        new CountDownLatch(1).await();
                        return 1;
                    }));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
