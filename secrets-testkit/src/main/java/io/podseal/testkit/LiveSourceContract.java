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
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What a store relies on in a {@link SecretSource} that is live: {@link SecretSourceContract}, and what follows a change. */
public abstract class LiveSourceContract extends SecretSourceContract {
    private static final int READERS = 4;
    private static final int OVERLAPPING = 5;
    private static final Pattern STATE = Pattern.compile("(\\d{1,9})\n(\\1\n)*");
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
        SecretSource source = open();
        assertTrue(source.isLive(), () -> source + " follows changes, and does not say so: isLive()");
    }

    /** What was changed, added, removed, taken away and put back. */
    @Test
    void readingGivesWhatStandsThereNow() throws Exception {
        deliver(state(0));
        SecretSource source = open();
        for (int i = 0; i < 4; i++) {
            deliver(state(i));
            assertDelivered(state(i), source);
        }
        remove();
        refused(source, Set.of(ErrorCode.SOURCE_MISSING), source::read);
        deliver(state(4));
        assertDelivered(state(4), source);
    }

    /**
     * While one changes all items as fast as it can, others read: each reading is one of the states, whole. It goes on until
     * each of them has read often enough while a change was made.
     */
    @Test
    void everyReadingIsOneState() throws Exception {
        deliver(state(0));
        SecretSource source = open();
        assertDelivered(state(0), source);
        AtomicInteger delivered = new AtomicInteger();
        List<Reader> readers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try {
            for (int i = 0; i < READERS; i++) {
                readers.add(new Reader(source, delivered));
            }
            List<Future<?>> running = new ArrayList<>();
            readers.forEach(reader -> running.add(threads.submit(reader)));
            long end = System.nanoTime() + timeout().toNanos();
            while (readers.stream().noneMatch(reader -> reader.failure != null)
                    && !readers.stream().allMatch(reader -> reader.overlapping >= OVERLAPPING)) {
                deliver(state(delivered.get() + 1));
                delivered.incrementAndGet();
                assertTrue(
                        System.nanoTime() < end,
                        () -> "of " + source + ", there are not " + OVERLAPPING
                                + " readings for each reader while changes are made: " + readers);
            }
            readers.forEach(reader -> reader.over = true);
            for (int i = 0; i < READERS; i++) {
                Throwable failure = readers.get(i).failure;
                if (failure != null) {
                    throw new AssertionError(failure.getMessage(), failure);
                }
            }
            for (Future<?> reader : running) {
                reader.get();
            }
        } finally {
            readers.forEach(reader -> reader.over = true);
            threads.shutdownNow();
        }
        assertDelivered(state(delivered.get()), source);
    }

    /** Reads until it is told to end, or a reading is no state. */
    private final class Reader implements Runnable {
        private final SecretSource source;
        private final AtomicInteger delivered;
        private volatile boolean over;
        private volatile int overlapping;
        private volatile int outrun;
        private volatile @Nullable Throwable failure;

        Reader(SecretSource source, AtomicInteger delivered) {
            this.source = source;
            this.delivered = delivered;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // the one thread that writes
        public void run() {
            try {
                while (!over) {
                    int before = delivered.get();
                    if (!readOneState(source)) {
                        outrun++;
                    } else if (delivered.get() != before) {
                        overlapping++;
                    }
                }
            } catch (Throwable wrong) {
                failure = wrong;
            }
        }

        @Override
        public String toString() {
            return overlapping + " (and " + outrun + " SOURCE_UNAVAILABLE)";
        }
    }

    private boolean readOneState(SecretSource source) {
        List<SourceItem> items;
        try {
            items = source.read();
        } catch (PodsealException outrun) {
            assertEquals(
                    ErrorCode.SOURCE_UNAVAILABLE,
                    outrun.code(),
                    () -> source + " may give way to a change with SOURCE_UNAVAILABLE alone: " + outrun);
            return false;
        }
        assertFalse(items.isEmpty(), () -> source + " gave nothing where items stand");
        Matcher number = STATE.matcher(new String(items.get(0).content(), UTF_8));
        assertTrue(
                number.matches(),
                () -> source + " gave a part of an item, " + items.get(0).name());
        try {
            assertDelivered(source, state(Integer.parseInt(number.group(1))), items);
        } catch (AssertionError mixed) {
            throw new AssertionError(source + " gave a mix of two states: " + mixed.getMessage(), mixed);
        }
        return true;
    }

    /** Each item holds the number of the state, a thousand times; every other state has one item less. */
    private Map<String, byte[]> state(int number) {
        List<String> names = itemNames();
        int count = names.size() > 1 && number % 2 == 1 ? names.size() - 1 : names.size();
        return new TreeMap<>(items(names.subList(0, count), bytes((number + "\n").repeat(1000))));
    }

    // Watching

    /** A store begins it while somebody waits for the store. */
    @Test
    void watchReturnsAtOnce() throws Exception {
        deliver(state(0));
        SecretSource source = open();
        source.read();
        try (Watching watching = new Watching(source)) {
            assertTrue(watching.isRead(state(0)));
        }
    }

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
            assertEquals(
                    0, ended.hints.availablePermits(), "hints that " + closed + " gave after its watch was closed");
        }
    }

    /** With a watch from the first reading on. */
    @Override
    final void use(SecretSource source) throws Exception {
        assertDelivered(sample(), source);
        new Watching(source).close();
        source.close();
    }

    /** A watch, on an executor that has one thread for it. */
    private final class Watching implements AutoCloseable {
        private final Semaphore hints = new Semaphore(0);
        private final ExecutorService executor = Executors.newSingleThreadExecutor();
        private final SecretSource source;
        private final SecretSource.Watch watch;

        Watching(SecretSource source) throws Exception {
            this.source = source;
            FutureTask<SecretSource.Watch> begun = new FutureTask<>(() -> source.watch(executor, hints::release));
            Thread caller = new Thread(begun, "watch");
            caller.setDaemon(true);
            caller.start();
            try {
                this.watch = begun.get(timeout().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException waits) {
                caller.interrupt();
                executor.shutdownNow();
                throw new AssertionError(
                        source + ".watch has to return at once; let it wait in the executor's thread", waits);
            }
        }

        void awaitHintOf(Map<String, byte[]> state) throws Exception {
            long end = System.nanoTime() + timeout().toNanos();
            while (tells()) {
                assertTrue(
                        hints.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS),
                        () -> "nothing was told of a change of " + source);
                if (isRead(state)) {
                    return;
                }
            }
            assertTrue(isRead(state), () -> source + " does not give what was delivered last");
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
            assertTrue(eventually(executor::isTerminated), () -> "a closed watch of " + source + " keeps its thread");
        }
    }

    // The whole way

    /** A change of a value is in the next generation, without a poll where the source tells. */
    @Test
    void storeFollowsAChange() throws Exception {
        deliver(sealed("first"));
        try (SecretStore store = store().refresh(NO_POLL).open()) {
            assertEquals("first", value(store));
            deliver(sealed("second"));
            assertTrue(
                    eventually(
                            () -> (tells() || store.refresh()) && value(store).equals("second")),
                    () -> "no new generation after a change of " + store);
        }
    }

    private String valueThroughAFault(SecretStore store) {
        try {
            return value(store);
        } catch (PodsealException withdrawn) {
            throw new AssertionError(
                    "a fault withdrew the values: not SOURCE_MISSING where it is not absent", withdrawn);
        }
    }

    /** A fault withdraws no value; the deletion of the place does, where the policy says so, until it is back. */
    @Test
    void storeTellsAFaultFromADeletion(TestReporter reporter) throws Exception {
        deliver(sealed("first"));
        try (SecretStore store = store().refresh(NO_POLL).open()) {
            try (AutoCloseable obstacle = obstruct()) {
                if (obstacle == null) {
                    notShown(reporter, open());
                } else {
                    assertFalse(store.refresh());
                    assertEquals("first", valueThroughAFault(store));
                }
            }
            assertTrue(store.refresh());
            remove();
            assertFalse(store.refresh());
            PodsealException withdrawn = assertThrows(PodsealException.class, store::current);
            assertEquals(ErrorCode.SOURCE_MISSING, withdrawn.code());
            deliver(sealed("second"));
            assertTrue(eventually(store::refresh));
            assertEquals("second", value(store));
        }
    }
}
