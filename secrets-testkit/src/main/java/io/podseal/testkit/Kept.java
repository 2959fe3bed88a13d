// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/**
 * What a store of JUnit holds and closes. Before 5.13, it closes nothing but a {@code CloseableResource}, and has no
 * {@code computeIfAbsent}; later releases have the former names still.
 */
@SuppressWarnings({"deprecation", "try"}) // its former names; and close() throws what the resource throws
record Kept<T extends AutoCloseable>(T resource) implements Store.CloseableResource, AutoCloseable {
    static <T extends AutoCloseable> T in(Store store, Object key, Class<T> type, Supplier<T> made) {
        Kept<?> kept = store.getOrComputeIfAbsent(key, absent -> new Kept<>(made.get()), Kept.class);
        return type.cast(Objects.requireNonNull(kept).resource());
    }

    @Override
    public void close() throws Exception {
        resource.close();
    }
}
