// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.SecretValue;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Readers during a storm of refreshes. Every value of a version is the same text, a generation's number says which one, and
 * the names differ from version to version: whatever a reader gets can be told to belong together, or not.
 */
@Timeout(1800)
final class ReadersTest {
    private static final int ITEMS = 8;
    private static final int READERS = 4;
    private static final long READS = Long.getLong("podseal.test.reads", 2_000_000);
    private static final int REFRESHES = 300;
    private static final int VERSIONS = 50;

    private final Workload workload = new Workload();

    /** The names of each version: eight items that all have, and one or two more of its own. */
    private static final List<Set<String>> NAMES =
            IntStream.range(0, VERSIONS).mapToObj(ReadersTest::names).toList();

    private static final List<String> TEXTS =
            IntStream.range(0, VERSIONS).mapToObj(i -> "version " + i).toList();

    private static Set<String> names(int version) {
        Set<String> names = new HashSet<>(List.of(version % 2 == 1 ? "odd" : "item0", "own" + version));
        IntStream.range(0, ITEMS).forEach(i -> names.add("item" + i));
        return names;
    }

    private Map<String, String> version(int number) {
        return NAMES.get(number).stream()
                .collect(Collectors.toMap(name -> name, name -> workload.token(name, TEXTS.get(number))));
    }

    /** What the generation of that number holds: the first one is version 0. */
    private static int versionOf(long generation) {
        return (int) ((generation - 1) % VERSIONS);
    }

    /** Makes threads of which every other one takes its cipher from the same one of two slots. */
    private static final class ReaderThreads implements ThreadFactory {
        private final List<Thread> made = new CopyOnWriteArrayList<>();

        @Override
        public Thread newThread(Runnable reader) {
            Thread thread = new Thread(reader);
            while (EphemeralCipher.slot(thread) != made.size() % 2) {
                thread = new Thread(reader);
            }
            made.add(thread);
            return thread;
        }

        List<Integer> slots() {
            return made.stream().map(EphemeralCipher::slot).toList();
        }
    }

    /** Swaps all its items at once, which the source in memory of the other tests does not. */
    private static final class Versions implements SecretSource {
        private volatile List<SourceItem> items = List.of();

        void swap(Map<String, String> tokens, byte[] document) {
            List<SourceItem> next = new ArrayList<>();
            next.add(new SourceItem(Workload.DOCUMENT, document));
            tokens.forEach((name, token) -> next.add(new SourceItem(name, token.getBytes(UTF_8))));
            items = List.copyOf(next);
        }

        @Override
        public List<SourceItem> read() {
            return items;
        }

        @Override
        public String secretName() {
            return Workload.SECRET;
        }

        @Override
        public boolean isLive() {
            return true;
        }
    }

    /** One look of a reader at everything; returns how much of it did not belong together. */
    private interface Look {
        int mixed();
    }

    /** What the readers found. */
    private record Found(long reads, long mixed, double seconds) {}

    /** Looks in several threads; each look counts for so many reads of values. */
    private static final class Looks {
        private final int readsInALook;
        private final LongAdder looks = new LongAdder();
        private final LongAdder mixed = new LongAdder();
        private final AtomicBoolean done = new AtomicBoolean();

        Looks(int readsInALook) {
            this.readsInALook = readsInALook;
        }

        long reads() {
            return looks.sum() * readsInALook;
        }

        long mixed() {
            return mixed.sum();
        }

        /** Goes on as long as the writer has to write, which gets the numbers from 1 on. */
        Found beside(Supplier<Look> reader, LongPredicate more, LongConsumer writer) throws Exception {
            ReaderThreads threads = new ReaderThreads();
            ExecutorService pool = Executors.newFixedThreadPool(READERS, threads);
            long began = System.nanoTime();
            try {
                List<Future<?>> readers = new ArrayList<>();
                for (int i = 0; i < READERS; i++) {
                    Look look = reader.get();
                    readers.add(pool.submit(() -> lookOn(look)));
                }
                assertThat(threads.slots()).as("slots for ciphers").containsExactly(0, 1, 0, 1);
                for (long next = 1; more.test(next) && !Thread.currentThread().isInterrupted(); next++) {
                    writer.accept(next);
                    for (Future<?> failed : readers) {
                        if (failed.isDone()) {
                            failed.get();
                        }
                    }
                }
                done.set(true);
                for (Future<?> each : readers) {
                    each.get();
                }
                return new Found(reads(), mixed(), (System.nanoTime() - began) / 1e9);
            } finally {
                done.set(true);
                pool.shutdownNow();
            }
        }

        private void lookOn(Look look) {
            while (!done.get()) {
                mixed.add(look.mixed());
                looks.increment();
            }
        }
    }

    /** Everything that a store shows, in the eyes of one thread. */
    private static final class Reader implements Look {
        private final SecretStore store;
        private Generation before;
        private SecretValue held;

