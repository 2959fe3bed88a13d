// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Keeps listeners apart from the store and from each other. */
final class Listeners implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SecretStore.class.getName());
    private static final int MAX_WAITING = 256;
    private static final long IDLE_SECONDS = 10;

    private final List<Lane> lanes = new CopyOnWriteArrayList<>();

    private record Lane(OpenListener listener, ThreadPoolExecutor executor) {}

    OpenListener.Subscription add(OpenListener listener) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                0,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                DaemonThreads.named("podseal-listener"),
                new ThreadPoolExecutor.DiscardOldestPolicy());
        Lane lane = new Lane(listener, executor);
        lanes.add(lane);
        return () -> {
            lanes.remove(lane);
            executor.shutdownNow();
        };
    }

    void tell(Consumer<OpenListener> event) {
        for (Lane lane : lanes) {
            lane.executor().execute(() -> {
                try {
                    event.accept(lane.listener());
                } catch (RuntimeException e) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "a listener failed with {0}",
                            e.getClass().getName());
                }
            });
        }
    }

    @Override
    public void close() {
        lanes.forEach(lane -> lane.executor().shutdownNow());
        lanes.clear();
    }
}
