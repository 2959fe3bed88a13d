// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mount against Kubernetes' own atomic writer, entry by entry, after each of many updates. */
@Timeout(600)
final class KubeletMountIT {
    private static final String TIME = "\\.\\.\\d{4}(_\\d{2}){5}\\.\\d+";
    private static final GoModule MODULE = new GoModule(
            "atomic-writer",
            List.of("control-plane/go.mod", "control-plane/go.sum", "atomic-writer/main.go"),
            List.of(new GoProgram("atomic-writer", ".", List.of())),
            "");

    private static Path program;

    @TempDir
    Path folder;

    @BeforeAll
    static void build() {
        program = MODULE.built().resolve("atomic-writer");
    }

    private static void writeByKubernetes(Path directory, String mode, Map<String, byte[]> items) throws Exception {
        JsonObject json = new JsonObject();
        items.forEach(
                (path, content) -> json.addProperty(path, Base64.getEncoder().encodeToString(content)));
        Process writer = new ProcessBuilder(program.toString(), directory.toString(), mode)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        writer.getOutputStream().write(json.toString().getBytes(UTF_8));
        writer.getOutputStream().close();
        assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(writer.exitValue()).isZero();
    }

    /** Every entry with its type, mode, target and content; only the time differs. */
    private static List<String> entries(Path directory) throws IOException {
        List<String> entries = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted().toList()) {
                Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
                String entry = directory.relativize(path) + " " + PosixFilePermissions.toString(mode);
                if (Files.isSymbolicLink(path)) {
                    entry += " -> " + Files.readSymbolicLink(path);
                } else if (Files.isRegularFile(path)) {
                    entry += " = " + Base64.getEncoder().encodeToString(Files.readAllBytes(path));
                }
                entries.add(entry.replaceAll(TIME, "..TIME"));
            }
        }
        return entries;
    }

    @ParameterizedTest
    @ValueSource(strings = {"644 rw-r--r--", "400 r--------", "600 rw-------"})
    void everyUpdateLeavesWhatKubernetesLeaves(String modes) throws Exception {
        String[] mode = modes.split(" ", 2);
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        KubeletMount ours = new KubeletMount(folder.resolve("ours"), mode[1]);
        Random random = new Random(11);
        Map<String, byte[]> items = new TreeMap<>();
        for (int step = 0; step < 25; step++) {
            for (String path : List.of("a", "password", "tls.crt", "deep/one", "deep/two", "very/deep/one")) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> items.remove(path);
                    case 2 -> items.put(path, Integer.toString(step).getBytes(UTF_8));
                    default -> {}
                }
            }
            writeByKubernetes(theirs, mode[0], items);
            ours.write(items);
            assertThat(entries(ours.directory())).as("step %d", step).isEqualTo(entries(theirs));
        }
    }

    @Test
    void anEmptyVolumeIsOneToo() throws Exception {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        KubeletMount ours = new KubeletMount(folder.resolve("ours"));
        writeByKubernetes(theirs, "644", Map.of());
        ours.write(Map.of());
        assertThat(entries(ours.directory())).isEqualTo(entries(theirs)).hasSize(3);
    }

    @Test
    void eachUpdatesTheOthersVolume() throws Exception {
        KubeletMount ours = new KubeletMount(folder.resolve("volume"));
        ours.writeTexts(Map.of("a", "1", "b", "1"));
        writeByKubernetes(ours.directory(), "644", Map.of("b", "2".getBytes(UTF_8)));
        assertThat(entries(ours.directory())).hasSize(5).contains("b rwxrwxrwx -> ..data/b");
        ours.writeTexts(Map.of("c", "3"));
        assertThat(entries(ours.directory())).hasSize(5).contains("c rwxrwxrwx -> ..data/c");
        assertThat(ours.directory().resolve("c")).hasContent("3");
    }
}
