// SPDX-License-Identifier: Apache-2.0
package io.podseal.benchmarks;

import io.podseal.SecretValue;
import io.podseal.store.Generation;
import io.podseal.store.SecretStore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** One read of a live generation. Run with {@code -t} for more threads, and on JDK 21 or later with virtual ones. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadGeneration {
    /** Plaintext bytes. */
    @Param({"64", "1024", "65536"})
    public int size;

    private SecretStore store = SealedItems.store(1, 64);

    /** Opens a store with one value of the size. */
    @Setup
    public void open() {
        store = SealedItems.store(1, size);
    }

    /** One reader. */
    @Benchmark
    public int read() {
        return readOnce();
    }

    /** More readers than processors. */
    @Benchmark
    @Threads(8)
    public int readByEight() {
        return readOnce();
    }

    private int readOnce() {
        Generation generation = store.current();
        try (SecretValue value = generation.get("item-0")) {
            return value == null ? -1 : value.sizeInBytes();
        }
    }
}
