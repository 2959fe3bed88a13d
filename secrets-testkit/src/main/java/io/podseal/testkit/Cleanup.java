// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be ended or removed, the latest first; at the end of the JVM where nobody did it before. Thread-safe. */
final class Cleanup implements AutoCloseable {
    private final Deque<AutoCloseable> steps = new ArrayDeque<>();
    private final Thread atExit = new Thread(this::run, "podseal-testkit-cleanup");

    Cleanup() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    synchronized <T extends AutoCloseable> T add(T step) {
        steps.push(step);
        return step;
    }

    @Override
    public void close() {
        run();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            // then the hook finds nothing left
        }
    }

    private synchronized void run() {
        while (!steps.isEmpty()) {
            try {
                steps.pop().close();
            } catch (Exception e) {
                System.getLogger(Cleanup.class.getName()).log(System.Logger.Level.WARNING, "not cleaned up", e);
            }
        }
    }
}
