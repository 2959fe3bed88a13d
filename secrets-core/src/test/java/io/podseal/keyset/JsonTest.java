// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.FORMAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Refusal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What JSON allows, each as its value, and the last character on either side of each limit. */
final class JsonTest {
    private static Object value(String json) {
        return Json.parseObject(("{\"a\":" + json + "}").getBytes(UTF_8))
                .members()
                .get("a");
    }

    private static String refused(String json) {
        return Refusal.of(FORMAT, () -> value(json)).detail();
    }

    @Test
    void whiteSpaceMayStandInEmptyArraysAndObjects() {
        assertThat(value("[ \t\r\n]")).isEqualTo(List.of());
        assertThat(value("{ \t\r\n}")).isEqualTo(Json.parseObject("{}".getBytes(UTF_8)));
        assertThat(value(" [ 1 , \"x\" ] ")).isEqualTo(List.of(new Json.Raw("1"), "x"));
    }

    @Test
    void escapesStandForTheirCharacters() {
        assertThat(value("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"")).isEqualTo("\"\\/\b\f\n\r\t");
        assertThat(value("\"\\u0041\\u00e9\\u20AC\\uD83D\\uDE00\"")).isEqualTo("A\u00e9\u20ac\ud83d\ude00");
        assertThat(refused("\"\\u00")).contains("unknown escape");
        assertThat(Refusal.of(FORMAT, () -> Json.parseObject("{\"\\u00".getBytes(UTF_8)))
                        .detail())
                .contains("ends too early");
    }

    @Test
    void halfASurrogatePairIsRefusedAndItsNeighboursAreNot() {
        for (String half : new String[] {"d800", "dbff", "dc00", "dfff"}) {
            assertThat(refused("\"x\\u" + half + "x\"")).contains("half a surrogate pair");
        }
        assertThat(value("\"\\ud7ff\\ue000\"")).isEqualTo("\ud7ff\ue000");
    }

    @Test
    void controlCharactersAreRefusedAndTheFirstPrintableIsNot() {
        assertThat(refused("\"\u001f\"")).contains("control character");
        assertThat(value("\" \"")).isEqualTo(" ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "10",
                "-1.5",
                "9007199254740993",
                "1e5",
                "1E5",
                "1.0e+5",
                "0.1e-15",
                "true",
                "false",
                "null"
            })
    void numbersAndLiteralsAreKeptAsWritten(String text) {
        assertThat(value(text)).isEqualTo(new Json.Raw(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "1.2.3", "1e5e5", "--1", "1-", "truetrue", "nullx", "1x"})
    void numberOrLiteralWithMoreBehindItIsRefused(String text) {
        refused(text);
        refused("[" + text + "]");
    }

    @Test
    void quotedStringIsReadBackAndPrintableAsciiStandsAsItIs() {
        assertThat(Json.quote(" aZ~")).isEqualTo("\" aZ~\"");
        assertThat(Json.quote("\u001f\u007f\u00e9")).isEqualTo("\"\\u001f\\u007f\\u00e9\"");
        assertThat(Json.quote("\"\\")).isEqualTo("\"\\\"\\\\\"");
        for (String text : new String[] {"", "\0\n\u001f \"\\/~\u007f\u00e9", "\ud83d\ude00"}) {
            assertThat(value(Json.quote(text))).isEqualTo(text);
        }
    }

    @Test
    void objectsAreEqualByTheirMembersHoweverTheyAreWritten() {
        assertThat(value("{\"x\":1,\"y\":[2]}"))
                .isEqualTo(value("{ \"y\" : [ 2 ], \"\\u0078\" : 1 }"))
                .hasSameHashCodeAs(value("{ \"y\" : [ 2 ], \"\\u0078\" : 1 }"))
                .isNotEqualTo(value("{\"x\":1,\"y\":[3]}"));
    }
}
