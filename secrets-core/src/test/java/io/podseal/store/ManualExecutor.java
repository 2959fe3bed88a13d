// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** An owner's executor that keeps what it is given until a test runs it, in the test's thread. */
final class ManualExecutor extends ScheduledThreadPoolExecutor {
    final Deque<Runnable> handedOver = new ArrayDeque<>();
    int scheduled;
    Timer next = new Timer(() -> {}, Duration.ZERO);

    ManualExecutor() {
        super(1);
    }

    static final class Timer implements ScheduledFuture<Object> {
        final Duration delay;
        private final Runnable work;
        private boolean cancelled;

        Timer(Runnable work, Duration delay) {
            this.work = work;
            this.delay = delay;
        }

        void elapse() {
            work.run();
        }

        @Override
        public boolean cancel(boolean interrupt) {
            cancelled = true;
            return true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean isDone() {
            return cancelled;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(delay);
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object get() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object get(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public void execute(Runnable work) {
        if (isShutdown()) {
            throw new RejectedExecutionException();
        }
        handedOver.add(work);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        if (isShutdown()) {
            throw new RejectedExecutionException();
        }
        scheduled++;
        next = new Timer(work, Duration.of(delay, unit.toChronoUnit()));
        return next;
    }
}
