// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tests see of a mount. */
final class KubeletMountTest {
    @TempDir
    Path folder;

    @Test
    void allItemsChangeInOneStep() throws IOException {
        KubeletMount mount = new KubeletMount(folder.resolve("db")).writeTexts(Map.of("a", "1", "b", "1"));
        Path before = Files.readSymbolicLink(mount.directory().resolve("..data"));
        mount.writeTexts(Map.of("b", "2", "c", "2"));

        assertThat(Files.readSymbolicLink(mount.directory().resolve("..data"))).isNotEqualTo(before);
        assertThat(mount.directory().resolve(before)).doesNotExist();
        assertThat(mount.directory().resolve("a")).doesNotExist();
        assertThat(mount.directory().resolve("b")).isSymbolicLink().hasContent("2");
        assertThat(mount.directory().resolve("c")).isSymbolicLink().hasContent("2");
        assertThat(mount.directory().resolve("..data_tmp")).doesNotExist();
    }

    @Test
    void whatIsMountedAlreadyIsNotWrittenAgain() throws IOException {
        KubeletMount mount = new KubeletMount(folder.resolve("db")).writeTexts(Map.of("a", "1"));
        Path before = Files.readSymbolicLink(mount.directory().resolve("..data"));
        mount.writeTexts(Map.of("a", "1"));
        assertThat(Files.readSymbolicLink(mount.directory().resolve("..data"))).isEqualTo(before);
    }

    @Test
    void anotherInstanceGoesOnWithTheVolume() {
        new KubeletMount(folder.resolve("db")).writeTexts(Map.of("a", "1"));
        new KubeletMount(folder.resolve("db")).writeTexts(Map.of("b", "2"));
        assertThat(folder.resolve("db/a")).doesNotExist();
        assertThat(folder.resolve("db/b")).hasContent("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "..", "../a", "..a", "a/../b", "a/.."})
    void pathsThatTheKubeletRefusesAreRefused(String path) {
        KubeletMount mount = new KubeletMount(folder.resolve("db"));
        assertThatThrownBy(() -> mount.writeTexts(Map.of(path, "1"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(mount.directory()).isEmptyDirectory();
    }
}
