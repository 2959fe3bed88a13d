// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.SOURCE_DENIED;
import static io.podseal.ErrorCode.SOURCE_MISSING;
import static io.podseal.ErrorCode.SOURCE_UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Refusal;
import io.podseal.testkit.KubeletMount;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class MountSourceTest {
    @TempDir
    Path temp;

    Path mount;

    @BeforeEach
    void makeMount() throws IOException {
        mount = Files.createDirectory(temp.resolve("db-credentials"));
    }

    static Map<String, String> read(Path directory) {
        Map<String, String> items = new TreeMap<>();
        for (SourceItem item : SecretSource.mount(directory, null).read()) {
            items.put(item.name(), new String(item.content(), UTF_8));
        }
        return items;
    }

    private Path link(Path at, String target) throws IOException {
        return Files.createSymbolicLink(at, Path.of(target));
    }

    @Test
    void kubeletLayoutGivesTheItemsOfTheCurrentVersionOnly() {
        KubeletMount volume = new KubeletMount(mount).writeTexts(Map.of("a", "1", "b", "2"));
        assertThat(read(mount)).containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "b", "2"));
        volume.writeTexts(Map.of("b", "3", "c", "4"));
        assertThat(read(mount)).containsExactlyInAnyOrderEntriesOf(Map.of("b", "3", "c", "4"));
        assertThat(SecretSource.mount(mount, null).isLive()).isTrue();
    }

    @Test
    void plainDirectoryIsStatic() throws IOException {
        Files.writeString(mount.resolve("a"), "1");
        assertThat(read(mount)).containsExactly(Map.entry("a", "1"));
        assertThat(SecretSource.mount(mount, null).isLive()).isFalse();
    }

    @Test
    void relativeDirectoryAndLinkToTheDirectoryAreRead() throws IOException {
        new KubeletMount(mount).writeTexts(Map.of("a", "1"));
        link(temp.resolve("link"), "db-credentials");
        assertThat(read(temp.resolve("link"))).containsKey("a");
        Path relative = Path.of("").toAbsolutePath().relativize(mount);
        assertThat(read(relative)).containsKey("a");
    }

    @Test
    void linkWithinTheMountIsFollowed() throws IOException {
        Files.writeString(mount.resolve("a"), "1");
        link(mount.resolve("b"), "a");
        assertThat(read(mount)).containsEntry("b", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "/etc/hostname", "b/../outside", "absolute"})
    void linkOutOfTheMountIsRefused(String target) throws IOException {
        Path outside = Files.writeString(temp.resolve("outside"), "1");
        Files.createDirectory(temp.resolve("b"));
        link(mount.resolve("b"), "../b");
        link(mount.resolve("a"), target.equals("absolute") ? outside.toString() : target);
        assertThat(Refusal.of(SOURCE_DENIED, () -> read(mount)).detail()).contains("link out of the mount");
    }

    @Test
    void linkIntoADirectoryThatOnlyBeginsWithTheMountsNameIsRefused() throws IOException {
        Path sibling = Files.createDirectory(temp.resolve("db-credentials-old"));
        Files.writeString(sibling.resolve("a"), "1");
        link(mount.resolve("a"), "../db-credentials-old/a");
        Refusal.of(SOURCE_DENIED, () -> read(mount));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../elsewhere", "absolute", "absolute inside", "..v1/..", "."})
    void currentVersionElsewhereIsRefused(String target) throws IOException {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("a"), "1");
        Path inside = Files.createDirectory(mount.resolve("..v1"));
        Files.writeString(inside.resolve("a"), "1");
        link(
                mount.resolve("..data"),
                switch (target) {
                    case "absolute" -> elsewhere.toString();
                    case "absolute inside" -> inside.toString();
                    default -> target;
                });
        Refusal.of(SOURCE_DENIED, () -> read(mount));
    }

    @Test
    void versionThatIsALinkOutOfTheMountIsRefused() throws IOException {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("a"), "1");
        link(mount.resolve("..v1"), "../elsewhere");
        link(mount.resolve("..data"), "..v1");
        Refusal.of(SOURCE_DENIED, () -> read(mount));
    }

    @Test
    void fifoIsRefusedWithoutBeingOpened() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", mount.resolve("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(Refusal.of(SOURCE_DENIED, () -> read(mount)).detail()).contains("not a regular file");
        Refusal.of(
                SOURCE_DENIED,
                () -> SecretSource.file(mount.resolve("pipe"), null, null).read());
    }

    @Test
    void socketIsRefused() throws IOException {
        // a socket's path is short: the temporary directory of this test may be too deep for one
        Path shallow = Files.createTempDirectory("s");
        Path socket = shallow.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Refusal.of(SOURCE_DENIED, () -> read(shallow));
        } finally {
            Files.delete(socket);
            Files.delete(shallow);
        }
    }

    @Test
    void directoryIsRefused() throws IOException {
        Files.createDirectory(mount.resolve("sub"));
        Refusal.of(SOURCE_DENIED, () -> read(mount));
    }

    @Test
    void deviceIsRefused() throws IOException {
        Refusal.of(
                SOURCE_DENIED,
                () -> SecretSource.file(Path.of("/dev/zero"), null, null).read());
        link(mount.resolve("zero"), "/dev/zero");
        Refusal.of(SOURCE_DENIED, () -> read(mount));
    }

    @Test
    void tenThousandItemsAreReadAndOneMoreIsRefused() throws IOException {
        for (int i = 0; i < SecretSource.MAX_ITEMS; i++) {
            Files.createFile(mount.resolve("item" + i));
        }
        assertThat(SecretSource.mount(mount, null).read()).hasSize(SecretSource.MAX_ITEMS);
        Files.createFile(mount.resolve("one-more"));
        assertThat(Refusal.of(SIZE, () -> read(mount)).detail()).contains("10000");
    }

    @Test
    void oneMebibyteIsReadAndOneByteMoreIsRefused() throws IOException {
        Files.write(mount.resolve("a"), new byte[SecretSource.MAX_ITEM_BYTES]);
        assertThat(SecretSource.mount(mount, null).read().get(0).content()).hasSize(SecretSource.MAX_ITEM_BYTES);
        Files.write(mount.resolve("a"), new byte[SecretSource.MAX_ITEM_BYTES + 1]);
        assertThat(Refusal.of(SIZE, () -> read(mount)).detail()).contains("1048576");
        Refusal.of(SIZE, () -> SecretSource.file(mount.resolve("a"), null, null).read());
    }

    @Test
    void sixtyFourMebibytesInAllAreReadAndOneByteMoreIsRefused() throws IOException {
        Path first = Files.write(mount.resolve("0"), new byte[SecretSource.MAX_ITEM_BYTES]);
        for (int i = 1; i < 64; i++) {
            Files.createLink(mount.resolve("" + i), first);
        }
        assertThat(SecretSource.mount(mount, null).read()).hasSize(64);
        Files.write(mount.resolve("64"), new byte[1]);
        Refusal.of(SIZE, () -> read(mount));
    }

    @Test
    void emptyMountIsMissing() {
        assertThat(Refusal.of(SOURCE_MISSING, () -> read(mount)).detail()).contains(mount.toString(), "optional:");
        new KubeletMount(mount).writeTexts(Map.of());
        Refusal.of(SOURCE_MISSING, () -> read(mount));
    }

    @Test
    void missingMountIsMissing() {
        assertThat(Refusal.of(SOURCE_MISSING, () -> read(temp.resolve("nowhere")))
                        .detail())
                .contains("there is no " + temp.resolve("nowhere"));
    }

    @Test
    void fileInPlaceOfADirectoryIsAConfigurationError() throws IOException {
        Path file = Files.writeString(mount.resolve("a"), "1");
        assertThat(Refusal.of(CONFIGURATION, () -> read(file)).detail()).contains("file:" + file);
    }

    @Test
    void danglingLinkIsNoAbsence() throws IOException {
        link(mount.resolve("a"), "gone");
        Refusal.of(SOURCE_UNAVAILABLE, () -> read(mount));
    }

    @Test
    void danglingLinkInTheCurrentVersionIsNeitherAbsenceNorASwap() throws IOException {
        new KubeletMount(mount).writeTexts(Map.of("a", "1"));
        Path version = mount.resolve("..data").toRealPath();
        link(version.resolve("b"), "gone");
        assertThat(Refusal.of(SOURCE_UNAVAILABLE, () -> read(mount)).detail()).doesNotContain("replaced");
    }

    @Test
    void currentVersionThatIsGoneIsNoAbsence() throws IOException {
        link(mount.resolve("..data"), "..gone");
        Refusal.of(SOURCE_UNAVAILABLE, () -> read(mount));
    }

    @Test
    void secretIsCalledAsTheDirectoryUnlessItIsNamed() {
        assertThat(SecretSource.mount(mount, null).secretName()).isEqualTo("db-credentials");
        assertThat(SecretSource.mount(mount, "other").secretName()).isEqualTo("other");
        assertThat(SecretSource.mount(Path.of("/etc/podseal/DB_Credentials"), null)
                        .secretName())
                .as("no Secret can be called so")
                .isNull();
        assertThat(SecretSource.mount(Path.of("/"), null).secretName()).isNull();
    }
}
