// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** The patience of a start: who cannot be reached yet is asked again, and who does not exist yet is waited for. */
final class StartRetry {
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
    private static final Duration SHORTEST = Duration.ofMillis(50);

    private final Duration deadline;
    private final Duration waitForObjects;
    private final LongSupplier nanoTime;
    private final Pause pause;
    private final DoubleSupplier random;

    StartRetry(Duration deadline, Duration waitForObjects, LongSupplier nanoTime, Pause pause, DoubleSupplier random) {
        this.deadline = deadline;
        this.waitForObjects = waitForObjects;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.random = random;
    }

    StartRetry(KubernetesSourcesBuilder options) {
        this(
                options.startDeadline,
                options.waitForObjects,
                options.nanoTime,
                Thread::sleep,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** Lets time pass. */
    interface Pause {
        void of(long millis) throws InterruptedException;
    }

    /** One call. */
    interface Call<T> {
        T get() throws CallFailure;
    }

    /** The same, without waiting for what does not exist. */
    StartRetry withoutWaiting() {
        return new StartRetry(deadline, Duration.ZERO, nanoTime, pause, random);
    }

    /** @throws PodsealException the last failure, once waiting has no more sense */
    <T> T call(Call<T> call) {
        long begun = nanoTime.getAsLong();
        Duration backoff = FIRST_BACKOFF;
        int asked = 0;
        while (true) {
            try {
                asked++;
                return call.get();
            } catch (CallFailure failure) {
                Duration spent = Duration.ofNanos(nanoTime.getAsLong() - begun);
                // Full jitter: pods that start together, or lost the server together, must not return together.
                Duration jitter = Duration.ofMillis((long) (backoff.toMillis() * random.getAsDouble()));
                Duration next = failure.retryAfter().plus(jitter.compareTo(SHORTEST) < 0 ? SHORTEST : jitter);
                if (spent.plus(next).compareTo(limit(failure.kind())) >= 0) {
                    throw told(failure, asked, spent);
                }
                pause(next, failure);
                backoff = backoff.multipliedBy(2).compareTo(MAX_BACKOFF) < 0 ? backoff.multipliedBy(2) : MAX_BACKOFF;
            }
        }
    }

    private Duration limit(CallFailure.Kind kind) {
        return switch (kind) {
            case ABSENT -> waitForObjects;
            case BUSY, SILENT -> deadline.compareTo(waitForObjects) > 0 ? deadline : waitForObjects;
            case FINAL -> Duration.ZERO;
        };
    }

    private void pause(Duration time, CallFailure failure) {
        try {
            pause.of(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure.reason();
        }
    }

    private static PodsealException told(CallFailure failure, int asked, Duration spent) {
        PodsealException reason = failure.reason();
        if (asked == 1) {
            return reason;
        }
        String setting = failure.kind() == CallFailure.Kind.ABSENT ? "wait-for-objects" : "start-deadline";
        String detail = reason.detail() + "; asked " + asked + " times in " + spent.toSeconds()
                + " s (podseal.kubernetes." + setting + ")";
        ErrorCode code = reason.code();
        return reason.getCause() == null ? code.because(detail) : code.because(detail, reason.getCause());
    }
}
