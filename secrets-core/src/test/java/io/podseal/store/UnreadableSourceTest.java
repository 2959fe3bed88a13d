// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.PodsealException;
import io.podseal.testkit.ChildJvm;
import io.podseal.testkit.KubeletMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What may not be read is refused and never taken for absent. Read by a process without the capabilities of root. */
@Timeout(60)
final class UnreadableSourceTest {
    @TempDir
    Path temp;

    /** Prints the code of reading each argument, {@code mount:} or {@code file:}. */
    static final class Reader {
        public static void main(String[] locations) {
            for (String location : locations) {
                try {
                    Location.ofValues(location).valueSource(null).read();
                    System.out.println("read");
                } catch (PodsealException refused) {
                    System.out.println(refused.code());
                }
            }
        }
    }

    private Path volume(String name) {
        return new KubeletMount(temp.resolve(name)).writeTexts(Map.of("a", "1")).directory();
    }

    private static void forbid(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    void whatMayNotBeReadIsDenied() throws IOException, InterruptedException {
        Path readable = volume("readable");
        Path unlisted = volume("unlisted");
        Path unsearchable = volume("unsearchable");
        Path version = volume("version");
        Path file = volume("file");
        forbid(version.resolve("..data").toRealPath(), "---------");
        forbid(file.resolve("a").toRealPath(), "---------");
        forbid(unlisted.resolve("..data").toRealPath(), "--x--x--x");
        forbid(unsearchable, "r--r--r--");
        List<String> asOrdinaryUser =
                System.getProperty("user.name").equals("root") ? List.of("setpriv", "--bounding-set=-all") : List.of();
        try (ChildJvm reader = ChildJvm.start(
                asOrdinaryUser,
                Reader.class,
                "mount:" + readable,
                "mount:" + unlisted,
                "mount:" + unsearchable,
                "mount:" + version,
                "mount:" + file,
                "file:" + file.resolve("a"),
                "file:" + unsearchable.resolve("a"))) {
            assertThat(reader.line()).as("the control").isEqualTo("read");
            for (int i = 0; i < 6; i++) {
                assertThat(reader.line()).as("refusal %d", i).isEqualTo("SOURCE_DENIED");
            }
            assertThat(reader.end()).isZero();
        } finally {
            forbid(version.resolve("..data").toRealPath(), "rwx------");
            forbid(unlisted.resolve("..data").toRealPath(), "rwx------");
            forbid(unsearchable, "rwx------");
        }
    }
}
