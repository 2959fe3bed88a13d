// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podseal.Scope;
import io.podseal.testkit.KubeletMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes are seen through the operating system's notification: the next poll is a day away. */
@Timeout(60)
final class WatchTest {
    private static final RefreshPolicy HARDLY_EVER =
            new RefreshPolicy(true, Duration.ofDays(1), Duration.ZERO, Duration.ofDays(2), RefreshPolicy.OnDelete.KEEP);

    @TempDir
    Path temp;

    private final OurThreads threads = new OurThreads();
    private final Workload workload = new Workload();

    private SecretStore open(SecretSource source, SecretSource... keysets) {
        SecretStoreBuilder builder = workload.store(source).refresh(HARDLY_EVER).nanoTime(System::nanoTime);
        for (SecretSource documents : keysets) {
            builder.keysets(documents);
        }
        return builder.open();
    }

    private KubeletMount volume(KubeletMount volume, String value) {
        return volume.writeTexts(
                Map.of("a", workload.token(accountBound(), value), Workload.DOCUMENT, new String(workload.document())));
    }

    private static Scope accountBound() {
        return Scope.accountBound(Workload.API);
    }

    private static void awaitValue(SecretStore store, String item, String value) {
        await().untilAsserted(() -> assertThat(Workload.text(store, item)).isEqualTo(value));
    }

    @Test
    void swappedMountIsSeen() {
        KubeletMount volume = volume(new KubeletMount(temp.resolve("db")), "1");
        try (SecretStore store = open(SecretSource.mount(volume.directory(), null))) {
            volume(volume, "2");
            awaitValue(store, "a", "2");
            volume(volume, "3");
            awaitValue(store, "a", "3");
        }
    }

    @Test
    void changeBetweenTheFirstReadingAndTheWatchIsSeen() {
        KubeletMount volume = volume(new KubeletMount(temp.resolve("db")), "1");
        SecretSource source = SecretSource.mount(volume.directory(), null);
        SecretStoreBuilder builder = workload.store(source)
                .refresh(HARDLY_EVER)
                .nameCheck(names -> {
                    if (workload.kms.calls() == 0) {
                        volume(volume, "2");
                    }
                })
                .nanoTime(System::nanoTime);
        try (SecretStore store = builder.open()) {
            awaitValue(store, "a", "2");
        }
    }

    @Test
    void fileOfAMountAndItsKeysetFileAreSeen() throws IOException {
        KubeletMount volume = volume(new KubeletMount(temp.resolve("db")), "1");
        Path document = Files.write(temp.resolve("api.keyset.json"), workload.document());
        SecretSource source = SecretSource.file(volume.directory().resolve("a"), null, null);
        try (SecretStore store = open(source, SecretSource.file(document, null, null))) {
            volume(volume, "2");
            awaitValue(store, "a", "2");
            long generation = store.current().number();
            Files.write(document, workload.document());
            await().untilAsserted(() -> assertThat(store.current().number()).isGreaterThan(generation));
        }
    }

    @Test
    void mountThatIsRemovedAndMadeAgainIsWatchedAgain() throws IOException {
        Path directory = temp.resolve("db");
        volume(new KubeletMount(directory), "1");
        try (SecretStore store = open(SecretSource.mount(directory, null))) {
            delete(directory);
            await().untilAsserted(() ->
                    assertThat(store.status().problem()).as("noticed").isNotNull());
            KubeletMount anew = volume(new KubeletMount(directory), "2");
            awaitValue(store, "a", "2");
            for (int i = 3; i < 6; i++) {
                volume(anew, "" + i);
                awaitValue(store, "a", "" + i);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void plainDirectoryIsNotFollowed() throws IOException {
        Files.writeString(temp.resolve("a"), workload.token(accountBound(), "1"));
        Files.write(temp.resolve(Workload.DOCUMENT), workload.document());
        try (SecretStore store = open(SecretSource.mount(temp, null))) {
            threads.awaitNone("podseal-refresh");
            assertThat(store.status().values()).isEqualTo(1);
        }
    }
}
