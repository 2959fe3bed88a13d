// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.SecretValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers during a storm of refreshes. Every value of a generation is the same text, so a mix is seen. */
@Timeout(1800)
final class ReadersTest {
    private static final int ITEMS = 8;
    private static final int READERS = 4;
    private static final long READS = Long.getLong("podseal.test.reads", 2_000_000);
    private static final int REFRESHES = 300;

    private final Workload workload = new Workload();

    private Map<String, String> version(int number) {
        return IntStream.range(0, ITEMS)
                .mapToObj(i -> "item" + i)
                .collect(Collectors.toMap(item -> item, item -> workload.token(item, "version " + number)));
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

    /** A whole generation: the bytes of an item by its number. */
    private interface Whole {
        byte[] item(int number);
    }

    /** What the readers found. */
    private record Found(long reads, long mixed) {}

    /** Reads whole generations in several threads as long as the writer writes. */
    private static Found readersBeside(Supplier<Whole> current, LongConsumer writer) throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong reads = new AtomicLong();
        ExecutorService pool = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<Long>> readers = IntStream.range(0, READERS)
                    .mapToObj(i -> pool.submit(() -> mixed(current, reads, done)))
                    .toList();
            for (long next = 1; reads.get() < READS || next <= REFRESHES; next++) {
                writer.accept(next);
            }
            done.set(true);
            long mixed = 0;
            for (Future<Long> reader : readers) {
                mixed += reader.get();
            }
            return new Found(reads.get(), mixed);
        } finally {
            done.set(true);
            pool.shutdownNow();
        }
    }

    private static long mixed(Supplier<Whole> current, AtomicLong reads, AtomicBoolean done) {
        long mixed = 0;
        while (!done.get()) {
            Whole generation = current.get();
            byte[] first = generation.item(0);
            for (int i = 1; i < ITEMS; i++) {
                mixed += Arrays.equals(first, generation.item(i)) ? 0 : 1;
            }
            reads.addAndGet(ITEMS);
        }
        return mixed;
    }

    @Test
    void noReaderSeesAMixOfTwoGenerations() throws Exception {
        Versions source = new Versions();
        byte[] document = workload.document();
        List<Map<String, String>> versions =
                IntStream.range(0, 50).mapToObj(this::version).toList();
        source.swap(versions.get(0), document);
        try (SecretStore store = workload.store(source).retainKeyset(true).open()) {
            ThreadLocal<Long> last = ThreadLocal.withInitial(() -> 0L);
            long began = System.nanoTime();
            Found found = readersBeside(
                    () -> {
                        Generation generation = store.current();
                        assertThat(generation.number()).isGreaterThanOrEqualTo(last.get());
                        last.set(generation.number());
                        return item -> bytes(generation, item);
                    },
                    next -> {
                        source.swap(versions.get((int) (next % versions.size())), document);
                        assertThat(store.refresh()).isTrue();
                    });
            assertThat(found.mixed()).as("mixed generations").isZero();
            assertThat(found.reads()).isGreaterThanOrEqualTo(READS);
            assertThat(store.current().number()).isGreaterThan(REFRESHES);
            System.out.printf(
                    "Reads under refreshes: %,d in %,d generations (%.0f each second), %d mixed%n",
                    found.reads(),
                    store.current().number(),
                    store.current().number() * 1e9 / (System.nanoTime() - began),
                    found.mixed());
        }
    }

    /** Values swapped one by one do mix, and the readers notice. */
    @Test
    void controlItemByItemSwapsMix() throws Exception {
        AtomicReferenceArray<byte[]> items = new AtomicReferenceArray<>(ITEMS);
        LongConsumer swap = next -> {
            for (int i = 0; i < ITEMS; i++) {
                items.set(i, Long.toString(next).getBytes(UTF_8));
            }
        };
        swap.accept(0);
        assertThat(readersBeside(() -> items::get, swap).mixed()).isPositive();
    }

    private static byte[] bytes(Generation generation, int item) {
        try (SecretValue value = generation.get("item" + item)) {
            return value.revealBytes();
        }
    }
}
