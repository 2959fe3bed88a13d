// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.testkit.FakeKms;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners hear everything once, and nothing that one of them does reaches the store or another. */
@Timeout(60)
final class ListenersTest {
    private final OurThreads threads = new OurThreads();
    private final Workload workload = new Workload();
    private final MemorySource source =
            workload.source().put("a", workload.token("a", "1")).put("b", workload.token("b", "1"));
    private final Journal journal = new Journal();
    private SecretStore store;

    private static final class Journal implements OpenListener {
        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void opened(Generation generation, Set<String> changedNames) {
            events.add("opened " + generation.number() + " " + new TreeSet<>(changedNames));
        }

        @Override
        public void refused(PodsealException failure) {
            events.add("refused " + failure.code());
        }

        @Override
        public void unwrapped(String kekUri) {
            events.add("unwrapped " + kekUri);
        }

        @Override
        public void kmsFailed(String kekUri, PodsealException failure) {
            events.add("failed " + kekUri + " " + failure.code());
        }
    }

    private void open(OpenListener... others) {
        SecretStoreBuilder builder = workload.store(source);
        for (OpenListener other : others) {
            builder.listener(other);
        }
        store = builder.listener(journal).open();
    }

    @AfterEach
    void close() {
        store.close();
        threads.awaitNone();
    }

    private void heard(String... events) {
        await().untilAsserted(() -> assertThat(journal.events).containsExactly(events));
    }

    @Test
    void eachEventIsToldOnceAndInOrder() {
        open();
        heard("unwrapped fake-kms://a", "opened 1 [a, b]");
        journal.events.clear();
        store.refresh();
        source.put("b", workload.token("b", "2")).remove("a").put("c", workload.token("c", "3"));
        store.refresh();
        heard("unwrapped fake-kms://a", "opened 2 [a, b, c]");
        journal.events.clear();
        byte[] value = source.read().get(1).content();
        source.put("b", "hunter2");
        store.refresh();
        store.refresh();
        store.refresh();
        source.put("b", value);
        store.refresh();
        source.fails(ErrorCode.SOURCE_UNAVAILABLE.because("I/O error"));
        store.refresh();
        store.refresh();
        source.fails(ErrorCode.SOURCE_MISSING.because("deleted"));
        store.refresh();
        heard("refused FORMAT", "refused SOURCE_UNAVAILABLE", "refused SOURCE_MISSING");
    }

    @Test
    void newGenerationOfTheSameTokensChangesNoName() {
        open();
        heard("unwrapped fake-kms://a", "opened 1 [a, b]");
        source.put("copy.keyset.json", workload.document());
        store.refresh();
        heard(
                "unwrapped fake-kms://a",
                "opened 1 [a, b]",
                "unwrapped fake-kms://a",
                "unwrapped fake-kms://a",
                "opened 2 []");
    }

    @Test
    void everyKmsFailureIsToldAndTheRefusalOnce() {
        open();
        heard("unwrapped fake-kms://a", "opened 1 [a, b]");
        journal.events.clear();
        workload.kms.answers(FakeKms.DENIES);
        source.put("a", workload.token("a", "2"));
        store.refresh();
        workload.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        store.refresh();
        heard("failed fake-kms://a KMS_DENIED", "refused KMS_DENIED", "failed fake-kms://a KMS_DENIED");
    }

    @Test
    void throwingListenerDisturbsNobodyAndHearsTheNextEvent() {
        List<String> heard = new CopyOnWriteArrayList<>();
        open(new OpenListener() {
            @Override
            public void opened(Generation generation, Set<String> changedNames) {
                heard.add("opened " + generation.number());
                throw new IllegalStateException("a listener's own");
            }

            @Override
            public void unwrapped(String kekUri) {
                heard.add("unwrapped");
                throw new IllegalStateException("a listener's own");
            }
        });
        source.put("a", workload.token("a", "2"));
        assertThat(store.refresh()).isTrue();
        await().untilAsserted(
                        () -> assertThat(heard).containsExactly("unwrapped", "opened 1", "unwrapped", "opened 2"));
        heard("unwrapped fake-kms://a", "opened 1 [a, b]", "unwrapped fake-kms://a", "opened 2 [a]");
    }

    @Test
    void blockedListenerHoldsUpNobodyAndLosesTheOldestEvents() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        List<Long> heard = new CopyOnWriteArrayList<>();
        open(new OpenListener() {
            @Override
            public void unwrapped(String kekUri) {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void opened(Generation generation, Set<String> changedNames) {
                heard.add(generation.number());
            }
        });
        blocked.await();
        int changes = 300;
        for (int i = 2; i <= changes; i++) {
            source.put("bad" + i, "hunter2").remove("bad" + (i - 1));
            store.refresh(); // one event each
        }
        source.remove("bad" + changes);
        source.put("a", workload.token("a", "2"));
        assertThat(store.refresh()).isTrue();
        await().untilAsserted(() -> assertThat(journal.events).endsWith("opened 2 [a]"));
        assertThat(heard).isEmpty();
        release.countDown();
        await().untilAsserted(() -> assertThat(heard)
                .as("the first generation's event was lost, the last one's kept")
                .containsExactly(2L));
    }

    @Test
    void removedListenerHearsNothingMoreAndDoesNotOutliveItsRemoval() throws Exception {
        open();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AutoCloseable subscription = store.subscribe(new OpenListener() {
            @Override
            public void opened(Generation generation, Set<String> changedNames) {
                blocked.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }
        });
        source.put("a", workload.token("a", "2"));
        store.refresh();
        blocked.await();
        subscription.close();
        interrupted.await();
        assertThat(store.refresh()).isTrue();
    }

    @Test
    void listenerThatBlocksForEverEndsWithTheStore() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        open(new OpenListener() {
            @Override
            public void unwrapped(String kekUri) {
                blocked.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        blocked.await();
        store.close();
        threads.awaitNone();
    }
}
