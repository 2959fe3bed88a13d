// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** When a store reads again: at every poll, when a watch tells, and sooner after a failed read. */
final class Refresher implements AutoCloseable {
    /** What a check returns when its source could not be read: the back-off decides. */
    static final Duration SOURCE_FAILED = Duration.ofNanos(Long.MAX_VALUE);

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(25);
    private static final double POLL_JITTER = 0.1;

    private final Supplier<Duration> check;
    private final List<SecretSource> sources = new ArrayList<>();
    private final List<SecretSource.Watch> watches = new ArrayList<>();
    private final Duration pollInterval;
    private final ScheduledExecutorService executor;
    private final boolean owned;
    private final AtomicBoolean hinted = new AtomicBoolean();
    private @Nullable Future<?> next;
    private Duration backoff = FIRST_BACKOFF;
    private boolean closed;

    Refresher(Supplier<Duration> check, SecretStoreBuilder options) {
        this.check = check;
        this.sources.add(options.source);
        this.sources.addAll(options.keysetSources);
        this.pollInterval = options.refresh.pollInterval();
        this.owned = options.executor == null;
        this.executor = options.executor != null ? options.executor : ownExecutor(1 + sources.size());
    }

    private static ScheduledExecutorService ownExecutor(int threads) {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(threads, DaemonThreads.named("podseal-refresh"));
        executor.setRemoveOnCancelPolicy(true); // or a source that changes often would pile up cancelled polls
        return executor;
    }

    synchronized void start() {
        sources.forEach(source -> watches.add(source.watch(executor, this::hint)));
        schedule(Duration.ZERO);
    }

    /** Many hints at once are one check. */
    private void hint() {
        if (hinted.compareAndSet(false, true)) {
            try {
                executor.execute(this::run);
            } catch (RejectedExecutionException closing) {
                hinted.set(false);
            }
        }
    }

    private void run() {
        hinted.set(false);
        Duration wait = SOURCE_FAILED;
        try {
            wait = check.get();
        } finally {
            schedule(wait); // whatever happened, there is a next time
        }
    }

    private synchronized void schedule(Duration wait) {
        if (closed) {
            return;
        }
        if (next != null) {
            next.cancel(false);
        }
        long nanos = delay(wait).toNanos();
        try {
            next = executor.schedule(this::run, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ownersShutdown) {
            next = null;
        }
    }

    private Duration delay(Duration wait) {
        if (wait.equals(SOURCE_FAILED)) {
            Duration delay = backoff.compareTo(pollInterval) < 0 ? backoff : pollInterval;
            backoff = backoff.multipliedBy(2).compareTo(MAX_BACKOFF) < 0 ? backoff.multipliedBy(2) : MAX_BACKOFF;
            return delay;
        }
        backoff = FIRST_BACKOFF;
        if (!wait.isZero() && wait.compareTo(pollInterval) < 0) {
            return wait;
        }
        double jitter = 1 - POLL_JITTER * ThreadLocalRandom.current().nextDouble();
        return Duration.ofNanos((long) (pollInterval.toNanos() * jitter));
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel(false);
        }
        if (owned) {
            executor.shutdownNow();
        }
        watches.forEach(SecretSource.Watch::close);
    }
}
