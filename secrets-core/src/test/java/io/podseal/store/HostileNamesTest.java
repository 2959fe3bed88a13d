// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.SOURCE_DENIED;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The threat model's table of tampering and parsing, through whole stores: names that no item has. */
final class HostileNamesTest {
    private final HostileItem item;
    private final Path folder;

    HostileNamesTest(@TempDir Path folder) {
        this.item = new HostileItem(folder);
        this.folder = folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"..password", "...", "pass word", "pass\nword", "pass\\word", "p\u00e4ssword"})
    void nameThatNoItemOfASecretHasIsRefused(String name) throws IOException {
        Path mount = Files.createDirectory(folder.resolve(Workload.SECRET));
        Files.writeString(mount.resolve(name), item.token);
        Files.writeString(mount.resolve("password"), item.token);
        assertThat(Refusal.of(CONFIGURATION, () -> item.open(SecretSource.mount(mount, null)))
                        .detail())
                .contains("neither '.' nor beginning with '..'");
        Refusal.of(CONFIGURATION, () -> item.open(SecretSource.file(mount.resolve(name), null, null)));
        assertThat(item.workload.kms.calls()).isZero();
    }

    @Test
    void nameOfALinkCannotAddALineToTheMessage() throws IOException {
        Path mount = Files.createDirectory(folder.resolve(Workload.SECRET));
        Files.createDirectory(mount.resolve("x\nAUTHENTICATION: all is well"));
        assertThat(Refusal.of(SOURCE_DENIED, () -> item.open(SecretSource.mount(mount, null)))
                        .detail())
                .contains("x<U+000A>AUTH");
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.createSymbolicLink(other.resolve("x\ny"), Path.of("/etc/hostname"));
        assertThat(Refusal.of(SOURCE_DENIED, () -> item.open(SecretSource.mount(other, null)))
                        .detail())
                .contains("x<U+000A>y: a link out of the mount");
    }
}
