// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.testkit.ChildJvm;
import io.podseal.testkit.KubeletMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reading while another process swaps the volume as fast as it can. Every item of a version holds the version's number. */
@Timeout(120)
final class SwappedMountTest {
    private static final int ITEMS = 6;
    private static final int READINGS = 50;

    @TempDir
    Path mount;

    /** Swaps until its input ends, at most for 100 seconds. */
    static final class Writer {
        public static void main(String[] arguments) throws IOException {
            KubeletMount volume = new KubeletMount(Path.of(arguments[0]));
            long end = System.nanoTime() + 100_000_000_000L;
            for (int version = 1; System.nanoTime() < end && System.in.available() == 0; version++) {
                Map<String, String> items = new HashMap<>();
                for (int i = 0; i < ITEMS; i++) {
                    items.put("item" + i, Integer.toString(version));
                }
                volume.writeTexts(items);
                if (version == 1) {
                    System.out.println("started");
                }
            }
        }
    }

    @Test
    void noReadingMixesTwoVersions() throws IOException {
        try (ChildJvm writer = ChildJvm.start(Writer.class, mount.toString())) {
            assertThat(writer.line()).isEqualTo("started");
            SecretSource source = SecretSource.mount(mount, null);
            Set<String> seen = new HashSet<>();
            int mixed = 0;
            while (seen.size() < READINGS) {
                assertThat(writer.isAlive()).as("%d versions seen", seen.size()).isTrue();
                try {
                    List<SourceItem> items = source.read();
                    Set<String> versions = items.stream()
                            .map(item -> new String(item.content(), UTF_8))
                            .collect(Collectors.toSet());
                    assertThat(items).hasSize(ITEMS);
                    mixed += versions.size() == 1 ? 0 : 1;
                    seen.addAll(versions);
                } catch (PodsealException outrun) {
                    assertThat(outrun.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
                    assertThat(outrun.detail()).contains("replaced");
                }
            }
            assertThat(mixed).isZero();
            controlItemByItemMixes(writer);
        }
    }

    /** Without the care, the same writer gives mixed readings: the test above can fail. */
    private void controlItemByItemMixes(ChildJvm writer) throws IOException {
        Set<String> versions = new HashSet<>();
        while (versions.size() < 2) {
            assertThat(writer.isAlive()).isTrue();
            versions.clear();
            try {
                for (int i = 0; i < ITEMS; i++) {
                    versions.add(Files.readString(mount.resolve("item" + i)));
                }
            } catch (NoSuchFileException swapped) {
                // the link was followed, and its target removed
            }
        }
    }

    @Test
    void fileOfASwappedMountIsNeverMissing() throws IOException {
        try (ChildJvm writer = ChildJvm.start(Writer.class, mount.toString())) {
            assertThat(writer.line()).isEqualTo("started");
            SecretSource source = SecretSource.file(mount.resolve("item3"), null, null);
            Set<String> seen = new HashSet<>();
            while (seen.size() < READINGS) {
                assertThat(writer.isAlive()).as("%d versions seen", seen.size()).isTrue();
                seen.add(new String(source.read().get(0).content(), UTF_8));
            }
        }
    }
}
