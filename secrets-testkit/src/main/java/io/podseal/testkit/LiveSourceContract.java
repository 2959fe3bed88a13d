// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.RefreshPolicy;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.store.SourceItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a store relies on in a {@link SecretSource} that is live: {@link SecretSourceContract}, and what follows a change. */
public abstract class LiveSourceContract extends SecretSourceContract {
    private static final int READERS = 4;
    private static final int CHANGES = 50;
    /** The first ones may be told by hints of the watch's beginning. */
    private static final int TOLD_CHANGES = 4;

    /** No reading but those that a watch asks for. */
    private static final RefreshPolicy NO_POLL =
            new RefreshPolicy(true, Duration.ofDays(1), Duration.ZERO, Duration.ofDays(2), RefreshPolicy.OnDelete.FAIL);

    /** For subclasses. */
    protected LiveSourceContract() {}

    /** Whether its watches tell; by default they do. Of one that never does, changes are found by polling alone. */
    protected boolean tells() {
        return true;
    }

    // Reading

    /** Else a store would read once. */
    @Test
    void sourceSaysThatItIsLive() throws Exception {
        deliver(sample());
        assertTrue(open().isLive());
    }

    /** What was changed, added, removed, taken away and put back. */
    @Test
    void readingGivesWhatStandsThereNow() throws Exception {
        deliver(state(0));
        SecretSource source = open();
        for (int i = 0; i < 4; i++) {
            deliver(state(i));
            assertDelivered(state(i), source.read());
        }
        remove();
        refused(Set.of(ErrorCode.SOURCE_MISSING), source::read);
        deliver(state(4));
        assertDelivered(state(4), source.read());
    }

    /** While one changes all items as fast as it can, others read: each reading is one of the states, whole. */
    @Test
    void everyReadingIsOneState() throws Exception {
        deliver(state(0));
        SecretSource source = open();
        assertDelivered(state(0), source.read());
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(threads.submit(() -> {
                    while (!over.get()) {
                        readOneState(source);
                    }
                    return null;
                }));
            }
            for (int i = 1; i <= CHANGES; i++) {
                deliver(state(i));
            }
            over.set(true);
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            over.set(true);
            threads.shutdown();
        }
        assertDelivered(state(CHANGES), source.read());
    }

    private void readOneState(SecretSource source) {
        List<SourceItem> items;
        try {
            items = source.read();
        } catch (PodsealException outrun) {
            assertEquals(ErrorCode.SOURCE_UNAVAILABLE, outrun.code(), outrun::toString);
            return;
        }
        String text = new String(items.get(0).content(), UTF_8);
        assertDelivered(state(Integer.parseInt(text.substring(0, text.indexOf('\n')))), items);
    }

    /** Each item holds the number of the state, a thousand times; every other state has one item less. */
    private Map<String, byte[]> state(int number) {
        List<String> names = names();
        int count = names.size() > 1 && number % 2 == 1 ? names.size() - 1 : names.size();
        return new TreeMap<>(items(names.subList(0, count), bytes((number + "\n").repeat(1000))));
    }

    // Watching

    /** After the hint, a reading gives what was changed: one time after the other. */
    @Test
    void changesAreTold() throws Exception {
        deliver(state(0));
        SecretSource source = open();
        source.read();
        try (Watching watching = new Watching(source)) {
            for (int i = 1; i <= TOLD_CHANGES; i++) {
                deliver(state(i));
                watching.awaitHintOf(state(i));
            }
        }
    }

    /** Between the first reading and the watch there is time for a change. */
    @Test
    void changeBeforeTheWatchIsTold() throws Exception {
        deliver(state(0));
        SecretSource source = open();
        source.read();
        deliver(state(1));
        try (Watching watching = new Watching(source)) {
            watching.awaitHintOf(state(1));
        }
    }

    /** The store is gone, and the executor may be the owner's. */
    @Test
    void closedWatchTellsNothingAndGivesItsThreadBack() throws Exception {
        deliver(state(0));
        SecretSource closed = open();
        SecretSource control = open();
        closed.read();
        control.read();
        try (Watching watching = new Watching(control)) {
            Watching ended = new Watching(closed);
            deliver(state(1));
            ended.awaitHintOf(state(1));
            watching.awaitHintOf(state(1));
            ended.close();
            deliver(state(2));
            watching.awaitHintOf(state(2));
            ended.hints.drainPermits(); // what was on its way
            for (int i = 3; i <= 2 + TOLD_CHANGES; i++) {
                deliver(state(i));
                watching.awaitHintOf(state(i));
            }
            assertEquals(0, ended.hints.availablePermits(), "hints of a closed watch");
        }
    }

    /** With a watch from the first reading on. */
    @Override
    final void use(SecretSource source) throws Exception {
        assertDelivered(sample(), source.read());
        new Watching(source).close();
        source.close();
    }

    /** A watch, on an executor that has one thread for it. */
    private final class Watching implements AutoCloseable {
        private final Semaphore hints = new Semaphore(0);
        private final ExecutorService executor = Executors.newSingleThreadExecutor();
        private final SecretSource source;
        private final SecretSource.Watch watch;

        Watching(SecretSource source) {
            this.source = source;
            this.watch = source.watch(executor, hints::release);
        }

        void awaitHintOf(Map<String, byte[]> state) throws Exception {
            long end = System.nanoTime() + patience().toNanos();
            while (tells()) {
                assertTrue(hints.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS), "nothing was told");
                if (isRead(state)) {
                    return;
                }
            }
            assertTrue(isRead(state));
        }

        private boolean isRead(Map<String, byte[]> state) {
            try {
                List<SourceItem> items = source.read();
                Set<String> names = new HashSet<>();
                items.forEach(item -> names.add(item.name() + new String(item.content(), UTF_8)));
                Set<String> wanted = new HashSet<>();
                state.forEach((name, content) -> wanted.add(name + new String(content, UTF_8)));
                return names.equals(wanted);
            } catch (PodsealException changing) {
                return false;
            }
        }

        @Override
        public void close() {
            watch.close();
            watch.close();
            executor.shutdown();
            assertTrue(eventually(executor::isTerminated), "a closed watch keeps its thread");
        }
    }

    // The whole way

    /** A change of a value is in the next generation, without a poll where the source tells. */
    @Test
    void storeFollowsAChange() throws Exception {
        String secret = secretName();
        deliver(sealed(secret, "first"));
        try (SecretStore store = store().refresh(NO_POLL).open()) {
            assertEquals("first", value(store));
            deliver(sealed(secret, "second"));
            assertTrue(
                    eventually(
                            () -> (tells() || store.refresh()) && value(store).equals("second")),
                    "no new generation");
        }
    }

    /** A fault withdraws no value; the deletion of the place does, where the policy says so, until it is back. */
    @Test
    void storeTellsAFaultFromADeletion() throws Exception {
        String secret = secretName();
        deliver(sealed(secret, "first"));
        try (SecretStore store = store().refresh(NO_POLL).open()) {
            try (AutoCloseable obstacle = obstruct()) {
                if (obstacle != null) {
                    assertFalse(store.refresh());
                    assertEquals("first", value(store));
                }
            }
            assertTrue(store.refresh());
            remove();
            assertFalse(store.refresh());
            PodsealException withdrawn = assertThrows(PodsealException.class, store::current);
            assertEquals(ErrorCode.SOURCE_MISSING, withdrawn.code());
            deliver(sealed(secret, "second"));
            assertTrue(eventually(store::refresh));
            assertEquals("second", value(store));
        }
    }
}
