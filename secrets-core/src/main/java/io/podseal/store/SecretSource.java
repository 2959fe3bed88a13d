// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.PodsealException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A carrier: it delivers items and has no idea of cryptography. Implementations are thread-safe, and {@code toString} says
 * where they read, for messages.
 */
public interface SecretSource extends AutoCloseable {
    /** The most items that one reading has. */
    int MAX_ITEMS = 10_000;

    /** The most bytes that one item has: 1 MiB, the limit of a Secret. */
    int MAX_ITEM_BYTES = 1024 * 1024;

    /**
     * Reads all items at one moment, never a mix of two.
     *
     * @throws PodsealException {@code SOURCE_MISSING} where there is nothing, {@code SOURCE_DENIED},
     *     {@code SOURCE_UNAVAILABLE}, {@code SIZE} over a limit
     */
    List<SourceItem> read();

    /**
     * As {@link #read()}, where absence will do: what might wait for something to appear must not.
     *
     * @throws PodsealException as {@link #read()}
     */
    default List<SourceItem> readWithoutWaiting() {
        return read();
    }

    /** The Secret whose items these are, or null where it is not known: then item-bound tokens are refused. */
    default @Nullable String secretName() {
        return null;
    }

    /** Whether a later reading may differ from the first one; where not, a store reads it once. */
    default boolean isLive() {
        return false;
    }

    /**
     * Whether this process has the place at all that the source reads from. Where it has not (no API server is configured),
     * reading fails with {@code SOURCE_UNAVAILABLE}, and an optional location gives nothing.
     */
    default boolean isConfigured() {
        return true;
    }

    /**
     * Begins to watch. A watch is a hint: it may tell too often, and whoever needs certainty reads as well.
     *
     * @param executor lends a thread for as long as the watch lasts
     * @param changed to be run when a reading may give something new
     * @return ends the watch
     */
    default Watch watch(Executor executor, Runnable changed) {
        return () -> {};
    }

    /** Gives back what reading needed; its store calls it, after the watches have ended. Idempotent. */
    @Override
    default void close() {}

    /** A running watch. */
    interface Watch extends AutoCloseable {
        /** Ends the watch. Idempotent. */
        @Override
        void close();
    }

    /**
     * A mounted Secret volume, read as the kubelet lays it out, or a plain directory, which is read as static.
     *
     * @param secretName the Secret's name, by default the directory's
     */
    static SecretSource mount(Path directory, @Nullable String secretName) {
        return new MountSource(directory, secretName, false);
    }

    /**
     * One file that holds one token.
     *
     * @param secretName the Secret's name, by default the name of the file's directory
     * @param key the item's key, by default the file's name
     */
    static SecretSource file(Path file, @Nullable String secretName, @Nullable String key) {
        return new FileSource(file, secretName, key);
    }

    /**
     * One environment variable that holds one token.
     *
     * @param secretName the Secret's name, which item-bound tokens need
     * @param key the item's key, by default the variable's name
     */
    static SecretSource environment(String variable, @Nullable String secretName, @Nullable String key) {
        return new EnvironmentSource(variable, secretName, key, System::getenv);
    }

    /** A keyset document on the class path. */
    static SecretSource classpath(String resource, ClassLoader loader) {
        return new ClasspathSource(resource, loader);
    }
}
