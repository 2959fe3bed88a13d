// SPDX-License-Identifier: Apache-2.0
package io.podseal.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.SecretSource;
import io.podseal.store.SourceItem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/** Whatever lies in a mount, only what lies in it is read, and each name gives what it leads to. */
final class MountFuzzTest {
    private static final String OUTSIDE = "outside of the mount";

    @FuzzTest(maxDuration = "10m")
    void onlyWhatLiesInTheMountIsRead(FuzzedDataProvider data) throws IOException {
        Path folder = Files.createTempDirectory("fuzz");
        try {
            Files.writeString(folder.resolve("outside"), OUTSIDE);
            Path mount = Files.createDirectory(folder.resolve("mount"));
            for (int entries = data.consumeInt(0, 8); entries > 0; entries--) {
                lay(mount, data);
            }
            readAndCheck(mount);
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** A file that holds its own name, a folder or a link, where there can be one. */
    private static void lay(Path mount, FuzzedDataProvider data) throws IOException {
        String name = data.pickValue(new String[] {"..data", "..2026_11_21", "password", data.consumeString(12)});
        try {
            Path path = mount.resolve(name);
            if (!path.normalize().startsWith(mount) || path.normalize().equals(mount)) {
                return;
            }
            switch (data.consumeInt(0, 3)) {
                case 0 -> write(path);
                case 1 -> Files.createDirectory(path);
                case 2 ->
                    Files.createSymbolicLink(path, Path.of(data.pickValue(new String[] {
                        "../outside",
                        "..data",
                        "..data/password",
                        "..2026_11_21",
                        ".",
                        "..",
                        path.toString(),
                        "/etc/hostname",
                        data.consumeString(12)
                    })));
                default -> write(path.resolve("password"));
            }
        } catch (FileSystemException | InvalidPathException impossible) {
            // not in this folder
        }
    }

    /** Never through a link: then a file would hold the link's name. */
    private static void write(Path file) throws IOException {
        Files.writeString(file, file.getFileName().toString(), StandardOpenOption.CREATE_NEW);
    }

    private static void readAndCheck(Path mount) throws IOException {
        try {
            SecretSource source = SecretSource.mount(mount, null);
            Path version = source.isLive() ? mount.resolve("..data") : mount;
            for (SourceItem item : source.read()) {
                Path file = version.resolve(item.name()).toRealPath();
                assertThat(file).startsWith(mount.toRealPath()).hasFileName(new String(item.content(), UTF_8));
            }
        } catch (PodsealException refusal) {
            assertThat(refusal.code())
                    .isIn(Set.of(
                            ErrorCode.SOURCE_MISSING,
                            ErrorCode.SOURCE_DENIED,
                            ErrorCode.SOURCE_UNAVAILABLE,
                            ErrorCode.FORMAT,
                            ErrorCode.SIZE,
                            ErrorCode.CONFIGURATION));
            assertThat(refusal.getMessage()).doesNotContain(OUTSIDE);
        }
    }
}
