// SPDX-License-Identifier: Apache-2.0
package io.podseal.benchmarks;

import io.podseal.keyset.ConscryptInstaller;
import io.podseal.keyset.KeyType;
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
import org.openjdk.jmh.annotations.Warmup;

/** A whole start after warm-up: documents unwrapped by {@code local-kms:}, every value opened and taken into a generation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 1)
public class OpenGeneration {
    /** Values of 64 bytes. */
    @Param({"10", "100", "1000"})
    public int values;

    /** The kind of key. */
    @Param({"aes256-gcm", "hpke-x25519"})
    public String type = "aes256-gcm";

    private SealedItems items = new SealedItems(KeyType.AES256_GCM, 1, 64);

    /** Seals the values. */
    @Setup
    public void seal() {
        KeyType keyType = KeyType.of(type);
        if (keyType == KeyType.HPKE_XWING) {
            ConscryptInstaller.install();
        }
        items = new SealedItems(keyType, values, 64);
    }

    /** Unwraps once, opens all. */
    @Benchmark
    public long open() {
        try (SecretStore store = items.open()) {
            return store.current().number();
        }
    }
}
