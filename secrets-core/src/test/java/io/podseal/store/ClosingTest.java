// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.podseal.CallThreads;
import io.podseal.Scope;
import io.podseal.testkit.FakeKms;
import io.podseal.testkit.KubeletMount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A closed store leaves no thread of its own, and its owner's executor as it was. */
@Timeout(60)
final class ClosingTest {
    @TempDir
    Path temp;

    private final OurThreads threads = new OurThreads();
    private final Workload workload = new Workload();

    private KubeletMount volume() {
        return new KubeletMount(temp.resolve("db"))
                .writeTexts(Map.of(
                        "a",
                        workload.token(Scope.accountBound(Workload.API), "1"),
                        Workload.DOCUMENT,
                        new String(workload.document())));
    }

    private SecretStoreBuilder store() {
        return workload.store(SecretSource.mount(volume().directory(), null)).nanoTime(System::nanoTime);
    }

    @Test
    void closeEndsEveryThreadAndMayBeRepeated() {
        SecretStore store = store().listener(new OpenListener() {}).open();
        await().until(() -> threads.names().containsAll(List.of("podseal-refresh", "FileSystemWatchService")));
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("podseal-"))
                .allMatch(Thread::isDaemon);
        store.close();
        threads.awaitNone();
        store.close();
        assertThat(Workload.text(store, "a")).as("stays readable").isEqualTo("1");
        assertThat(store.status().problem()).isNull();
    }

    @Test
    void closeEndsARefreshThatWaitsForTheKms() throws InterruptedException {
        MemorySource source = workload.source().put("a", workload.token("a", "1"));
        SecretStore store =
                workload.store(source).kmsDeadline(Duration.ofHours(1)).open();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        FakeKms.Answer slow = FakeKms.slow(never);
        workload.kms.answers((kek, wrapped, associatedData) -> {
            asked.countDown();
            return slow.decrypt(kek, wrapped, associatedData);
        });
        source.put("a", workload.token("a", "2"));
        source.hint();
        asked.await();
        store.close();
        threads.awaitNone();
        assertThat(Workload.text(store, "a")).isEqualTo("1");
    }

    @Test
    void closedStoreClosesItsSourcesAndThoseOfItsKeysets() {
        MemorySource source = new MemorySource(Workload.SECRET).put("a", workload.token("a", "1"));
        MemorySource documents = workload.source();
        workload.store(source).keysets(documents).open().close();
        assertThat(documents.closings).hasValue(1);
        assertThat(source.closings).hasValue(1);
    }

    @Test
    void ownersExecutorIsLeftRunningAndFree() throws Exception {
        ScheduledExecutorService owners = Executors.newScheduledThreadPool(2);
        try {
            SecretStore store = store().executor(owners).open();
            ScheduledThreadPoolExecutor pool = (ScheduledThreadPoolExecutor) owners;
            await().untilAsserted(() ->
                    assertThat(pool.getActiveCount()).as("the watch").isEqualTo(1));
            threads.awaitNone("podseal-refresh");
            store.close();
            await().untilAsserted(() -> assertThat(pool.getActiveCount()).isZero());
            assertThat(owners.isShutdown()).isFalse();
            assertThat(owners.submit(() -> "free").get(30, TimeUnit.SECONDS)).isEqualTo("free");
        } finally {
            owners.shutdownNow();
        }
    }

    @Test
    void startThatTheOwnersExecutorRefusesLeavesNothingBehind() {
        ScheduledExecutorService owners = Executors.newScheduledThreadPool(2);
        owners.shutdownNow();
        SecretStoreBuilder builder = store().executor(owners).listener(new OpenListener() {});
        assertThatThrownBy(builder::open).isInstanceOf(RejectedExecutionException.class);
        threads.awaitNone();
    }

    @Test
    void keysAreUsedOnThreadsOfTheirOwnAndNeverOnTheOwners() {
        ManualExecutor owners = new ManualExecutor();
        CallThreads asking = new CallThreads();
        workload.kms.answers(asking.before(FakeKms.WORKS));
        MemorySource source = workload.source().put("a", workload.token("a", "1"));
        try (SecretStore store = workload.store(source).executor(owners).open()) {
            source.put("a", workload.token("a", "2"));
            owners.next.elapse();
            assertThat(Workload.text(store, "a")).isEqualTo("2");
        }
        assertThat(asking.list())
                .hasSize(2)
                .doesNotHaveDuplicates()
                .doesNotContain(Thread.currentThread())
                .allMatch(thread -> thread.getName().equals("podseal-kms"));
        threads.awaitNone();
        owners.shutdownNow();
    }
}
