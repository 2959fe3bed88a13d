// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.VERSION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.testkit.Canary;
import io.podseal.testkit.LeakSearch;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The threat model's table of tampering and parsing, through whole stores: what is no token, and what was meant as one. */
final class HostileTokensTest {
    private final HostileItem item;

    HostileTokensTest(@TempDir Path folder) {
        this.item = new HostileItem(folder);
    }

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
            PodsealException refusal = item.refused(FORMAT, carrier, spelling.apply(value.text()));
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
        byte[] bytes = item.token.getBytes(UTF_8);
        item.refused(FORMAT, carrier, Base64.getEncoder().encodeToString(bytes));
        item.refused(FORMAT, carrier, Base64.getMimeEncoder().encodeToString(bytes));
        item.refused(FORMAT, carrier, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        String twice = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(item.token.substring(item.payload).getBytes(UTF_8));
        assertThat(item.refused(FORMAT, carrier, item.token.substring(0, item.payload) + twice)
                        .detail())
                .contains("at byte " + item.payload, "0x01");
    }

    @ParameterizedTest
    @EnumSource
    void otherVersionsAreRefusedAsSuch(Carrier carrier) {
        for (String version : List.of("v0", "v2", "v11")) {
            item.refused(VERSION, carrier, item.token.replace(":v1:", ":" + version + ":"));
        }
        item.refused(FORMAT, carrier, item.token.replace(":v1:", ":v01:"));
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
            for (int index : new int[] {item.payload, item.payload + 20, item.token.length() - 1}) {
                String spoilt = inserted(item.token, index, character);
                String detail = item.refused(FORMAT, carrier, spoilt).detail();
                assertThat(detail).contains(at(spoilt, index, codePoint));
                assertThat(detail).doesNotContain(item.token.substring(item.payload + 8, item.payload + 16));
            }
        });
        for (String character : List.of("\ufeff", "\u200b", "\0", "\n", " ", "%")) {
            String spoilt = inserted(item.token, "podseal:v1:pay".length(), character);
            assertThat(item.refused(FORMAT, carrier, spoilt).detail())
                    .contains(
                            at(spoilt, "podseal:v1:pay".length(), String.format("U+%04X", (int) character.charAt(0))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void paddingAndStrayBitsAreRefusedWhereTheyStand(Carrier carrier) {
        int bytes = Base64.getUrlDecoder().decode(item.token.substring(item.payload)).length;
        for (int more = 0; more < 3; more++) {
            String longer = item.workload.token("password", "s3cret" + "x".repeat(more));
            String body = longer.substring(item.payload);
            if ((bytes + more) % 3 == 0) {
                continue;
            }
            String padded =
                    Base64.getUrlEncoder().encodeToString(Base64.getUrlDecoder().decode(body));
            assertThat(item.refused(FORMAT, carrier, longer.substring(0, item.payload) + padded)
                            .detail())
                    .contains(at(longer, longer.length(), "U+003D"));
            String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            char stray = alphabet.charAt(alphabet.indexOf(body.charAt(body.length() - 1)) + 1);
            assertThat(item.refused(FORMAT, carrier, longer.substring(0, longer.length() - 1) + stray)
                            .detail())
                    .contains(at(longer, longer.length() - 1, String.format("U+%04X", (int) stray)), "stray bits");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ENVIRONMENT")
    void bytesThatAreNoUtf8AreRefused(Carrier carrier) {
        byte[] bytes = item.token.getBytes(UTF_8);
        bytes[item.payload + 3] = (byte) 0xff;
        assertThat(Refusal.of(FORMAT, () -> item.open(carrier, bytes)).detail())
                .contains("at byte " + (item.payload + 3) + " (byte 0xFF)");
        byte[] plain = {(byte) 0xc3, (byte) 0x28};
        assertThat(Refusal.of(FORMAT, () -> item.open(carrier, plain)).detail())
                .doesNotContain("0xC3", "0x28", "\ufffd");
    }

    private static String inserted(String text, int at, String piece) {
        return text.substring(0, at) + piece + text.substring(at);
    }

    private static String at(String text, int index, String codePoint) {
        return "at byte " + text.substring(0, index).getBytes(UTF_8).length + " (" + codePoint + ")";
    }
}
