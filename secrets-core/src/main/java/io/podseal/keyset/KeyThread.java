// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs work with long-term keys on a fresh platform thread that ends with it. Tink and the JCE keep ciphers, and so key
 * copies, in thread-locals: on a pooled thread they would stay for its life.
 */
public final class KeyThread {
    private KeyThread() {}

    /**
     * Runs the work and waits for it, at most the given time; then the thread is interrupted and left to end by itself.
     *
     * @param name the thread's name
     * @throws ExecutionException with what the work threw
     * @throws TimeoutException where the work did not end in time
     * @throws InterruptedException where the waiting thread was interrupted
     */
    public static <T> T call(String name, Duration timeout, Callable<T> work)
            throws ExecutionException, TimeoutException, InterruptedException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            task.cancel(true);
        }
    }

    /**
     * Runs work that throws only unchecked exceptions, and waits for it however long it takes.
     *
     * @throws IllegalStateException where the waiting thread was interrupted; it stays interrupted
     */
    public static <T> T call(String name, Callable<T> work) {
        try {
            return call(name, Duration.ofNanos(Long.MAX_VALUE), work);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException("unexpected failure of " + name, failure.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }
}