        Reader(SecretStore store) {
            this.store = store;
            this.before = store.current();
            this.held = before.get("item0");
        }

        /** Ten reads of values: eight of this generation, and two of the one before, which may have been swapped out. */
        @Override
        public int mixed() {
            StoreStatus status = store.status();
            Generation now = store.current();
            int mixed = 0;
            mixed += before.number() <= status.generation() && status.generation() <= now.number() ? 0 : 1;
            mixed +=
                    status.values() == NAMES.get(versionOf(status.generation())).size() ? 0 : 1;
            mixed += now.names().equals(NAMES.get(versionOf(now.number()))) ? 0 : 1;
            for (int i = 0; i < ITEMS; i++) {
                mixed += belongs(now.get("item" + i), now) ? 0 : 1;
            }
            mixed += belongs(before.get("item1"), before) ? 0 : 1;
            mixed += belongs(held, before) ? 0 : 1;
            before = now;
            held = now.get("item0");
            return mixed;
        }

        static boolean belongs(SecretValue closed, Generation generation) {
            try (SecretValue value = closed) {
                return value.revealString().equals(TEXTS.get(versionOf(generation.number())));
            }
        }
    }

    /** Every new generation that a listener is told of. */
    private static final class Told implements OpenListener {
        final AtomicLong generations = new AtomicLong();
        final AtomicLong mixed = new AtomicLong();

        @Override
        public void opened(Generation generation, Set<String> changed) {
            Set<String> names = NAMES.get(versionOf(generation.number()));
            Set<String> cameOrWent = new HashSet<>(names);
            if (generation.number() > 1) {
                cameOrWent.addAll(NAMES.get(versionOf(generation.number() - 1)));
            }
            boolean whole = changed.equals(cameOrWent) && generation.names().equals(names);
            for (String name : generation.names()) {
                whole &= Reader.belongs(generation.get(name), generation);
            }
            generations.incrementAndGet();
            mixed.addAndGet(whole ? 0 : 1);
        }
    }

    @Test
    void noReaderSeesAMixOfTwoGenerations() throws Exception {
        Versions source = new Versions();
        byte[] document = workload.document();
        List<Map<String, String>> versions =
                IntStream.range(0, VERSIONS).mapToObj(this::version).toList();
        source.swap(versions.get(0), document);
        Told told = new Told();
        try (SecretStore store =
                workload.store(source).retainKeyset(true).listener(told).open()) {
            Looks looks = new Looks(ITEMS + 2);
            Found found =
                    looks.beside(() -> new Reader(store), next -> looks.reads() < READS || next <= REFRESHES, next -> {
                        source.swap(versions.get((int) (next % VERSIONS)), document);
                        assertThat(store.refresh()).isTrue();
                    });
            assertThat(found.mixed()).as("mixed looks").isZero();
            assertThat(found.reads()).isGreaterThanOrEqualTo(READS);
            assertThat(store.current().number()).isGreaterThan(REFRESHES);
            assertThat(told.generations).as("generations told of").hasPositiveValue();
            assertThat(told.mixed).as("mixed generations told of").hasValue(0);
            System.out.printf(
                    "%,d reads by %d readers in %.0f s, %,d generations (%.0f each second), %d mixed%n",
                    found.reads(),
                    READERS,
                    found.seconds(),
                    store.current().number(),
                    store.current().number() / found.seconds(),
                    found.mixed());
        }
    }

    /**
     * What no stress can show on x86-64, whose stores are seen in their order: a generation is whole for whoever sees it at
     * all, since its fields are final, and a store shows it by one volatile field.
     */
    @Test
    void generationsAreSafelyPublished() throws NoSuchFieldException {
        assertThat(Modifier.isVolatile(
                        SecretStore.class.getDeclaredField("view").getModifiers()))
                .isTrue();
        Class<?> view = SecretStore.class.getDeclaredField("view").getType();
        assertThat(Stream.of(view, Generation.class, EphemeralCipher.class, Digest.class)
                        .flatMap(type -> Stream.of(type.getDeclaredFields()))
                        .filter(field -> !Modifier.isFinal(field.getModifiers())))
                .isEmpty();
    }

    /** Values swapped one by one do mix, and the readers notice: sooner or later, as the scheduler likes. */
    @Test
    void controlItemByItemSwapsMix() throws Exception {
        AtomicLongArray items = new AtomicLongArray(ITEMS);
        Look look = () -> {
            long first = items.get(0);
            return (int)
                    IntStream.range(1, ITEMS).filter(i -> items.get(i) != first).count();
        };
        LongConsumer swap = next -> IntStream.range(0, ITEMS).forEach(i -> items.set(i, next));
        Looks looks = new Looks(ITEMS);
        assertThat(looks.beside(() -> look, next -> looks.mixed() == 0, swap).mixed())
                .isPositive();
    }
}
