// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.VERSION;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a refusal says: an offset and a code point once the text is meant as a token, and never what it holds. */
final class TokenMessageTest {
    private static final Scope PLACE =
            Scope.item(new ServiceAccount("cluster.local", "payments", "api"), "db-credentials", "password");

    private static String message(ErrorCode code, String token) {
        return Refusal.of(code, () -> SealedValue.parse(token, PLACE)).getMessage();
    }

    @Test
    void offsetAndCodePointOfTheOffendingCharacterAreNamed() {
        assertThat(message(FORMAT, "podseal:v1:payments/Api:AAAA")).contains("at byte 20 (U+0041)");
        assertThat(message(FORMAT, "podseal:v1: payments/api:AAAA")).contains("at byte 11 (U+0020)");
        assertThat(message(FORMAT, "podseal:v1:payments/api\u200b:AAAA")).contains("at byte 23 (U+200B)");
        assertThat(message(FORMAT, "podseal:v1:payments/api:AQ\ufeffAA")).contains("at byte 26 (U+FEFF)");
        assertThat(message(FORMAT, "podseal:v1:payments/api:AQ\0AA")).contains("at byte 26 (U+0000)");
        assertThat(message(FORMAT, "podseal:v1:payments/api:AQAA\n")).contains("at byte 28 (U+000A)");
        assertThat(message(FORMAT, "podseal:v1:payments/api:AQAA\r\n")).contains("at byte 28 (U+000D)");
        assertThat(message(FORMAT, "podseal:v1:payments/api:AQ==")).contains("at byte 26 (U+003D)");
        assertThat(message(FORMAT, "podseal:v1:payments/api:A+AA")).contains("at byte 25 (U+002B)");
        assertThat(message(FORMAT, "podseal:v1:payments/api:A\ud83d\ude00")).contains("at byte 25 (U+1F600)");
        assertThat(message(FORMAT, "podseal:v1:payments/api:AQB")).contains("at byte 26 (U+0042)", "stray bits");
        assertThat(message(FORMAT, "podseal:v1:payments/api:A")).contains("at byte 25 (end of the text)", "cut short");
        assertThat(message(FORMAT, "podseal:v1:payments/api")).contains("at byte 23 (end of the text)", "cut short");
    }

    @Test
    void firstCharacterThatNoScopeHasIsNamedWhereItStandsThoughThePayloadIsMissing() {
        for (char c = 0; c < 0x80; c++) {
            if (c == ':') {
                continue;
            }
            String text = "podseal:v1:ns/sa" + c;
            String detail = Refusal.of(FORMAT, () -> SealedValue.parse(text)).detail();
            boolean ofAScope = "-./_".indexOf(c) >= 0 || Character.isLetterOrDigit(c);
            assertThat(detail)
                    .as(String.format("U+%04X", (int) c))
                    .contains(
                            ofAScope
                                    ? "the payload's colon was expected"
                                    : String.format("at byte 16 (U+%04X): not allowed in a scope", (int) c));
        }
    }

    @Test
    void offsetsCountBytesOfUtf8() {
        assertThat(message(FORMAT, "podseal:v1:payments/\u00e9:AAAA")).contains("at byte 20 (U+00E9)");
        byte[] latin1 = "podseal:v1:payments/\u00e9:AAAA".getBytes(ISO_8859_1);
        assertThat(Refusal.of(FORMAT, () -> SealedValue.parse(latin1, PLACE)).getMessage())
                .contains("at byte 20 (byte 0xE9)");
    }

    @Test
    void plainValueIsNeverQuotedNotEvenOneCharacter() {
        String secret = new String(Plaintext.bytes(), UTF_8);
        for (String value : new String[] {secret, "podseal " + secret, secret + "\n", "podseal:v1" + secret}) {
            String message = message(FORMAT, value);
            assertThat(message).doesNotContain("U+", "at byte", "canary", secret.substring(0, 4));
        }
        assertThat(message(FORMAT, "\u4e16\u754c")).doesNotContain("U+", "\u4e16");
    }

    @Test
    void messageOfAPlainValueDoesNotDependOnTheValue() {
        assertThat(message(FORMAT, "hunter2")).isEqualTo(message(FORMAT, new String(Plaintext.bytes(), UTF_8)));
    }

    @Test
    void noPieceOfAPayloadStandsInAMessage() {
        Random random = new Random(20261121);
        byte[] payload = new byte[60];
        random.nextBytes(payload);
        payload[0] = 1;
        String base64 = Tokens.base64(payload);
        assertThat(pieceIn("before " + base64.substring(30, 40) + " after", base64))
                .as("the search finds a piece")
                .isTrue();
        String[] tokens = {
            message(FORMAT, "podseal:v1:Payments/api:" + base64),
            message(FORMAT, "podseal:v1:payments/api:" + base64 + "="),
            message(FORMAT, "podseal:v1:payments/api:" + base64.substring(0, 41)),
            message(FORMAT, "podseal:v1:payments/api:" + base64.substring(3)),
            message(FORMAT, "podseal:v1:payments/api" + base64),
            message(FORMAT, base64),
            message(VERSION, "podseal:v2:payments/api:" + base64),
            message(SIZE, "podseal:v1:payments/api:" + base64.substring(0, 40)),
            message(CONTEXT_MISMATCH, "podseal:v1:payments/web:" + base64),
            SealedValue.parse("podseal:v1:payments/api:" + base64).toString(),
        };
        for (String text : tokens) {
            assertThat(pieceIn(text, base64)).as(text).isFalse();
        }
    }

    @Test
    void everyMessageSaysWhatToDoNext() {
        assertThat(message(FORMAT, "")).contains("empty", "podseal seal");
        assertThat(message(FORMAT, "hunter2")).contains("podseal seal");
        assertThat(message(FORMAT, "podseal:v1:payments/Api:AAAA")).contains("copy it again");
        assertThat(message(VERSION, "podseal:v2:x")).contains("Upgrade", "version 1");
        assertThat(message(SIZE, "x".repeat(958_977))).contains("716800", "958976", "958977");
        assertThat(message(SIZE, "podseal:v1:payments/api:")).contains("33", "cut short");
        assertThat(message(CONTEXT_MISMATCH, Tokens.of("shop/api"))).contains("seal it for this account");
    }

    /** Whether any six characters of the payload, its prefix and key id aside, stand in the text. */
    private static boolean pieceIn(String text, String base64) {
        for (int i = 8; i + 6 <= base64.length(); i++) {
            if (text.contains(base64.substring(i, i + 6))) {
                return true;
            }
        }
        return false;
    }
}
