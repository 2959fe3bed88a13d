// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.SOURCE_DENIED;
import static io.podseal.ErrorCode.VERSION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.SecretSealer;
import io.podseal.SecretValue;
import io.podseal.testkit.Canary;
import io.podseal.testkit.KubeletMount;
import io.podseal.testkit.LeakSearch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The threat model's table of tampering and parsing, through whole stores: whatever lies in an item, by every local carrier. */
final class HostileItemsTest {
    @TempDir
    Path folder;

    private final Workload workload = new Workload();
    private final MemorySource documents = new MemorySource(null).put("a document", workload.document());
    private final String token = workload.token("password", "s3cret");
    private final int payload = token.lastIndexOf(':') + 1;

    private SecretSource laid(Carrier carrier, byte[] content) {
        return carrier.lay(folder.resolve(Workload.SECRET), "password", content);
    }

    private SecretStore open(SecretSource source) {
        return workload.store(source).keysets(documents).open();
    }

    private PodsealException refused(ErrorCode code, Carrier carrier, String content) {
        PodsealException refusal = Refusal.of(code, () -> open(laid(carrier, content.getBytes(UTF_8))));
        assertThat(refusal.detail()).contains("item 'password' of ");
        assertThat(workload.kms.calls()).as("KMS calls").isZero();
        return refusal;
    }

    private static String inserted(String text, int at, String piece) {
        return text.substring(0, at) + piece + text.substring(at);
    }

    private static String at(String text, int index, String codePoint) {
        return "at byte " + text.substring(0, index).getBytes(UTF_8).length + " (" + codePoint + ")";
    }

    // What is no token

