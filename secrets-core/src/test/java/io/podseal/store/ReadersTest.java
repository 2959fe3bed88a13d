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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers during a storm of refreshes. Every value of a generation is the same text, so a mix is seen. */
@Timeout(120)
final class ReadersTest {
    private static final int ITEMS = 8;
    private static final int READERS = 4;
    private static final long READS = 2_000_000;
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

    @Test
    void noReaderSeesAMixOfTwoGenerations() throws Exception {
        Versions source = new Versions();
        byte[] document = workload.document();
        List<Map<String, String>> versions =
                IntStream.range(0, 50).mapToObj(this::version).toList();
        source.swap(versions.get(0), document);
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong reads = new AtomicLong();
        ExecutorService pool = Executors.newFixedThreadPool(READERS);
        try (SecretStore store = workload.store(source).retainKeyset(true).open()) {
            List<Future<Long>> readers = IntStream.range(0, READERS)
                    .mapToObj(i -> pool.submit(() -> mixed(store, reads, done)))
                    .toList();
            for (int next = 1; reads.get() < READS || next <= REFRESHES; next++) {
                source.swap(versions.get(next % versions.size()), document);
                assertThat(store.refresh()).isTrue();
            }
            done.set(true);
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).as("mixed generations").isZero();
            }
            assertThat(store.current().number()).isGreaterThan(REFRESHES);
        } finally {
            done.set(true);
            pool.shutdownNow();
        }
    }

    private static long mixed(SecretStore store, AtomicLong reads, AtomicBoolean done) {
        long mixed = 0;
        long last = 0;
        while (!done.get()) {
            Generation generation = store.current();
            byte[] first = bytes(generation, 0);
            for (int i = 1; i < ITEMS; i++) {
                mixed += Arrays.equals(first, bytes(generation, i)) ? 0 : 1;
            }
            mixed += generation.number() < last ? 1 : 0;
            last = generation.number();
            reads.addAndGet(ITEMS);
        }
        return mixed;
    }

    private static byte[] bytes(Generation generation, int item) {
        try (SecretValue value = generation.get("item" + item)) {
            return value.revealBytes();
        }
    }
}
