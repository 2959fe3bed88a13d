// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.SecretValue;
import io.podseal.keyset.ConscryptInstaller;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.LocalKms;
import io.podseal.testkit.Canary;
import io.podseal.testkit.ChildJvm;
import io.podseal.testkit.HeapDump;
import io.podseal.testkit.Leak;
import io.podseal.testkit.LeakSearch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What values that were read as bytes and closed leave in the heap, where all objects count: those that wait for the
 * collector too, which here never comes by.
 */
@Timeout(120)
final class ValueResidueTest {
    /** Of each kind and key type, 204 of each kind in all; the last ones are larger than any buffer on their way. */
    private static final int VALUES = 34;

    private static final List<Integer> LARGE = List.of(1 << 10, 1 << 16);
    private static final String CLOSED = "closed-";
    private static final String SPILT = "spilt-";
    /** Room for all garbage: a collection would take the copies away that are counted. */
    private static final List<String> NO_COLLECTION = List.of("-Xms256m", "-Xmn200m");

    private final Canary closed = Canary.random("closed");
    private final Canary dropped = Canary.random("dropped");
    private final Canary spilt = Canary.random("spilt");
    private final LeakSearch search = LeakSearch.of(closed, dropped, spilt);

    @TempDir
    Path temp;

    /** Opens mounts, gets every value, treats it as its name says, and dumps its heap. */
    static final class Application {
        public static void main(String[] arguments) throws IOException {
            OurThreads threads = new OurThreads();
            ConscryptInstaller.install();
            List<Object> kept = new ArrayList<>();
            kept.add(Files.readString(Path.of(arguments[2])));
            for (String mount : List.of(arguments).subList(3, arguments.length)) {
                SecretStore store = SealedMount.store(arguments[0], mount).open();
                store.current().names().forEach(name -> read(store, name));
                kept.add(store);
            }
            threads.awaitNone("podseal-open", "podseal-kms");
            HeapDump.ofThisProcess(Path.of(arguments[1]), false);
            System.out.println(ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                    .sum());
            System.out.println(kept.size());
        }

        private static void read(SecretStore store, String name) {
            SecretValue value = store.current().get(name);
            if (name.startsWith(CLOSED)) {
                try (value) {
                    Arrays.fill(value.revealBytes(), (byte) 0);
                    Arrays.fill(value.revealChars(), '\0');
                }
            } else if (name.startsWith(SPILT)) {
                try (value) {
                    value.revealBytes();
                    value.revealChars();
                }
            }
        }
    }

    @Test
    void closedValuesLeaveNoCopyInTheHeap() throws Exception {
        Path kek = temp.resolve("kek.json");
        LocalKms.createKek(kek);
        Path control =
                Files.writeString(temp.resolve("control"), search.control().text());
        Path dump = temp.resolve("all.hprof");
        List<String> arguments = new ArrayList<>(List.of("local-kms:" + kek, dump.toString(), control.toString()));
        ConscryptInstaller.install();
        for (KeyType type : KeyType.values()) {
            arguments.add(layOut("local-kms:" + kek, type).toString());
        }
        try (ChildJvm application =
                ChildJvm.start(List.of(), NO_COLLECTION, Application.class, arguments.toArray(String[]::new))) {
            assertThat(application.line()).as("collections").isEqualTo("0");
            assertThat(application.end()).isZero();
        }
        List<Leak> leaks = search.inFiles(dump).leaks();
        int opened = VALUES * KeyType.values().length;
        assertThat(values(leaks, dropped, "raw", dump))
                .as("control: values that were not closed")
                .isEqualTo(opened);
        for (String form : List.of("raw", "UTF-16")) {
            assertThat(values(leaks, spilt, form, dump))
                    .as("control: %s of values that were closed, but whose copies were not zeroed", form)
                    .isEqualTo(opened);
        }
        assertThat(leaks.stream().filter(leak -> leak.canary().equals(closed.label())))
                .as("values that were closed, and their copies zeroed")
                .isEmpty();
        System.out.printf(
                "Heap after %d opens: %d values left by those not closed, %d by those not zeroed, 0 by the others%n",
                3 * opened, opened, opened);
    }

    /** As many values of each kind; a value's number follows wherever the canary stands in it. */
    private Path layOut(String kek, KeyType type) throws IOException {
        SealedMount mount = SealedMount.create(temp.resolve(type.typeName()), type, kek, LocalKms.allowedInCluster());
        for (int i = 0; i < VALUES; i++) {
            int number = type.ordinal() * VALUES + i;
            int size = VALUES - i <= LARGE.size() ? LARGE.get(VALUES - i - 1) : 1;
            for (Canary canary : List.of(closed, dropped, spilt)) {
                String unit = canary.text() + String.format("%04d", number);
                mount.put(
                        canary.label() + "-" + number,
                        unit.repeat(1 + (size - 1) / unit.length()).getBytes(UTF_8));
            }
        }
        return mount.directory();
    }

    /** How many different values of that kind were found in that form. */
    private static int values(List<Leak> leaks, Canary canary, String form, Path dump) throws IOException {
        int width = form.equals("raw") ? 1 : 2;
        Set<String> numbers = new HashSet<>();
        try (RandomAccessFile file = new RandomAccessFile(dump.toFile(), "r")) {
            for (Leak leak : leaks) {
                if (leak.canary().equals(canary.label()) && leak.form().equals(form)) {
                    byte[] number = new byte[4 * width];
                    file.seek(leak.offset() + canary.bytes().length * width);
                    file.readFully(number);
                    numbers.add(new String(number, UTF_8).replace("\0", "").substring(0, 4));
                }
            }
        }
        return numbers.size();
    }
}
