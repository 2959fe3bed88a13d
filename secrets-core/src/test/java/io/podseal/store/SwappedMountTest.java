// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.testkit.ChildJvm;
import io.podseal.testkit.KubeletMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reading while another process swaps the volume as fast as it can. Every item of a version holds the same text. */
@Timeout(900)
final class SwappedMountTest {
    /** So many that a swap often comes between two of them. */
    private static final int ITEMS = 12;

    private static final int VERSIONS = 20;
    /** Readings during which a swap came; only these count. */
    private static final int RACES = Integer.getInteger("podseal.test.swap-races", 50);

    @TempDir
    Path temp;

    /** Swaps until its input ends or has a line, at most for 800 seconds, and then says how often. */
    static final class Writer {
        /** @param arguments the mount, and directories with versions to repeat; without any, numbers that rise */
        public static void main(String[] arguments) throws IOException {
            KubeletMount volume = new KubeletMount(Path.of(arguments[0]));
            List<Map<String, byte[]>> versions = new ArrayList<>();
            for (String version : List.of(arguments).subList(1, arguments.length)) {
                versions.add(contents(Path.of(version)));
            }
            long end = System.nanoTime() + 800_000_000_000L;
            int swaps = 0;
            while (System.nanoTime() < end && System.in.available() == 0) {
                swaps++;
                volume.write(versions.isEmpty() ? number(swaps) : versions.get(swaps % versions.size()));
                if (swaps == 1) {
                    System.out.println("started");
                }
            }
            System.out.println(swaps);
        }

        private static Map<String, byte[]> contents(Path version) throws IOException {
            Map<String, byte[]> items = new HashMap<>();
            try (var files = Files.newDirectoryStream(version)) {
                for (Path file : files) {
                    items.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            }
            return items;
        }

        private static Map<String, byte[]> number(int number) {
            byte[] text = Integer.toString(number).getBytes(UTF_8);
            return IntStream.range(0, ITEMS).boxed().collect(Collectors.toMap(i -> "item" + i, i -> text));
        }
    }

    /** A writer that has begun. */
    private ChildJvm writer(Path... versions) {
        List<String> arguments = new ArrayList<>(List.of(mount().toString()));
        for (Path version : versions) {
            arguments.add(version.toString());
        }
        ChildJvm writer = ChildJvm.start(Writer.class, arguments.toArray(String[]::new));
        assertThat(writer.line()).isEqualTo("started");
        return writer;
    }

    private static String swaps(ChildJvm writer) {
        writer.proceed();
        return writer.line();
    }

    private Path mount() {
        return temp.resolve("mount");
    }

