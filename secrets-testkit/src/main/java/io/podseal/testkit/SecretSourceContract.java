// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.store.SecretStoreBuilder;
import io.podseal.store.SourceItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What a store relies on in a {@link SecretSource}, as tests that a carrier inherits. A subclass says how to make a source, and
 * plays whoever delivers what it reads: at a real place, or at one that behaves as it. For sources that follow changes there
 * is {@link LiveSourceContract}, which has these tests, too.
 *
 * <p>Each test begins with a new instance of the subclass, whose place need not exist yet, and has ten minutes. Other classes
 * do not run meanwhile.
 */
@Isolated("one test counts the threads and open files of the process")
@Timeout(600)
public abstract class SecretSourceContract {
    private static final Set<ErrorCode> UNREADABLE = Set.of(ErrorCode.SOURCE_DENIED, ErrorCode.SOURCE_UNAVAILABLE);
    private static final int THREADS = 8;
    private static final int READINGS_EACH = 10;
    private static final int SOURCES = 10;
    private static final List<String> NAMES = List.of("password", "A.b_c-9", ".hidden", "x".repeat(253));
    private static final List<byte[]> TEXTS = List.of(bytes("a"), bytes("ends with a line\n"), bytes(" \tü€😀 "));
    private static final List<byte[]> BYTES =
            List.of(new byte[] {0, (byte) 0xff, '\r', '\n'}, new byte[] {'\n'}, new byte[300]);

    /** Stands in everything that these tests deliver where no other content is said. */
    private final Canary content = Canary.random("content");

    private final List<SecretSource> sources = new ArrayList<>();
    private final TestAccount account = TestAccount.of("payments/api");

    /** For subclasses. */
    protected SecretSourceContract() {}

    /** Another source of the same place at each call, made as an application makes it, which nobody has read yet. */
    protected abstract SecretSource source() throws Exception;

    /**
     * Puts these items there and nothing beside them, in one step, as whoever delivers Secrets does. The place is made where
     * there is none.
     *
     * @param items by name; where there are none, the place has no item
     */
    protected abstract void deliver(Map<String, byte[]> items) throws Exception;

    /** Takes the place away, with all that is in it; there may be none. */
    protected abstract void remove() throws Exception;

    /**
     * Makes unreadable what stands there and stays there: forbids it, breaks it, or cuts the way to it.
     *
     * @return undoes that; null where nothing can make the place unreadable
     */
    protected abstract @Nullable AutoCloseable obstruct() throws Exception;

    /** The name of the item, where the source has one alone; by default null, for all that are there. */
    protected @Nullable String onlyItem() {
        return null;
    }

    /** Whether the place holds texts in UTF-8 alone, and no other bytes; by default not. */
    protected boolean isTextOnly() {
        return false;
    }

    /** How many items the place holds, where that is less than one more than the limit of a reading. */
    protected int mostItems() {
        return SecretSource.MAX_ITEMS + 1;
    }

    /** How many bytes of one item the place holds, where that is less than one more than the limit of an item. */
    protected int mostItemBytes() {
        return SecretSource.MAX_ITEM_BYTES + 1;
    }

    /** How long a change takes at most until it is told, and what was closed until it is gone; by default a minute. */
    protected Duration patience() {
        return Duration.ofMinutes(1);
    }

    /** Closes the sources of the test. */
    @AfterEach
    void closeSources() {
        sources.forEach(SecretSource::close);
        account.close();
    }

    // What it delivers

    /** Names are those of the items, each comes once, and no byte is added, left out or taken for another. */
    @Test
    void itemsAreDeliveredByteForByteUnderTheirNames() throws Exception {
        List<byte[]> contents = new ArrayList<>(TEXTS);
        if (!isTextOnly()) {
            contents.addAll(BYTES);
        }
        for (byte[] each : contents) {
            Map<String, byte[]> items = items(names(), each);
            deliver(items);
            assertDelivered(items, open().read());
        }
    }

    /** A value of no bytes is a value. */
    @Test
    void emptyItemIsAnItem() throws Exception {
        Map<String, byte[]> items = items(names(), new byte[0]);
        deliver(items);
        assertDelivered(items, open().read());
    }

