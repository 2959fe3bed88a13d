// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.VERSION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks 1 to 6 of the specification's section 2, each alone and against the ones behind it. */
final class TokenRefusalTest {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");
    private static final Scope PLACE = Scope.item(API, "db-credentials", "password");
    private static final int LIMIT = 958_976;

    /** As text and as bytes, with and without a place: the code is the same. */
    private static PodsealException refused(ErrorCode code, String token) {
        PodsealException refusal = Refusal.of(code, () -> SealedValue.parse(token, PLACE));
        PodsealException asBytes = Refusal.of(code, () -> SealedValue.parse(token.getBytes(UTF_8), PLACE));
        assertThat(asBytes).hasMessage(refusal.getMessage());
        if (code != CONTEXT_MISMATCH) {
            Refusal.of(code, () -> SealedValue.parse(token));
            Refusal.of(code, () -> SealedValue.parse(token.getBytes(UTF_8), null));
        }
        return refusal;
    }

    private static String withPayload(String base64) {
        return "podseal:v1:" + Tokens.ITEM + ":" + base64;
    }

    @Test
    void wellFormedTokenIsParsed() {
        SealedValue value = SealedValue.parse(Tokens.of(Tokens.ITEM), PLACE);
        assertThat(value.scope()).isEqualTo(PLACE);
        assertThat(value.keyId()).isEqualTo(42);
        assertThat(value.payloadBytes()).isEqualTo(60);
        assertThat(value.token()).isEqualTo(Tokens.of(Tokens.ITEM));
    }

    // 1: SIZE

    @Test
    void tokenOverTheLimitIsRefusedBeforeItIsLookedAt() {
        refused(SIZE, "x".repeat(LIMIT + 1));
        refused(SIZE, "podseal:v2:" + "x".repeat(LIMIT));
        refused(SIZE, "podseal:v1:!" + "x".repeat(LIMIT));
    }

    @Test
    void lengthIsCountedInBytesNotInCharacters() {
        String token = "podseal:v1:" + "é".repeat(LIMIT / 2);
        assertThat(token.length()).isLessThan(LIMIT);
        Refusal.of(SIZE, () -> SealedValue.parse(token.getBytes(UTF_8), PLACE));
        Refusal.of(SIZE, () -> SealedValue.parse(token, PLACE));
    }

    @Test
    void tokenOfExactlyTheLimitPassesTheFirstCheck() {
        refused(FORMAT, "x".repeat(LIMIT));
        String header = "podseal:v1:" + Tokens.ITEM + ":";
        int characters = LIMIT - header.length() - 1;
        SealedValue longest = SealedValue.parse(header + "AQAA" + "A".repeat(characters - 4), PLACE);
        assertThat(longest.token()).hasSize(LIMIT - 1);
    }