    private Path current() {
        try {
            return Files.readSymbolicLink(mount().resolve("..data"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came out of readings beside the writer. One that was outrun has read nothing: it counts as that alone. */
    private record Found(int readings, int races, int mixed, int versions, int outrun) {
        @Override
        public String toString() {
            return "%d of %d readings mixed, %d of them raced by a swap, %d versions seen; %d more were outrun"
                    .formatted(mixed, readings, races, versions, outrun);
        }
    }

    /**
     * Reads until so many readings had a swap in their middle, and so many were mixed. Each gives the texts of all items, which
     * are one text, if not mixed, or nothing where it was outrun.
     */
    private Found readBeside(ChildJvm writer, int races, int mixes, Supplier<Optional<Set<String>>> reading) {
        Set<String> seen = new HashSet<>();
        int readings = 0;
        int raced = 0;
        int mixed = 0;
        int outrun = 0;
        while (raced < races || mixed < mixes) {
            assertThat(writer.isAlive())
                    .as("after %d races and %d outrun readings", raced, outrun)
                    .isTrue();
            Path before = current();
            Optional<Set<String>> texts = reading.get();
            if (texts.isEmpty()) {
                outrun++;
                continue;
            }
            assertThat(texts.get()).isNotEmpty();
            readings++;
            raced += before.equals(current()) ? 0 : 1;
            mixed += texts.get().size() > 1 ? 1 : 0;
            seen.addAll(texts.get());
        }
        return new Found(readings, raced, mixed, seen.size(), outrun);
    }

    /** Where versions never come again, two raced readings may give the same one, the later of the first, but three may not. */
    private static void requireFresh(Found found) {
        assertThat(found.versions()).as("versions seen").isGreaterThanOrEqualTo(found.races() / 2);
    }

    @Test
    void noReadingMixesTwoVersions() {
        try (ChildJvm writer = writer()) {
            SecretSource source = SecretSource.mount(mount(), null);
            Found found = readBeside(writer, RACES, 0, () -> texts(source));
            Found naive = readBeside(writer, RACES, 1, this::followed);
            System.out.printf("Mount beside %s swaps: %s; item by item: %s%n", swaps(writer), found, naive);
            assertThat(found.mixed()).isZero();
            requireFresh(found);
            assertThat(naive.mixed()).as("control: items read one by one").isPositive();
        }
    }

    private static Optional<Set<String>> texts(SecretSource source) {
        try {
            List<SourceItem> items = source.read();
            assertThat(items).hasSize(ITEMS);
            return Optional.of(items.stream()
                    .map(item -> new String(item.content(), UTF_8))
                    .collect(Collectors.toSet()));
        } catch (PodsealException refused) {
            requireOutrun(refused);
            return Optional.empty();
        }
    }

    private static void requireOutrun(PodsealException refused) {
        assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        assertThat(refused.detail()).contains("was replaced");
    }

    /** As whoever follows the links of the items reads them. */
    private Optional<Set<String>> followed() {
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < ITEMS; i++) {
            try {
                texts.add(Files.readString(mount().resolve("item" + i)));
            } catch (NoSuchFileException swapped) {
                i--; // the link was followed, and its target removed
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Optional.of(texts);
    }

    /** Each version has a keyset of its own: a document of one beside a value of another would be refused. */
    @Test
    void noGenerationMixesTwoVersions() throws IOException {
        Workload workload = new Workload();
        Path[] versions = new Path[VERSIONS];
        for (int version = 0; version < VERSIONS; version++) {
            versions[version] = sealed(workload, version);
        }
        RefreshPolicy always = new RefreshPolicy(
                false, Duration.ofMinutes(1), Duration.ZERO, Duration.ofMinutes(1), RefreshPolicy.OnDelete.KEEP);
        try (ChildJvm writer = writer(versions);
                SecretStore store = workload.store(SecretSource.mount(mount(), Workload.SECRET))
                        .refresh(always)
                        .open()) {
            Found found = readBeside(writer, RACES, 0, () -> texts(store));
            System.out.printf(
                    "%d generations of a mount beside %s swaps: %s%n",
                    store.current().number(), swaps(writer), found);
            assertThat(found.mixed()).isZero();
            assertThat(found.versions()).as("versions seen").isGreaterThan(1);
        }
    }

    private static Optional<Set<String>> texts(SecretStore store) {
        if (!store.refresh()) {
            requireOutrun(store.status().problem());
            return Optional.empty();
        }
        Generation generation = store.current();
        assertThat(generation.names()).hasSize(ITEMS);
        return Optional.of(generation.names().stream()
                .map(item -> Workload.text(generation, item))
                .collect(Collectors.toSet()));
    }

    private Path sealed(Workload workload, int version) throws IOException {
        workload.keyset = Keysets.create(Workload.API, KeyType.AES256_GCM);
        Path directory = Files.createDirectory(temp.resolve("version" + version));
        for (int i = 0; i < ITEMS; i++) {
            Files.writeString(directory.resolve("item" + i), workload.token("item" + i, "version " + version));
        }
        Files.write(directory.resolve(Workload.DOCUMENT), workload.document());
        return directory;
    }

    @Test
    void fileOfASwappedMountIsNeverMissing() {
        try (ChildJvm writer = writer()) {
            SecretSource source = SecretSource.file(mount().resolve("item3"), null, null);
            requireFresh(readBeside(
                    writer,
                    RACES,
                    0,
                    () -> Optional.of(Set.of(new String(source.read().get(0).content(), UTF_8)))));
        }
    }
}
