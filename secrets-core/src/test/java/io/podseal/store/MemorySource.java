// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A carrier in memory that can fail, and that tells when it is asked to. Thread-safe. */
final class MemorySource implements SecretSource {
    final AtomicInteger readings = new AtomicInteger();
    final AtomicInteger closings = new AtomicInteger();
    private final @Nullable String secretName;
    private final Map<String, byte[]> items = new ConcurrentSkipListMap<>();
    private volatile @Nullable RuntimeException failure;
    private volatile boolean live = true;
    private volatile boolean reversed;
    private volatile Runnable changed = () -> {};

    MemorySource(@Nullable String secretName) {
        this.secretName = secretName;
    }

    MemorySource put(String name, byte[] content) {
        items.put(name, content);
        return this;
    }

    MemorySource put(String name, String content) {
        return put(name, content.getBytes(UTF_8));
    }

    MemorySource remove(String name) {
        items.remove(name);
        return this;
    }

    MemorySource notLive() {
        live = false;
        return this;
    }

    /** From now on its items come in the other order. */
    void reversed() {
        reversed = true;
    }

    /** Fails so from now on; null mends it. */
    void fails(@Nullable RuntimeException with) {
        failure = with;
    }

    /** Tells the watcher. */
    void hint() {
        changed.run();
    }

    @Override
    public List<SourceItem> read() {
        readings.incrementAndGet();
        RuntimeException fault = failure;
        if (fault != null) {
            throw fault;
        }
        List<SourceItem> read = new ArrayList<>();
        items.forEach((name, content) -> read.add(new SourceItem(name, content)));
        if (reversed) {
            Collections.reverse(read);
        }
        return read;
    }

    @Override
    public @Nullable String secretName() {
        return secretName;
    }

    @Override
    public boolean isLive() {
        return live;
    }

    @Override
    public Watch watch(Executor executor, Runnable told) {
        changed = told;
        return () -> changed = () -> {};
    }

    @Override
    public void close() {
        closings.incrementAndGet();
    }

    @Override
    public String toString() {
        return "memory";
    }
}