    // 2: FORMAT

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "hunter2",
                "podseal",
                "podseal:",
                "podseal:v",
                "podseal:v1",
                "podseal:v:",
                "podseal:v01:payments/api:AAAA",
                "podseal:v00:payments/api:AAAA",
                "podseal:v001:payments/api:AAAA",
                "podseal:v1 :payments/api:AAAA",
                "podseal:v+1:payments/api:AAAA",
                "podseal:v-1:payments/api:AAAA",
                "podseal:v1.0:payments/api:AAAA",
                "podseal:v0x1:payments/api:AAAA",
                "podseal:v1a:payments/api:AAAA",
                "podseal:V1:payments/api:AAAA",
                "Podseal:v1:payments/api:AAAA",
                "PODSEAL:V1:payments/api:AAAA",
                "podseal-v1:payments/api:AAAA",
                "podseal::v1:payments/api:AAAA",
                "podseal:v\u0661:payments/api:AAAA",
                "podseal:v\uff11:payments/api:AAAA",
                " podseal:v1:payments/api:AAAA",
                "\tpodseal:v1:payments/api:AAAA",
                "\npodseal:v1:payments/api:AAAA",
                "\"podseal:v1:payments/api:AAAA\"",
                "\ufeffpodseal:v1:payments/api:AAAA",
                "\u200bpodseal:v1:payments/api:AAAA",
                "\0podseal:v1:payments/api:AAAA",
                "p\u043edseal:v1:payments/api:AAAA",
                "\ud83d\ude00"
            })
    void textThatDoesNotBeginLikeATokenIsRefused(String text) {
        PodsealException refusal = refused(FORMAT, text);
        assertThat(refusal.detail()).contains("podseal seal").doesNotContain("at byte");
        assertThat(SealedValue.isTokenLike(text.getBytes(UTF_8))).isFalse();
    }

    @Test
    void doublyEncodedTokenIsNotAToken() {
        byte[] token = Tokens.of(Tokens.ITEM).getBytes(UTF_8);
        refused(FORMAT, Base64.getEncoder().encodeToString(token));
        refused(FORMAT, Base64.getUrlEncoder().encodeToString(token));
    }

    // 3: VERSION

    @ParameterizedTest
    @ValueSource(
            strings = {
                "podseal:v2:payments/api:AAAA",
                "podseal:v0:payments/api:AAAA",
                "podseal:v9:",
                "podseal:v10:payments/api:AAAA",
                "podseal:v11:payments/api:AAAA",
                "podseal:v2:any thing, since its grammar is not known",
                "podseal:v18446744073709551617:payments/api:AAAA",
                "podseal:v4294967297:payments/api:AAAA"
            })
    void otherVersionIsRefusedWhateverFollows(String token) {
        refused(VERSION, token);
        assertThat(SealedValue.isTokenLike(token.getBytes(UTF_8))).isTrue();
    }

    // 4: FORMAT

    @ParameterizedTest
    @ValueSource(
            strings = {
                "podseal:v1:",
                "podseal:v1::",
                "podseal:v1::AAAA",
                "podseal:v1:payments/api",
                "podseal:v1:payments:AAAA",
                "podseal:v1:payments/:AAAA",
                "podseal:v1:/api:AAAA",
                "podseal:v1:payments/api/:AAAA",
                "podseal:v1:payments/api/db:AAAA",
                "podseal:v1:payments/api/db/:AAAA",
                "podseal:v1:payments/api//key:AAAA",
                "podseal:v1:payments/api/db/key/more:AAAA",
                "podseal:v1:payments/api/db/key/:AAAA",
                "podseal:v1:Payments/api:AAAA",
                "podseal:v1:pay.ments/api:AAAA",
                "podseal:v1:pay_ments/api:AAAA",
                "podseal:v1:-payments/api:AAAA",
                "podseal:v1:payments-/api:AAAA",
                "podseal:v1:payments/.api:AAAA",
                "podseal:v1:payments/api.:AAAA",
                "podseal:v1:payments/a..b:AAAA",
                "podseal:v1:payments/a.-b:AAAA",
                "podseal:v1:payments/a-.b:AAAA",
                "podseal:v1:payments/a_b:AAAA",
                "podseal:v1:payments/api/Db/key:AAAA",
                "podseal:v1:payments/api/db_x/key:AAAA",
                "podseal:v1:payments/api/db/.:AAAA",
                "podseal:v1:payments/api/db/..:AAAA",
                "podseal:v1:payments/api/db/..data:AAAA",
                "podseal:v1:payments/api/db/a b:AAAA",
                "podseal:v1:payments/api/db/a%2Fb:AAAA",
                "podseal:v1: payments/api:AAAA",
                "podseal:v1:payments/api :AAAA",
                "podseal:v1:payments\\api:AAAA",
                "podseal:v1:p\u0430yments/api:AAAA",
                "podseal:v1:payments/api\u200b:AAAA",
                "podseal:v1:payments/api\ufeff:AAAA",
                "podseal:v1:payments/api\0:AAAA",
                "podseal:v1:payments/api\n:AAAA",
                "podseal:v1:payments/\ud83d\ude00:AAAA"
            })
    void scopeOutsideTheGrammarIsRefused(String token) {
        assertThat(refused(FORMAT, token).detail()).contains("malformed token at byte ");
    }

    @Test
    void payloadOutsideTheAlphabetIsRefused() {
        String good = Tokens.base64(Tokens.payload(60));
        for (String bad : new String[] {
            "+",
            "/",
            "=",
            "==",
            ":",
            " ",
            "\n",
            "\r\n",
            "\t",
            "\0",
            ".",
            "%",
            "~",
            "\u00e9",
            "\u200b",
            "\ufeff",
            "\u2028",
            "\ud83d\ude00",
            "\uff21"
        }) {
            refused(FORMAT, withPayload(bad + good));
            refused(FORMAT, withPayload(good.substring(0, 20) + bad + good.substring(20)));
            refused(FORMAT, withPayload(good + bad));
        }
    }

    @Test
    void paddingIsRefusedWhereverItWouldFit() {
        for (int bytes = 33; bytes < 37; bytes++) {
            String padded = Base64.getUrlEncoder().encodeToString(Tokens.payload(bytes));
            if (padded.endsWith("=")) {
                refused(FORMAT, withPayload(padded));
            }
        }
        refused(FORMAT, withPayload("="));
        refused(FORMAT, withPayload("===="));
    }

    @Test
    void standardAlphabetIsRefused() {
        byte[] payload = Tokens.payload(60);
        payload[30] = (byte) 0xfb;
        payload[31] = (byte) 0xff;
        payload[32] = (byte) 0xfe;
        String standard = Base64.getEncoder().withoutPadding().encodeToString(payload);
        assertThat(standard).containsAnyOf("+", "/");
        refused(FORMAT, withPayload(standard));
    }

    @Test
    void everySpellingWithStrayBitsIsRefused() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int bytes : new int[] {34, 35}) {
            String good = Tokens.base64(Tokens.payload(bytes));
            String stem = withPayload(good.substring(0, good.length() - 1));
            int opened = 0;
            for (char last : alphabet.toCharArray()) {
                boolean canonical = alphabet.indexOf(last) % (bytes % 3 == 1 ? 16 : 4) == 0;
                if (canonical) {
                    assertThat(SealedValue.parse(stem + last, PLACE).token()).isEqualTo(stem + last);
                    opened++;
                } else {
                    assertThat(refused(FORMAT, stem + last).detail()).contains("stray bits");
                }
            }
            assertThat(opened).isEqualTo(bytes % 3 == 1 ? 4 : 16);
        }
    }

    @Test
    void truncatedPasteIsRefusedAtEveryLength() {
        String token = Tokens.of(Tokens.ITEM, Tokens.payload(33));
        for (int end = 0; end < token.length(); end++) {
            String cut = token.substring(0, end);
            PodsealException refusal = (PodsealException)
                    org.assertj.core.api.Assertions.catchThrowable(() -> SealedValue.parse(cut, PLACE));
            assertThat(refusal).as("cut at %s", end).isNotNull();
            assertThat(refusal.code()).isIn(FORMAT, SIZE);
        }
    }

    @Test
    void firstPayloadByteOtherThanTinksPrefixIsRefused() {
        for (int first : new int[] {0, 2, 0x7f, 0x80, 0xff}) {
            byte[] payload = Tokens.payload(60);
            payload[0] = (byte) first;
            refused(FORMAT, Tokens.of(Tokens.ITEM, payload));
        }
    }

    @Test
    void joinedTokensAreRefused() {
        refused(FORMAT, Tokens.of(Tokens.ITEM) + Tokens.of(Tokens.ITEM));
        refused(FORMAT, Tokens.of(Tokens.ITEM) + "\n" + Tokens.of(Tokens.ITEM));
    }

    // 5: SIZE

    @Test
    void emptyPayloadIsSize() {
        refused(SIZE, withPayload(""));
    }

    @Test
    void payloadOf32BytesIsRefusedAndOf33Parsed() {
        refused(SIZE, Tokens.of(Tokens.ITEM, Tokens.payload(32)));
        assertThat(SealedValue.parse(Tokens.of(Tokens.ITEM, Tokens.payload(33)), PLACE)
                        .payloadBytes())
                .isEqualTo(33);
        for (int bytes = 1; bytes < 33; bytes++) {
            refused(SIZE, Tokens.of(Tokens.ITEM, Tokens.payload(bytes)));
        }
    }

    // 6: CONTEXT_MISMATCH

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payments/web",
                "shop/api",
                "payments/api/db-credentials/username",
                "payments/api/other/password",
                "payments/web/db-credentials/password",
                "shop/api/db-credentials/password",
                "payments/api/inline/password",
                "payments/api/db-credentials/Password"
            })
    void tokenOfAnotherAccountOrPlaceIsRefused(String scope) {
        refused(CONTEXT_MISMATCH, Tokens.of(scope));
    }

    @Test
    void itemBoundTokenIsRefusedWhereNoSecretIsKnown() {
        PodsealException refusal =
                Refusal.of(CONTEXT_MISMATCH, () -> SealedValue.parse(Tokens.of(Tokens.ITEM), Scope.accountBound(API)));
        assertThat(refusal.detail()).contains("db-credentials", "password", "secret=");
    }

    @Test
    void accountBoundTokenFitsEveryPlaceOfItsAccount() {
        assertThat(SealedValue.parse(Tokens.of(Tokens.ACCOUNT), PLACE).scope()).isEqualTo(Scope.accountBound(API));
        assertThat(SealedValue.parse(Tokens.of(Tokens.ACCOUNT), Scope.accountBound(API))
                        .scope()
                        .isItemBound())
                .isFalse();
    }

    @Test
    void bothIdentitiesAreNamedWhereTheyDiffer() {
        assertThat(refused(CONTEXT_MISMATCH, Tokens.of("payments/web")).detail())
                .contains("sealed for payments/web", "running as payments/api");
        assertThat(refused(CONTEXT_MISMATCH, Tokens.of("payments/api/other/password"))
                        .detail())
                .contains("Secret other, item password", "Secret db-credentials, item password");
    }

    // The order

    @Test
    void earlierCheckDecides() {
        String overLimit = "A".repeat(LIMIT);
        refused(SIZE, "podseal:v2:" + overLimit); // 1 before 3
        refused(SIZE, withPayload("AQ" + overLimit)); // 1 before 4
        refused(FORMAT, "podseal:v02:payments/api:"); // 2 before 3
        refused(VERSION, "podseal:v2:PAYMENTS/api:***"); // 3 before 4
        refused(VERSION, "podseal:v2:shop/web:"); // 3 before 5 and 6
        refused(FORMAT, "podseal:v1:Payments/api:"); // 4 before 5
        refused(FORMAT, withPayload("AB")); // 4 (stray bits) before 5
        refused(FORMAT, withPayload("AA")); // 4 (first byte 0x00) before 5
        refused(FORMAT, "podseal:v1:shop/web:AA=="); // 4 before 6
        refused(SIZE, "podseal:v1:shop/web:"); // 5 before 6
        refused(SIZE, "podseal:v1:shop/web:AQ"); // 5 before 6
    }
}