    /** A store may still look at one reading while another one runs. */
    @Test
    void whatWasReadStaysAsItWas() throws Exception {
        Map<String, byte[]> items = sample();
        deliver(items);
        SecretSource source = open();
        List<SourceItem> first = source.read();
        source.read();
        assertDelivered(items, first);
    }

    /** Every thread gets a whole reading of its own. */
    @Test
    void threadsDoNotDisturbEachOther() throws Exception {
        Map<String, byte[]> items = sample();
        deliver(items);
        SecretSource source = open();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                running.add(threads.submit(() -> {
                    for (int i = 0; i < READINGS_EACH; i++) {
                        assertDelivered(items, source.read());
                    }
                    return null;
                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** The whole way: values that were sealed for the items of this Secret, a store, their plaintexts. */
    @Test
    void storeOpensWhatWasSealedForItsItems() throws Exception {
        String secret = secretName();
        deliver(sealed(secret, "s3cret"));
        try (SecretStore store = store().open()) {
            assertEquals(Set.copyOf(names()), store.current().names());
            assertEquals("s3cret", value(store));
        }
    }

    // What it refuses

    /** Absence is told by the reading and not before, and nothing is waited for where absence will do. */
    @Test
    void whatIsNotThereIsMissing() throws Exception {
        remove();
        SecretSource source = open();
        assertFalse(source.toString().isBlank());
        refused(ErrorCode.SOURCE_MISSING, source::readWithoutWaiting);
        refused(ErrorCode.SOURCE_MISSING, source::read);
    }

    /** Without items there would be a generation without values. */
    @Test
    void placeWithoutItemsIsMissing() throws Exception {
        deliver(Map.of());
        refused(ErrorCode.SOURCE_MISSING, open()::read);
    }

    /** An optional location forgives absence and nothing else. */
    @Test
    void unreadablePlaceIsNotTakenForAbsent() throws Exception {
        Map<String, byte[]> items = sample();
        deliver(items);
        SecretSource source = open();
        try (AutoCloseable obstacle = obstruct()) {
            if (obstacle != null) {
                refused(UNREADABLE, source::read);
                refused(UNREADABLE, source::readWithoutWaiting);
            }
        }
        assertDelivered(items, open().read());
    }

    /** 1 MiB is read, and one byte more is refused; nothing is cut. */
    @Test
    void itemsAreReadUpToTheLimitAndNeverCut() throws Exception {
        Map<String, byte[]> items = items(names().subList(0, 1), filled(largest(SecretSource.MAX_ITEM_BYTES)));
        deliver(items);
        assertDelivered(items, open().read());
        if (mostItemBytes() > SecretSource.MAX_ITEM_BYTES) {
            deliver(items(names().subList(0, 1), filled(SecretSource.MAX_ITEM_BYTES + 1)));
            refused(ErrorCode.SIZE, open()::read);
        }
    }

    /** 10,000 items are read, and one more is refused; none is left out. */
    @Test
    void asManyItemsAreReadAsTheLimitAllows() throws Exception {
        Map<String, byte[]> items = items(numbered(Math.min(room(), SecretSource.MAX_ITEMS)), content.bytes());
        deliver(items);
        assertDelivered(items, open().read());
        if (room() > SecretSource.MAX_ITEMS) {
            deliver(items(numbered(SecretSource.MAX_ITEMS + 1), content.bytes()));
            refused(ErrorCode.SIZE, open()::read);
        }
    }

    /** Messages name the source by it; what stands there may be somebody's plaintext. */
    @Test
    void toStringSaysWhereAndNothingOfWhatStandsThere() throws Exception {
        deliver(sample());
        SecretSource source = open();
        String before = source.toString();
        source.read();
        assertEquals(before, source.toString());
        assertFalse(before.isBlank());
        assertFalse(before.endsWith("@" + Integer.toHexString(System.identityHashCode(source))), "no place: " + before);
        LeakSearch.of(content).inText(before).requireNone();
    }

    // What it leaves

    /** Stores close their sources, and so does who opened them. */
    @Test
    void sourceMayBeClosedTwiceAndUnread() throws Exception {
        deliver(sample());
        source().close();
        SecretSource source = open();
        source.read();
        source.close();
        source.close();
        assertDelivered(sample(), open().read());
    }

    /** Ten that were used leave neither ten threads nor ten open files or sockets. */
    @Test
    void closedSourcesLeaveNothingBehind() throws Exception {
        deliver(sample());
        use(source()); // for what all sources of a process share
        InUse before = InUse.now();
        for (int i = 0; i < SOURCES; i++) {
            use(source());
        }
        assertTrue(
                eventually(() -> {
                    System.gc(); // ends what ends with its object alone
                    return InUse.now().isBelow(before, SOURCES);
                }),
                () -> "before " + before + ", after " + SOURCES + " sources " + InUse.now());
    }

    /** One life of a source, from the first reading to its end. */
    void use(SecretSource source) throws Exception {
        assertDelivered(sample(), source.read());
        source.close();
    }

    // With what

    /** A source that is closed behind the test. */
    final SecretSource open() throws Exception {
        SecretSource source = source();
        sources.add(source);
        return source;
    }

    /** A store of such a source, with the keyset at hand. */
    final SecretStoreBuilder store() throws Exception {
        byte[] document = account.document().toJson();
        return SecretStore.of(open())
                .identity(account.identity())
                .keks(account.keks())
                .keysets(() -> List.of(new SourceItem("api.keyset.json", document)));
    }

    /** The name of the Secret, as far as the source knows it once it was read. */
    final @Nullable String secretName() throws Exception {
        deliver(sample());
        SecretSource source = open();
        source.read();
        return source.secretName();
    }

    /** Items that all open to that value. */
    final Map<String, byte[]> sealed(@Nullable String secret, String value) {
        Map<String, byte[]> items = new TreeMap<>();
        for (String name : names()) {
            Scope scope = secret == null
                    ? Scope.accountBound(account.identity())
                    : Scope.item(account.identity(), secret, name);
            items.put(name, bytes(account.token(scope, bytes(value))));
        }
        return items;
    }

    /** What the items of {@link #sealed} open to. */
    final String value(SecretStore store) {
        try (SecretValue value = store.current().get(names().get(0))) {
            assertNotNull(value);
            return value.revealString();
        }
    }

    /** Items with the canary. */
    final Map<String, byte[]> sample() {
        return items(names(), content.bytes());
    }

    final List<String> names() {
        String only = onlyItem();
        return only == null ? NAMES.subList(0, Math.min(NAMES.size(), mostItems())) : List.of(only);
    }

    static Map<String, byte[]> items(List<String> names, byte[] content) {
        Map<String, byte[]> items = new TreeMap<>();
        names.forEach(name -> items.put(name, content));
        return items;
    }

    private List<String> numbered(int count) {
        List<String> names = new ArrayList<>(names().subList(0, 1));
        for (int i = 1; i < count; i++) {
            names.add("item-" + i);
        }
        return names;
    }

    private int room() {
        return onlyItem() == null ? mostItems() : 1;
    }

    private int largest(int limit) {
        return Math.min(mostItemBytes(), limit);
    }

    /** Begins with the canary. */
    private byte[] filled(int length) {
        byte[] filled = Arrays.copyOf(content.bytes(), length);
        Arrays.fill(filled, content.bytes().length, length, (byte) 'x');
        return filled;
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static void assertDelivered(Map<String, byte[]> expected, List<SourceItem> read) {
        assertEquals(expected.size(), read.size(), "items");
        Map<String, byte[]> delivered = new TreeMap<>();
        read.forEach(item -> delivered.put(item.name(), item.content()));
        assertEquals(expected.keySet(), delivered.keySet());
        expected.forEach((name, bytes) -> assertArrayEquals(bytes, delivered.get(name), name));
    }

    private void refused(ErrorCode code, Executable reading) {
        refused(Set.of(code), reading);
    }

    /** With no word of what stands there. */
    final void refused(Set<ErrorCode> codes, Executable reading) {
        PodsealException refusal = assertThrows(PodsealException.class, reading);
        assertTrue(codes.contains(refusal.code()), () -> "refused with " + refusal);
        LeakSearch.of(content).inThrowable(refusal).requireNone();
    }

    /** Whether that comes true in time. */
    final boolean eventually(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > patience().toNanos()) {
                return false;
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        return true;
    }
}
