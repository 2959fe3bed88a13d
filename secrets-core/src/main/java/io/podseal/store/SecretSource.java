// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.PodsealException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A carrier: it delivers items and has no idea of cryptography. Implementations are thread-safe. A store relies on this, and
 * {@code SecretSourceContract} and {@code LiveSourceContract} of {@code podseal-testkit} test it:
 *
 * <ul>
 *   <li>A reading gives all items of one moment, or fails. Each name comes once; names and bytes are those that stand there,
 *       line ends included, and a value of no bytes is an item. What was delivered does not change afterwards.
 *   <li>A reading never gives nothing: where there is no place, or no item in it, it fails with {@code SOURCE_MISSING}, which
 *       an optional location forgives. A place that cannot be read is never that, or a fault would empty the application.
 *   <li>What is over a limit is refused with {@code SIZE}, and never cut.
 *   <li>Making a source asks nobody; its first reading does. Closed, it leaves no thread and no open file or socket.
 *   <li>{@code toString} says where it reads, for messages. Neither it nor an exception holds anything of what stands there:
 *       that may be somebody's plaintext, put there by mistake.
 *   <li>Of a source that is live, a reading that begins after a change gives what the change made.
 * </ul>
 */
public interface SecretSource extends AutoCloseable {
    /** The most items that one reading has. */
    int MAX_ITEMS = 10_000;

    /** The most bytes that one item has: 1 MiB, the limit of a Secret. */
    int MAX_ITEM_BYTES = 1024 * 1024;

    /**
     * Reads all items at one moment, never a mix of two.
     *
     * @return at least one item, in any order
     * @throws PodsealException {@code SOURCE_MISSING} where there is nothing, {@code SOURCE_DENIED} where it may not be read,
     *     {@code SOURCE_UNAVAILABLE} where it cannot be read for now, {@code SIZE} over a limit
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

    /**
     * The Secret whose items these are, or null where it is not known: then item-bound tokens are refused. Known after the
     * first reading at the latest, and the same from then on.
     */
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
     * Begins to watch, at the state that was read last. A source that tells also tells what changed since its last reading;
     * one that has no means never tells, and is polled. A watch is a hint: it may tell too often. It returns at once.
     *
     * @param executor lends a thread for as long as the watch lasts
     * @param changed to be run when a reading may give something new, in any thread; it returns at once
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
        /** Ends the watch: it gives its thread back, and tells no later change. Idempotent. */
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
