// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.SIZE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Refusal;
import io.podseal.SecretSealer;
import io.podseal.SecretValue;
import io.podseal.testkit.KubeletMount;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The threat model's table of tampering and parsing, through whole stores: too large, too many, and just not. */
final class HostileSizesTest {
    private final HostileItem item;
    private final Path folder;

    HostileSizesTest(@TempDir Path folder) {
        this.item = new HostileItem(folder);
        this.folder = folder;
    }

    @ParameterizedTest
    @EnumSource
    void tokenOneByteOverTheLimitIsRefusedBeforeItIsDecoded(Carrier carrier) {
        String longest = item.token.substring(0, item.payload) + "!".repeat(958_976 - item.payload);
        item.refused(FORMAT, carrier, longest);
        assertThat(item.refused(SIZE, carrier, longest + "!").detail()).contains("958976", "958977");
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 21, 1L << 40})
    void fileOfAnySizeIsRefusedAndOnlyItsBeginningRead(long bytes) throws IOException {
        Path mount = Files.createDirectory(folder.resolve(Workload.SECRET));
        try (RandomAccessFile sparse =
                new RandomAccessFile(mount.resolve("password").toFile(), "rw")) {
            sparse.setLength(bytes);
        }
        Refusal.of(SIZE, () -> item.open(SecretSource.mount(mount, null)));
        Refusal.of(SIZE, () -> item.open(SecretSource.file(mount.resolve("password"), null, null)));
        assertThat(item.workload.kms.calls()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"too large", "deep", "duplicate"})
    void hostileKeysetDocumentIsRefusedBeforeTheKmsIsAsked(String kind) {
        String good = new String(item.workload.document(), UTF_8);
        String bad = switch (kind) {
            case "too large" -> good + " ".repeat(64 * 1024 + 1 - good.length());
            case "deep" -> good.replaceFirst("\\{", "{\"a\":" + "[".repeat(30_000) + "]".repeat(30_000) + ",");
            default -> good.replaceFirst("\\{", "{\"podseal\":\"v1\",");
        };
        KubeletMount mount = new KubeletMount(folder.resolve(Workload.SECRET))
                .writeTexts(Map.of("password", item.token, Workload.DOCUMENT, bad));
        SecretStoreBuilder store = item.workload.store(SecretSource.mount(mount.directory(), null));
        assertThat(Refusal.of(kind.equals("too large") ? SIZE : FORMAT, store::open)
                        .detail())
                .contains("keyset document '" + Workload.DOCUMENT + "'");
        assertThat(item.workload.kms.calls()).isZero();
        mount.writeTexts(
                Map.of("password", item.token, Workload.DOCUMENT, good + " ".repeat(64 * 1024 - good.length())));
        store.open().close();
    }

    /** All that fits one Secret: the longest value, others to fill it up, and the keyset document. */
    @Test
    void secretOfOneMebibyteOpens() {
        Map<String, byte[]> items = new HashMap<>(Map.of(Workload.DOCUMENT, item.workload.document()));
        byte[] longest = new byte[SecretSealer.MAX_PLAINTEXT_BYTES];
        new Random(1).nextBytes(longest);
        items.put("keystore", item.token("keystore", longest).getBytes(UTF_8));
        int free = 1024 * 1024
                - items.values().stream().mapToInt(content -> content.length).sum();
        String filling = item.token("filling", new byte[0]);
        byte[] rest = new byte[(free - filling.length()) / 4 * 3];
        items.put("filling", item.token("filling", rest).getBytes(UTF_8));
        assertThat(items.values().stream().mapToInt(content -> content.length).sum())
                .isBetween(1024 * 1024 - 8, 1024 * 1024);

        KubeletMount mount = new KubeletMount(folder.resolve(Workload.SECRET)).write(items);
        try (SecretStore store = item.workload
                        .store(SecretSource.mount(mount.directory(), null))
                        .open();
                SecretValue keystore = Objects.requireNonNull(store.current().get("keystore"));
                SecretValue filled = Objects.requireNonNull(store.current().get("filling"))) {
            assertThat(keystore.revealBytes()).isEqualTo(longest);
            assertThat(filled.revealBytes()).isEqualTo(rest);
        }
    }

    @Test
    void tenThousandItemsOpenWithOneCallOfTheKms() throws IOException {
        Path mount = Files.createDirectory(folder.resolve(Workload.SECRET));
        Files.write(mount.resolve(Workload.DOCUMENT), item.workload.document());
        for (int i = 1; i < SecretSource.MAX_ITEMS; i++) {
            Files.writeString(mount.resolve("item" + i), item.workload.token("item" + i, "value " + i));
        }
        try (SecretStore store =
                item.workload.store(SecretSource.mount(mount, null)).open()) {
            assertThat(store.current().names()).hasSize(SecretSource.MAX_ITEMS - 1);
            assertThat(Workload.text(store, "item9999")).isEqualTo("value 9999");
        }
        assertThat(item.workload.kms.calls()).isEqualTo(1);
    }

    @Test
    void tenThousandRefusedItemsMakeAShortMessage() throws IOException {
        Path mount = Files.createDirectory(folder.resolve(Workload.SECRET));
        char[] text = new char[1000];
        Arrays.fill(text, 'x');
        for (int i = 0; i < SecretSource.MAX_ITEMS; i++) {
            Files.writeString(mount.resolve("item" + i), new String(text));
        }
        assertThat(Refusal.of(FORMAT, () -> item.open(SecretSource.mount(mount, null)))
                        .detail())
                .contains("and 9990 more")
                .hasSizeLessThan(4000);
    }
}
