// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.keyset.ConscryptInstaller;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.LocalKms;
import io.podseal.keyset.TrustedKeyset;
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
    /** Of each kind and key type, 204 in all; the last ones are larger than any buffer on their way. */
    private static final int VALUES = 34;

    private static final List<Integer> LARGE = List.of(1 << 10, 1 << 16);
    private static final String CLOSED = "closed-";
    private static final String DROPPED = "dropped-";
    /** Room for all garbage: a collection would take the copies away that are counted. */
    private static final List<String> NO_COLLECTION = List.of("/usr/bin/env", "JDK_JAVA_OPTIONS=-Xms256m -Xmn200m");

    private final Canary closed = Canary.random("closed");
    private final Canary dropped = Canary.random("dropped");
    private final LeakSearch search = LeakSearch.of(closed, dropped);

    @TempDir
    Path temp;

    /** Opens mounts, reads every value once, closes it or forgets to, and dumps its heap. */
    static final class Application {
        public static void main(String[] arguments) throws IOException {
            OurThreads threads = new OurThreads();
            ConscryptInstaller.install();
            List<Object> kept = new ArrayList<>();
            kept.add(Files.readString(Path.of(arguments[2])));
            for (String mount : List.of(arguments).subList(3, arguments.length)) {
                SecretStore store = SecretStore.of(SecretSource.mount(Path.of(mount), null))
                        .identity(Workload.API)
                        .keks(Keks.builder()
                                .kek(arguments[0])
                                .client(LocalKms.allowedInCluster())
                                .build())
                        .open();
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
            if (name.startsWith(CLOSED)) {
                try (SecretValue value = store.current().get(name)) {
                    Arrays.fill(value.revealBytes(), (byte) 0);
                    Arrays.fill(value.revealChars(), '\0');
                }
            } else {
                store.current().get(name);
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
                ChildJvm.start(NO_COLLECTION, Application.class, arguments.toArray(String[]::new))) {
            assertThat(application.line()).as("collections").isEqualTo("0");
            assertThat(application.end()).isZero();
        }
        List<Leak> leaks = search.inFiles(dump).leaks();
        int opened = VALUES * KeyType.values().length;
        assertThat(values(leaks, dropped, dump))
                .as("control: values that were not closed")
                .isEqualTo(opened);
        assertThat(leaks.stream().filter(leak -> leak.canary().equals(closed.label())))
                .as("values that were closed")
                .isEmpty();
        System.out.printf(
                "Heap after %d opens: %d values left by those not closed, 0 by those closed%n", 2 * opened, opened);
    }

    /** Half of the values are to be closed, half are not; a value's number follows wherever the canary stands in it. */
    private Path layOut(String kek, KeyType type) throws IOException {
        TrustedKeyset keyset = Keysets.create(Workload.API, type);
        Path mount = Files.createDirectory(temp.resolve(type.typeName()));
        Keks keks = Keks.builder().kek(kek).client(LocalKms.allowedInCluster()).build();
        Files.write(mount.resolve(Workload.DOCUMENT), Keysets.wrap(keyset, keks).toJson());
        for (int i = 0; i < VALUES; i++) {
            int number = type.ordinal() * VALUES + i;
            int size = VALUES - i <= LARGE.size() ? LARGE.get(VALUES - i - 1) : 1;
            for (Canary canary : List.of(closed, dropped)) {
                String unit = canary.text() + String.format("%04d", number);
                byte[] value = unit.repeat(1 + (size - 1) / unit.length()).getBytes(UTF_8);
                String token = keyset.sealer()
                        .seal(Scope.accountBound(Workload.API), value)
                        .token();
                Files.writeString(mount.resolve(canary.label() + "-" + number), token);
            }
        }
        return mount;
    }

    /** How many different values of that kind were found. */
    private static int values(List<Leak> leaks, Canary canary, Path dump) throws IOException {
        Set<String> numbers = new HashSet<>();
        try (RandomAccessFile file = new RandomAccessFile(dump.toFile(), "r")) {
            for (Leak leak : leaks) {
                if (leak.canary().equals(canary.label())) {
                    byte[] number = new byte[4];
                    file.seek(leak.offset() + canary.bytes().length);
                    file.readFully(number);
                    numbers.add(new String(number, UTF_8));
                }
            }
        }
        return numbers.size();
    }
}
