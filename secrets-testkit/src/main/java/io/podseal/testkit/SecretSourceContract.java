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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What a store relies on in a {@link SecretSource}, as tests that a carrier inherits. A subclass says how to make a source, and
 * plays whoever delivers what it reads: at a real place, or at one that behaves as it. For sources that follow changes there
 * is {@link LiveSourceContract}, which has these tests, too.
 *
 * <p>Each test begins with a new instance of the subclass, whose place need not exist yet, and has ten minutes (a
 * {@code @Timeout} of the subclass counts instead). Other classes do not run meanwhile.
 */
@Isolated("one test counts the threads and open files of the process")
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
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

    /** The name of the Secret that {@link #source} has to give, once it was read; null where it cannot know one. */
    protected abstract @Nullable String secretName();

    /**
     * Puts these items there and nothing beside them, in one step, as whoever delivers Secrets does. The place is made where
     * there is none. It returns when a reading gives them.
     *
     * @param items by name; where there are none, the place has no item
     */
    protected abstract void deliver(Map<String, byte[]> items) throws Exception;

    /** Takes the place away, with all that is in it; there may be none. */
    protected abstract void remove() throws Exception;

    /**
     * Makes unreadable what stands there and stays there: forbids it, breaks it, or cuts the way to it. It returns when the
     * place is unreadable.
     *
     * @return undoes that; null where nothing can make the place unreadable: then the test publishes that it showed nothing
     */
    protected abstract @Nullable AutoCloseable obstruct() throws Exception;

    /** The name of the item, where the source has one alone; by default null, for all that are there. */
    protected @Nullable String onlyItem() {
        return null;
    }

    /**
     * Names of items, at least one; where the place holds fewer, the first ones count. The first one is also used with a number
     * behind it. By default these have every kind of character that the key of a Secret may have, and the greatest length.
     */
    protected List<String> names() {
        return NAMES;
    }

    /** Whether the place holds texts in UTF-8 alone, and no other bytes; by default not. */
    protected boolean isTextOnly() {
        return false;
    }

    /** How many items the place holds, where that is less than one more than the limit of a reading. */
    protected int maxItems() {
        return SecretSource.MAX_ITEMS + 1;
    }

    /** How many bytes of one item the place holds, where that is less than one more than the limit of an item. */
    protected int maxItemBytes() {
        return SecretSource.MAX_ITEM_BYTES + 1;
    }

    /**
     * How long a change takes at most until it is told, and what was closed until it is gone; by default a minute. A test may
     * wait eight times that long: where it is more than a minute, give the subclass a {@code @Timeout}, too.
     */
    protected Duration timeout() {
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
            Map<String, byte[]> items = items(itemNames(), each);
            deliver(items);
            assertDelivered(items, open());
        }
    }

    /** A value of no bytes is a value. */
    @Test
    void emptyItemIsAnItem() throws Exception {
        Map<String, byte[]> items = items(itemNames(), new byte[0]);
        deliver(items);
        assertDelivered(items, open());
    }

    /** A store may still look at one reading while another one runs. */
    @Test
    void whatWasReadStaysAsItWas() throws Exception {
        Map<String, byte[]> items = sample();
        deliver(items);
        SecretSource source = open();
        List<SourceItem> first = source.read();
        source.read();
        assertDelivered(source, items, first);
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
                        assertDelivered(items, source);
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

    /** A value is bound to the Secret that it was sealed for: a wrong name refuses them all, or opens another one's. */
    @Test
    void nameOfTheSecretIsKnownOnceItWasReadAndStays() throws Exception {
        deliver(sample());
        SecretSource source = open();
        String before = source.secretName();
        for (int i = 0; i < 2; i++) {
            source.read();
            assertEquals(secretName(), source.secretName(), () -> source + " names another Secret than the contract's");
        }
        assertTrue(
                before == null || before.equals(secretName()), () -> source + " had another name before its reading");
    }

    /** Where the place is there, absence would do as well, and it is configured. */
    @Test
    void whatIsThereIsReadWithoutWaiting() throws Exception {
        Map<String, byte[]> items = sample();
        deliver(items);
        SecretSource source = open();
        assertTrue(source.isConfigured(), () -> source + " has its place, and says that it is not configured");
        assertDelivered(source, items, source.readWithoutWaiting());
    }

    /** The whole way: values that were sealed for the items of this Secret, a store, their plaintexts. */
    @Test
    void storeOpensWhatWasSealedForItsItems() throws Exception {
        deliver(sealed("s3cret"));
        try (SecretStore store = store().open()) {
            assertEquals(Set.copyOf(itemNames()), store.current().names());
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
        refused(source, Set.of(ErrorCode.SOURCE_MISSING), source::readWithoutWaiting);
        refused(ErrorCode.SOURCE_MISSING, source);
    }

    /** Without items there would be a generation without values. */
    @Test
    void placeWithoutItemsIsMissing() throws Exception {
        deliver(Map.of());
        refused(ErrorCode.SOURCE_MISSING, open());
    }

    /** An optional location forgives absence and nothing else. */
    @Test
    void unreadablePlaceIsNotTakenForAbsent(TestReporter reporter) throws Exception {
        Map<String, byte[]> items = sample();
        deliver(items);
        SecretSource source = open();
        try (AutoCloseable obstacle = obstruct()) {
            if (obstacle == null) {
                notShown(reporter, source);
            } else {
                refused(source, UNREADABLE, source::read);
                refused(source, UNREADABLE, source::readWithoutWaiting);
            }
        }
        assertDelivered(items, open());
    }

    /** 1 MiB is read, and one byte more is refused; nothing is cut. */
    @Test
    void itemsAreReadUpToTheLimitAndNeverCut() throws Exception {
        Map<String, byte[]> items = items(itemNames().subList(0, 1), filled(largest(SecretSource.MAX_ITEM_BYTES)));
        deliver(items);
        assertDelivered(items, open());
        if (maxItemBytes() > SecretSource.MAX_ITEM_BYTES) {
            deliver(items(itemNames().subList(0, 1), filled(SecretSource.MAX_ITEM_BYTES + 1)));
            refused(ErrorCode.SIZE, open());
        }
    }

    /** 10,000 items are read, and one more is refused; none is left out. */
    @Test
    void asManyItemsAreReadAsTheLimitAllows() throws Exception {
        Map<String, byte[]> items = items(numbered(Math.min(room(), SecretSource.MAX_ITEMS)), content.bytes());
        deliver(items);
        assertDelivered(items, open());
        if (room() > SecretSource.MAX_ITEMS) {
            deliver(items(numbered(SecretSource.MAX_ITEMS + 1), content.bytes()));
            refused(ErrorCode.SIZE, open());
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
        assertDelivered(sample(), open());
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
                () -> SOURCES + " closed sources left behind: " + InUse.now().since(before));
    }

    /** One life of a source, from the first reading to its end. */
    void use(SecretSource source) throws Exception {
        assertDelivered(sample(), source);
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

    /** Items that all open to that value. */
    final Map<String, byte[]> sealed(String value) {
        String secret = secretName();
        Map<String, byte[]> items = new TreeMap<>();
        for (String name : itemNames()) {
            Scope scope = secret == null
                    ? Scope.accountBound(account.identity())
                    : Scope.item(account.identity(), secret, name);
            items.put(name, bytes(account.token(scope, bytes(value))));
        }
        return items;
    }

    /** What the items of {@link #sealed} open to. */
    final String value(SecretStore store) {
        try (SecretValue value = store.current().get(itemNames().get(0))) {
            assertNotNull(value);
            return value.revealString();
        }
    }

    /** Items with the canary. */
    final Map<String, byte[]> sample() {
        return items(itemNames(), content.bytes());
    }

    final List<String> itemNames() {
        String only = onlyItem();
        return only == null ? names().subList(0, Math.min(names().size(), maxItems())) : List.of(only);
    }

    static Map<String, byte[]> items(List<String> names, byte[] content) {
        Map<String, byte[]> items = new TreeMap<>();
        names.forEach(name -> items.put(name, content));
        return items;
    }

    private List<String> numbered(int count) {
        List<String> names = new ArrayList<>(itemNames().subList(0, 1));
        for (int i = 1; i < count; i++) {
            names.add(names.get(0) + i);
        }
        return names;
    }

    private int room() {
        return onlyItem() == null ? maxItems() : 1;
    }

    private int largest(int limit) {
        return Math.min(maxItemBytes(), limit);
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

    static void assertDelivered(Map<String, byte[]> expected, SecretSource source) {
        assertDelivered(source, expected, source.read());
    }

    static void assertDelivered(SecretSource source, Map<String, byte[]> expected, List<SourceItem> read) {
        Map<String, byte[]> delivered = new TreeMap<>();
        read.forEach(item -> delivered.put(item.name(), item.content()));
        assertEquals(expected.keySet(), delivered.keySet(), () -> source + " gave other names than stand there");
        assertEquals(expected.size(), read.size(), () -> source + " gave a name twice");
        expected.forEach((name, bytes) -> assertArrayEquals(
                bytes, delivered.get(name), () -> source + " gave other bytes than stand there, of " + name));
    }

    /** For whoever reads the report, and whoever reads the log. */
    static void notShown(TestReporter reporter, SecretSource source) {
        String line = "obstruct() gave null: nothing shows that a fault of " + source + " is no absence";
        reporter.publishEntry("not shown", line);
        System.getLogger(SecretSourceContract.class.getName()).log(System.Logger.Level.WARNING, line);
    }

    private void refused(ErrorCode code, SecretSource source) {
        refused(source, Set.of(code), source::read);
    }

    /** With no word of what stands there. */
    final void refused(SecretSource source, Set<ErrorCode> codes, Executable reading) {
        PodsealException refusal = assertThrows(
                PodsealException.class, reading, () -> source + " has to refuse with " + codes + "; a reading");
        assertTrue(codes.contains(refusal.code()), () -> source + " has to refuse with " + codes + ", not " + refusal);
        LeakSearch.of(content).inThrowable(refusal).requireNone();
    }

    /** Whether that comes true in time. */
    final boolean eventually(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > timeout().toNanos()) {
                return false;
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        return true;
    }
}
