// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.PodsealException;
import io.podseal.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may not be read is denied. Read by a process without the capabilities of root. */
class UnreadableFilesTest {
    @TempDir
    private Path folder;

    /** Reads the file as each of the kinds, and prints what refuses it. */
    static final class Reader {
        public static void main(String[] arguments) {
            Path file = Path.of(arguments[0]);
            print(() -> new TokenFile(file).getToken());
            print(() -> new CaFile(file));
            print(() -> new ManifestSource(file, null, null).read());
        }

        private static void print(Runnable reading) {
            try {
                reading.run();
                System.out.println("read");
            } catch (PodsealException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    @Test
    void tokenCertificatesAndManifestAreDeniedByName() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "content");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-wx------"));
        List<String> bound =
                System.getProperty("user.name").equals("root") ? List.of("setpriv", "--bounding-set=-all") : List.of();
        try (ChildJvm child = ChildJvm.start(bound, Reader.class, file.toString())) {
            assertThat(child.line()).contains("SOURCE_DENIED", "token file " + file);
            assertThat(child.line()).contains("SOURCE_DENIED", "CA file " + file);
            assertThat(child.line()).contains("SOURCE_DENIED", "manifest " + file);
            assertThat(child.end()).isZero();
        }
    }
}
