// SPDX-License-Identifier: Apache-2.0
package io.podseal.benchmarks;

import io.podseal.store.SecretSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What many watches in one JVM cost, on a real API server: {@code KubernetesWatchers [watchers]}. Each watches a Secret of its
 * own; all share one client. A program of its own, because memory and processor time are the process's.
 */
public final class KubernetesWatchers {
    private static final int WATCHERS = 1000;
    private static final int IDLE_SECONDS = 30;

    private KubernetesWatchers() {}

    /** Prints heap, resident memory, processor time and threads: for all, and for each watcher. */
    public static void main(String[] arguments) throws InterruptedException {
        int watchers = arguments.length > 0 ? Integer.parseInt(arguments[0]) : WATCHERS;
        try (KubernetesFixture cluster = new KubernetesFixture()) {
            for (int i = 0; i < watchers; i++) {
                cluster.create("secret-" + i, "0");
            }
            warmUp(cluster);
            Cost before = Cost.now();
            List<SecretSource> sources = new ArrayList<>();
            Semaphore told = new Semaphore(0);
            long begun = System.nanoTime();
            for (int i = 0; i < watchers; i++) {
                SecretSource source = cluster.source("secret-" + i);
                sources.add(source);
                source.read();
                source.watch(Runnable::run, told::release);
            }
            System.out.printf(
                    Locale.ROOT, "%d read and watched in %.1f s%n", watchers, (System.nanoTime() - begun) / 1e9);
            TimeUnit.SECONDS.sleep(10);
            Cost open = Cost.now();
            print("open", before, open, watchers);
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            print("idle for " + IDLE_SECONDS + " s", open, Cost.now(), watchers);
            Cost quiet = Cost.now();
            for (int i = 0; i < watchers; i++) {
                cluster.change("secret-" + i, "1");
            }
            if (!told.tryAcquire(watchers, 1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("only " + told.availablePermits() + " of " + watchers
                        + " watchers were told of their change within a minute");
            }
            print("each told of one change", quiet, Cost.now(), watchers);
            sources.forEach(SecretSource::close);
        }
    }

    private static void warmUp(KubernetesFixture cluster) throws InterruptedException {
        try (SecretSource source = cluster.source("secret-0")) {
            source.read();
            source.watch(Runnable::run, () -> {});
            TimeUnit.SECONDS.sleep(2);
        }
    }

    private static void print(String what, Cost before, Cost after, int watchers) {
        System.out.printf(
                Locale.ROOT,
                "%s: heap %+.1f MiB (%+.1f KiB each), resident %+.1f MiB (%+.1f KiB each), processor %.2f s (%.2f ms each),"
                        + " threads %d%n",
                what,
                (after.heapBytes - before.heapBytes) / 1048576.0,
                (after.heapBytes - before.heapBytes) / 1024.0 / watchers,
                (after.residentBytes - before.residentBytes) / 1048576.0,
                (after.residentBytes - before.residentBytes) / 1024.0 / watchers,
                (after.cpuNanos - before.cpuNanos) / 1e9,
                (after.cpuNanos - before.cpuNanos) / 1e6 / watchers,
                after.threads);
    }

    private record Cost(long heapBytes, long residentBytes, long cpuNanos, int threads) {
        static Cost now() {
            long cpu = ProcessHandle.current()
                    .info()
                    .totalCpuDuration()
                    .orElseThrow()
                    .toNanos();
            System.gc();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            return new Cost(heap, resident(), cpu, Thread.activeCount());
        }

        private static long resident() {
            try {
                String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(text -> text.startsWith("VmRSS:"))
                        .findFirst()
                        .orElseThrow();
                return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