    @ParameterizedTest
    @EnumSource
    void plainTextIsRefusedAndIsNowhereInTheMessage(Carrier carrier) {
        Canary value = Canary.random("plain value");
        LeakSearch search = LeakSearch.of(value);
        for (UnaryOperator<String> spelling : List.<UnaryOperator<String>>of(
                text -> text,
                text -> text + "\n",
                text -> " " + text,
                text -> "podseal:" + text,
                text -> "podseal:v1" + text,
                text -> "\ufeffpodseal:v1:payments/api:" + text,
                text -> "\u200bpodseal:v1:payments/api:" + text,
                text -> "\0podseal:v1:payments/api:" + text,
                text -> Base64.getEncoder().encodeToString(text.getBytes(UTF_8)))) {
            PodsealException refusal = refused(FORMAT, carrier, spelling.apply(value.text()));
            search.inThrowable(refusal).requireNone();
            assertThat(refusal.detail())
                    .as("it may be a plain value")
                    .doesNotContain("at byte", "U+")
                    .contains("podseal seal");
        }
        assertThat(search.inText("control: " + value.text()).leaks()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void tokenEncodedOnceMoreIsNotAToken(Carrier carrier) {
        byte[] bytes = token.getBytes(UTF_8);
        refused(FORMAT, carrier, Base64.getEncoder().encodeToString(bytes));
        refused(FORMAT, carrier, Base64.getMimeEncoder().encodeToString(bytes));
        refused(FORMAT, carrier, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        String twice = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(token.substring(payload).getBytes(UTF_8));
        assertThat(refused(FORMAT, carrier, token.substring(0, payload) + twice).detail())
                .contains("at byte " + payload, "0x01");
    }

    // What was meant as one

    @ParameterizedTest
    @EnumSource
    void otherVersionsAreRefusedAsSuch(Carrier carrier) {
        for (String version : List.of("v0", "v2", "v11")) {
            refused(VERSION, carrier, token.replace(":v1:", ":" + version + ":"));
        }
        refused(FORMAT, carrier, token.replace(":v1:", ":v01:"));
    }

    @ParameterizedTest
    @EnumSource
    void foreignCharactersAreNamedByOffsetAndCodePointAndNothingElseIsShown(Carrier carrier) {
        Map<String, String> characters = Map.of(
                "+", "U+002B",
                "/", "U+002F",
                "=", "U+003D",
                "\ufeff", "U+FEFF",
                "\u200b", "U+200B",
                "\u00a0", "U+00A0",
                "\0", "U+0000",
                "\n", "U+000A",
                "\r\n", "U+000D",
                "\ud83d\ude00", "U+1F600");
        characters.forEach((character, codePoint) -> {
            for (int index : new int[] {payload, payload + 20, token.length() - 1}) {
                String spoilt = inserted(token, index, character);
                String detail = refused(FORMAT, carrier, spoilt).detail();
                assertThat(detail).contains(at(spoilt, index, codePoint));
                assertThat(detail).doesNotContain(token.substring(payload + 8, payload + 16));
            }
        });
        for (String character : List.of("\ufeff", "\u200b", "\0", "\n", " ", "%")) {
            String spoilt = inserted(token, "podseal:v1:pay".length(), character);
            assertThat(refused(FORMAT, carrier, spoilt).detail())
                    .contains(
                            at(spoilt, "podseal:v1:pay".length(), String.format("U+%04X", (int) character.charAt(0))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void paddingAndStrayBitsAreRefusedWhereTheyStand(Carrier carrier) {
        int bytes = Base64.getUrlDecoder().decode(token.substring(payload)).length;
        for (int more = 0; more < 3; more++) {
            String longer = workload.token("password", "s3cret" + "x".repeat(more));
            String body = longer.substring(payload);
            if ((bytes + more) % 3 == 0) {
                continue;
            }
            String padded =
                    Base64.getUrlEncoder().encodeToString(Base64.getUrlDecoder().decode(body));
            assertThat(refused(FORMAT, carrier, longer.substring(0, payload) + padded)
                            .detail())
                    .contains(at(longer, longer.length(), "U+003D"));
            String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            char stray = alphabet.charAt(alphabet.indexOf(body.charAt(body.length() - 1)) + 1);
            assertThat(refused(FORMAT, carrier, longer.substring(0, longer.length() - 1) + stray)
                            .detail())
                    .contains(at(longer, longer.length() - 1, String.format("U+%04X", (int) stray)), "stray bits");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ENVIRONMENT")
    void bytesThatAreNoUtf8AreRefused(Carrier carrier) {
        byte[] bytes = token.getBytes(UTF_8);
        bytes[payload + 3] = (byte) 0xff;
        assertThat(Refusal.of(FORMAT, () -> open(laid(carrier, bytes))).detail())
                .contains("at byte " + (payload + 3) + " (byte 0xFF)");
        byte[] plain = {(byte) 0xc3, (byte) 0x28};
        assertThat(Refusal.of(FORMAT, () -> open(laid(carrier, plain))).detail())
                .doesNotContain("0xC3", "0x28", "\ufffd");
    }

    // Sizes

    @ParameterizedTest
    @EnumSource
    void tokenOneByteOverTheLimitIsRefusedBeforeItIsDecoded(Carrier carrier) {
        String longest = token.substring(0, payload) + "!".repeat(958_976 - payload);
        refused(FORMAT, carrier, longest);
        assertThat(refused(SIZE, carrier, longest + "!").detail()).contains("958976", "958977");
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 21, 1L << 40})
    void fileOfAnySizeIsRefusedAndOnlyItsBeginningRead(long bytes) throws IOException {
        Path mount = Files.createDirectory(folder.resolve(Workload.SECRET));
        try (RandomAccessFile sparse =
                new RandomAccessFile(mount.resolve("password").toFile(), "rw")) {
            sparse.setLength(bytes);
        }
        Refusal.of(SIZE, () -> open(SecretSource.mount(mount, null)));
        Refusal.of(SIZE, () -> open(SecretSource.file(mount.resolve("password"), null, null)));
        assertThat(workload.kms.calls()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"too large", "deep", "duplicate"})
    void hostileKeysetDocumentIsRefusedBeforeTheKmsIsAsked(String kind) {
        String good = new String(workload.document(), UTF_8);
        String bad = switch (kind) {
            case "too large" -> good + " ".repeat(64 * 1024 + 1 - good.length());
            case "deep" -> good.replaceFirst("\\{", "{\"a\":" + "[".repeat(30_000) + "]".repeat(30_000) + ",");
            default -> good.replaceFirst("\\{", "{\"podseal\":\"v1\",");
        };
        KubeletMount mount = new KubeletMount(folder.resolve(Workload.SECRET))
                .writeTexts(Map.of("password", token, Workload.DOCUMENT, bad));
        SecretStoreBuilder store = workload.store(SecretSource.mount(mount.directory(), null));
        assertThat(Refusal.of(kind.equals("too large") ? SIZE : FORMAT, store::open)
                        .detail())
                .contains("keyset document '" + Workload.DOCUMENT + "'");
        assertThat(workload.kms.calls()).isZero();
        mount.writeTexts(Map.of("password", token, Workload.DOCUMENT, good + " ".repeat(64 * 1024 - good.length())));
        store.open().close();
    }

    /** All that fits one Secret: the longest value, others to fill it up, and the keyset document. */
    @Test
    void secretOfOneMebibyteOpens() {
        Map<String, byte[]> items = new HashMap<>(Map.of(Workload.DOCUMENT, workload.document()));
        byte[] longest = new byte[SecretSealer.MAX_PLAINTEXT_BYTES];
        new Random(1).nextBytes(longest);
        items.put("keystore", token("keystore", longest).getBytes(UTF_8));
        int free = 1024 * 1024
                - items.values().stream().mapToInt(item -> item.length).sum();
        String filling = token("filling", new byte[0]);
        byte[] rest = new byte[(free - filling.length()) / 4 * 3];
        items.put("filling", token("filling", rest).getBytes(UTF_8));
        assertThat(items.values().stream().mapToInt(item -> item.length).sum()).isBetween(1024 * 1024 - 8, 1024 * 1024);

        KubeletMount mount = new KubeletMount(folder.resolve(Workload.SECRET)).write(items);
        try (SecretStore store = workload.store(SecretSource.mount(mount.directory(), null))
                        .open();
                SecretValue keystore = Objects.requireNonNull(store.current().get("keystore"));
                SecretValue filled = Objects.requireNonNull(store.current().get("filling"))) {
            assertThat(keystore.revealBytes()).isEqualTo(longest);
            assertThat(filled.revealBytes()).isEqualTo(rest);
        }
    }

    private String token(String item, byte[] value) {
        return workload.keyset
                .sealer()
                .seal(Scope.item(Workload.API, Workload.SECRET, item), value)
                .token();
    }

    // Values

    @ParameterizedTest
    @EnumSource
    void valuesThatLookLikeSomethingArriveByteForByteAndAreOpenedOnce(Carrier carrier) {
        List<byte[]> values = new ArrayList<>();
        for (String text : List.of(
                "",
                token,
                workload.token("other", "sealed twice"),
                "podseal:v1:",
                "${nope}",
                "${password}",
                "#{T(java.lang.System).exit(7)}",
                "\\${x}",
                "key: [yaml, 'quoted'] # comment",
                "---\n- &a !!binary b\n- *a\n",
                "1e5",
                "null",
                "line\nends\r\n",
                " \t ",
                "\ufeff\u200b\0",
                "%s {0} $(id) `id`",
                "{\"podseal\":\"v1\"}")) {
            values.add(text.getBytes(UTF_8));
        }
        values.add(new byte[] {(byte) 0xff, 0, (byte) 0xc0, (byte) 0x80});
        for (byte[] value : values) {
            try (SecretStore store = open(laid(carrier, token("password", value).getBytes(UTF_8)));
                    SecretValue opened = Objects.requireNonNull(store.current().get("password"))) {
                assertThat(opened.revealBytes()).isEqualTo(value);
                assertThat(store.current().names()).containsExactly("password");
            }
        }
        byte[] last = values.get(values.size() - 1);
        try (SecretStore store = open(laid(carrier, token("password", last).getBytes(UTF_8)));
                SecretValue opened = Objects.requireNonNull(store.current().get("password"))) {
            Refusal.of(FORMAT, opened::revealString);
            Refusal.of(FORMAT, opened::revealChars);
        }
    }

    // Names

    @ParameterizedTest
    @ValueSource(strings = {"..password", "...", "pass word", "pass\nword", "pass\\word", "p\u00e4ssword"})
    void nameThatNoItemOfASecretHasIsRefused(String name) throws IOException {
        Path mount = Files.createDirectory(folder.resolve(Workload.SECRET));
        Files.writeString(mount.resolve(name), token);
        Files.writeString(mount.resolve("password"), token);
        assertThat(Refusal.of(CONFIGURATION, () -> open(SecretSource.mount(mount, null)))
                        .detail())
                .contains("neither '.' nor beginning with '..'");
        Refusal.of(CONFIGURATION, () -> open(SecretSource.file(mount.resolve(name), null, null)));
        assertThat(workload.kms.calls()).isZero();
    }

    @Test
    void nameOfALinkCannotAddALineToTheMessage() throws IOException {
        Path mount = Files.createDirectory(folder.resolve(Workload.SECRET));
        Files.createDirectory(mount.resolve("x\nAUTHENTICATION: all is well"));
        assertThat(Refusal.of(SOURCE_DENIED, () -> open(SecretSource.mount(mount, null)))
                        .detail())
                .contains("x<U+000A>AUTH");
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.createSymbolicLink(other.resolve("x\ny"), Path.of("/etc/hostname"));
        assertThat(Refusal.of(SOURCE_DENIED, () -> open(SecretSource.mount(other, null)))
                        .detail())
                .contains("x<U+000A>y: a link out of the mount");
    }

    @Test
    void tenThousandItemsOpenWithOneCallOfTheKms() throws IOException {
        Path mount = Files.createDirectory(folder.resolve(Workload.SECRET));
        Files.write(mount.resolve(Workload.DOCUMENT), workload.document());
        for (int i = 1; i < SecretSource.MAX_ITEMS; i++) {
            Files.writeString(mount.resolve("item" + i), workload.token("item" + i, "value " + i));
        }
        try (SecretStore store = workload.store(SecretSource.mount(mount, null)).open()) {
            assertThat(store.current().names()).hasSize(SecretSource.MAX_ITEMS - 1);
            assertThat(Workload.text(store, "item9999")).isEqualTo("value 9999");
        }
        assertThat(workload.kms.calls()).isEqualTo(1);
    }

    @Test
    void tenThousandRefusedItemsMakeAShortMessage() throws IOException {
        Path mount = Files.createDirectory(folder.resolve(Workload.SECRET));
        char[] text = new char[1000];
        Arrays.fill(text, 'x');
        for (int i = 0; i < SecretSource.MAX_ITEMS; i++) {
            Files.writeString(mount.resolve("item" + i), new String(text));
        }
        assertThat(Refusal.of(FORMAT, () -> open(SecretSource.mount(mount, null)))
                        .detail())
                .contains("and 9990 more")
                .hasSizeLessThan(4000);
    }
}
