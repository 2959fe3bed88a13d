// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.VERSION;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.Plaintext;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused in a keyset document before any KMS is asked, in the order of the specification's section 3. */
final class KeysetDocumentRefusalTest {
    private static final String SIMPLE = Documents.simple();

    private static PodsealException refused(ErrorCode code, String document) {
        return Refusal.of(code, () -> EncryptedKeyset.parse(document.getBytes(UTF_8)));
    }

    private static EncryptedKeyset parsed(String document) {
        return EncryptedKeyset.parse(document.getBytes(UTF_8));
    }

    /** The simple document with one piece replaced, which must be there. */
    private static String with(String piece, String replacement) {
        assertThat(SIMPLE).contains(piece);
        return SIMPLE.replace(piece, replacement);
    }

    @Test
    void simpleDocumentIsRead() {
        EncryptedKeyset document = parsed(SIMPLE);
        assertThat(document.identity()).isEqualTo(Accounts.API);
        assertThat(document.keks()).containsExactly("fake-kms://a");
        assertThat(document.toJson()).isEqualTo(SIMPLE.getBytes(UTF_8));
    }

    @Test
    void documentsAreEqualByTheirBytesAlone() {
        assertThat(parsed(SIMPLE)).isEqualTo(parsed(SIMPLE)).hasSameHashCodeAs(parsed(SIMPLE));
        assertThat(parsed(SIMPLE)).isNotEqualTo(parsed(SIMPLE + " ")).isNotEqualTo(SIMPLE);
    }

    @Test
    void printedDocumentNamesItsIdentityAndKeks() {
        assertThat(parsed(SIMPLE).toString())
                .contains(Documents.IDENTITY, "fake-kms://a")
                .doesNotContain(Documents.WRAPPED);
    }

    // Size

    @Test
    void documentOf64KiBIsReadAndOneByteMoreIsSize() {
        assertThat(EncryptedKeyset.parse(Documents.padded(SIMPLE, 65_536)).identity())
                .isEqualTo(Accounts.API);
        Refusal.of(SIZE, () -> EncryptedKeyset.parse(Documents.padded(SIMPLE, 65_537)));
    }

    @Test
    void sizeDecidesBeforeSyntax() {
        refused(SIZE, "{".repeat(65_537));
        refused(FORMAT, "{".repeat(65_536));
        refused(SIZE, "\u00e9".repeat(32_769));
    }

    // Syntax

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "null",
                "true",
                "1",
                "\"podseal\"",
                "[]",
                "[{\"podseal\":\"v1\"}]",
                "{",
                "}",
                "{}{}",
                "{\"podseal\"}",
                "{\"podseal\":}",
                "{\"podseal\":\"v1\",}",
                "{,}",
                "{podseal:\"v1\"}",
                "{'podseal':'v1'}",
                "{\"podseal\":\"v1\"}x",
                "{\"podseal\":\"v1\"} // comment",
                "/* c */{\"podseal\":\"v1\"}",
                "{\"podseal\":\"v1\";}",
                "{\"podseal\":\"v\n1\"}",
                "{\"podseal\":\"v\0\"}",
                "{\"podseal\":\"\\x\"}",
                "{\"podseal\":\"\\u12\"}",
                "{\"podseal\":\"\\u12g4\"}",
                "{\"podseal\":\"\\u\uff11\uff11\uff11\uff11\"}",
                "{\"podseal\":\"\\ud800\"}",
                "{\"podseal\":\"\\udc00\\ud800\"}",
                "{\"podseal\":01}",
                "{\"podseal\":+1}",
                "{\"podseal\":.5}",
                "{\"podseal\":1.}",
                "{\"podseal\":1e}",
                "{\"podseal\":0x1}",
                "{\"podseal\":NaN}",
                "{\"podseal\":Infinity}",
                "{\"podseal\":-}",
                "{\"podseal\":nul}",
                "{\"podseal\":True}",
                "{\"podseal\":nulll}",
                "{\"podseal\":1 2}",
                "\ufeff{\"podseal\":\"v1\"}",
                "{\u00a0\"podseal\":\"v1\"}",
                "{\u000b\"podseal\":\"v1\"}",
                "{\"a\":[1,]}",
                "{\"a\":[,1]}",
                "{\"a\":[1 1]}",
                "{\"a\":[1}",
                "{\"a\":{]}"
            })
    void whatIsNotOneJsonObjectIsRefused(String text) {
        assertThat(refused(FORMAT, text).detail()).doesNotContain("podseal\":");
    }

    @Test
    void otherEncodingsAreRefused() {
        Refusal.of(FORMAT, () -> EncryptedKeyset.parse(SIMPLE.getBytes(UTF_16)));
        Refusal.of(
                FORMAT,
                () -> EncryptedKeyset.parse(
                        with("fake-kms://a", "fake-kms://\u00e9").getBytes(ISO_8859_1)));
        byte[] overlong = SIMPLE.getBytes(UTF_8);
        overlong[SIMPLE.indexOf("fake")] = (byte) 0xc0;
        Refusal.of(FORMAT, () -> EncryptedKeyset.parse(overlong));
    }

    @Test
    void duplicateNamesAreRefusedAtTheTopInARecipientAndInAnEncryptedKeyset() {
        refused(FORMAT, with("{\"podseal\":", "{\"podseal\":\"v1\",\"podseal\":"));
        refused(FORMAT, with("\"recipients\":", "\"recipients\":[],\"recipients\":"));
        refused(FORMAT, with("{\"kek\":", "{\"kek\":\"fake-kms://a\",\"kek\":"));
        refused(FORMAT, with("{\"encryptedKeyset\":\"", "{\"encryptedKeyset\":\"AAAA\",\"encryptedKeyset\":\""));
        refused(FORMAT, with("{\"encryptedKeyset\":\"", "{\"keysetInfo\":1,\"keysetInfo\":2,\"encryptedKeyset\":\""));
    }

    @Test
    void duplicateNameIsFoundThroughItsEscapes() {
        refused(FORMAT, with("{\"podseal\":", "{\"\\u0070odseal\":\"v1\",\"podseal\":"));
    }

    @Test
    void duplicateNamesDecideBeforeTheVersion() {
        refused(FORMAT, "{\"podseal\":\"v2\",\"x\":1,\"x\":2}");
    }

    @Test
    void keysetInfoMayHoldAnythingAndIsIgnored() {
        for (String info : new String[] {
            "{}",
            "1",
            "null",
            "[]",
            "\"x\"",
            "{\"a\":1,\"a\":2,\"keyInfo\":[{\"keyId\":1,\"keyId\":2}]}",
            "{\"keysetInfo\":{\"a\":1,\"a\":1}}"
        }) {
            EncryptedKeyset document = parsed(with("\"}}", "\",\"keysetInfo\":" + info + "}}"));
            assertThat(document.keks()).containsExactly("fake-kms://a");
        }
    }

    @Test
    void keysetInfoIsStillJson() {
        refused(FORMAT, with("\"}}", "\",\"keysetInfo\":{]}}"));
        refused(FORMAT, with("\"}}", "\",\"keysetInfo\":}}"));
    }

    @Test
    void aValueHasAtMost64ObjectsAndArraysAroundIt() {
        String info = with("\"}}", "\",\"keysetInfo\":%s}}");
        // Around keysetInfo's value: the document, its recipients, the recipient and its encryptedKeyset.
        assertThat(parsed(info.formatted("[".repeat(60) + "1" + "]".repeat(60))).identity())
                .isEqualTo(Accounts.API);
        assertThat(refused(FORMAT, info.formatted("[".repeat(61) + "1" + "]".repeat(61)))
                        .detail())
                .contains("nested deeper than 64");
    }

    @Test
    void longestNumberAndLongestStringAreReadWithoutTrouble() {
        String info = with("\"}}", "\",\"keysetInfo\":%s}}");
        assertThat(parsed(info.formatted("1".repeat(60_000))).keks()).hasSize(1);
        assertThat(parsed(info.formatted("[" + "1,".repeat(30_000) + "1]")).keks())
                .hasSize(1);
        assertThat(parsed(info.formatted("\"" + "\\".repeat(60_000) + "\"")).keks())
                .hasSize(1);
        refused(FORMAT, info.formatted("1".repeat(60_000) + "x"));
    }

    @Test
    void deepNestingIsRefusedWithoutDeepRecursion() {
        refused(FORMAT, "[".repeat(65_536));
        refused(FORMAT, "{\"a\":".repeat(13_000));
        refused(FORMAT, with("\"}}", "\",\"keysetInfo\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}}"));
    }

    // Version

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "null",
                "true",
                "[\"v1\"]",
                "{}",
                "\"\"",
                "\"1\"",
                "\"v\"",
                "\"V1\"",
                "\"v01\"",
                "\"v1.0\"",
                "\"v-1\"",
                "\" v1\"",
                "\"v1 \"",
                "\"v1\\n\"",
                "\"v\u0661\""
            })
    void memberPodsealIsVAndANumber(String version) {
        refused(FORMAT, with("\"v1\"", version));
    }

    @Test
    void documentWithoutAVersionIsRefused() {
        refused(FORMAT, "{}");
        refused(FORMAT, with("\"podseal\":\"v1\",", ""));
        refused(FORMAT, with("\"podseal\"", "\"Podseal\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"v0", "v2", "v10", "v18446744073709551617"})
    void otherVersionIsRefusedWhateverElseTheDocumentHolds(String version) {
        refused(VERSION, with("\"v1\"", "\"" + version + "\""));
        refused(VERSION, "{\"podseal\":\"" + version + "\"}");
        refused(VERSION, "{\"podseal\":\"" + version + "\",\"unknown\":true,\"identity\":5}");
    }

    // Members

    @Test
    void unknownMembersAreRefusedAtTheTopInARecipientAndInAnEncryptedKeyset() {
        refused(FORMAT, with("\"recipients\"", "\"comment\":\"x\",\"recipients\""));
        refused(FORMAT, with("\"recipients\"", "\"keysetInfo\":{\"a\":1,\"a\":2},\"recipients\""));
        refused(FORMAT, with("\"recipients\"", "\"Recipients\":[],\"recipients\""));
        refused(FORMAT, with("{\"kek\"", "{\"region\":\"x\",\"kek\""));
        refused(FORMAT, with("{\"kek\"", "{\"keysetInfo\":{},\"kek\""));
        refused(FORMAT, with("{\"encryptedKeyset\":\"", "{\"x\":1,\"encryptedKeyset\":\""));
    }

    @Test
    void missingMembersAndOtherTypesAreRefused() {
        refused(FORMAT, with("\"identity\":\"" + Documents.IDENTITY + "\",", ""));
        refused(FORMAT, with("\"" + Documents.IDENTITY + "\"", "null"));
        refused(FORMAT, with("\"kek\":\"fake-kms://a\",", ""));
        refused(FORMAT, with("\"fake-kms://a\"", "1"));
        refused(FORMAT, with("\"fake-kms://a\"", "[\"fake-kms://a\"]"));
        refused(FORMAT, with("\"" + Documents.WRAPPED + "\"", "null"));
        refused(FORMAT, with("\"encryptedKeyset\":\"" + Documents.WRAPPED + "\"", "\"keysetInfo\":{}"));
        refused(FORMAT, Documents.of("1"));
        refused(FORMAT, Documents.of("null"));
        refused(FORMAT, Documents.of("[]"));
        refused(FORMAT, Documents.of("{}"));
        refused(FORMAT, "{\"podseal\":\"v1\",\"identity\":\"" + Documents.IDENTITY + "\"}");
        refused(FORMAT, "{\"podseal\":\"v1\",\"identity\":\"" + Documents.IDENTITY + "\",\"recipients\":{}}");
        refused(FORMAT, "{\"podseal\":\"v1\",\"identity\":\"" + Documents.IDENTITY + "\",\"recipients\":null}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "payments/api",
                "spiffe://cluster.local/ns/Payments/sa/api",
                "spiffe://cluster.local/ns/payments/sa/api/",
                "spiffe://CLUSTER.local/ns/payments/sa/api",
                "spiffe:///ns/payments/sa/api",
                "spiffe://cluster.local/ns/payments/sa/a\\u0000",
                "spiffe://cluster.local/ns/payments/sa/api\\n"
            })
    void malformedIdentityIsFormat(String identity) {
        refused(FORMAT, with(Documents.IDENTITY, identity));
    }

    // Recipients

    @Test
    void oneToEightRecipientsAreRead() {
        List<String> recipients = new ArrayList<>();
        refused(FORMAT, Documents.of());
        for (int i = 1; i <= 8; i++) {
            recipients.add(Documents.recipient("fake-kms://" + i));
            assertThat(parsed(Documents.of(recipients.toArray(String[]::new))).keks())
                    .hasSize(i);
        }
        recipients.add(Documents.recipient("fake-kms://9"));
        assertThat(refused(FORMAT, Documents.of(recipients.toArray(String[]::new)))
                        .detail())
                .contains("1 to 8", "9");
    }

    @Test
    void sameKekTwiceIsRefused() {
        String a = Documents.recipient("fake-kms://a");
        refused(FORMAT, Documents.of(a, a));
        refused(FORMAT, Documents.of(a, Documents.recipient("fake-kms://b"), a.replace("fake", "\\u0066ake")));
    }

    @Test
    void keksAreComparedAsBytesAndNeverParsed() {
        assertThat(parsed(Documents.of(
                                Documents.recipient("fake-kms://a"),
                                Documents.recipient("FAKE-KMS://a"),
                                Documents.recipient("fake-kms://a/"),
                                Documents.recipient("%%% :: \u00e9 http://169.254.169.254/"),
                                Documents.recipient(" ")))
                        .keks())
                .hasSize(5);
        refused(FORMAT, with("fake-kms://a", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A",
                "AA",
                "AAA",
                "AA=",
                "AAA==",
                "AB==",
                "AAB=",
                "A===",
                "====",
                "AAAA=",
                "AAAA====",
                "AAAA\\n",
                " AAAA",
                "AA AA",
                "AAAA\\r\\nAAAA",
                "AA-_",
                "AA\\u0000A",
                "AA==AAAA",
                "\u00e9AAA"
            })
    void base64OtherThanCanonicalAndPaddedIsRefused(String base64) {
        refused(FORMAT, with(Documents.WRAPPED, base64));
    }

    @Test
    void canonicalBase64IsRead() {
        for (String base64 : new String[] {"AAAA", "AA==", "AAA=", "AQ==", "+/+/"}) {
            assertThat(parsed(with(Documents.WRAPPED, base64)).wrappedFor("fake-kms://a"))
                    .isNotEmpty();
        }
    }

    // The other kind of document

    @Test
    void publicDocumentIsNoKeysetDocument() {
        byte[] document =
                Keysets.create(Accounts.API, KeyType.HPKE_X25519).publicKeyset().toJson();
        Refusal.of(FORMAT, () -> EncryptedKeyset.parse(document));
    }

    @Test
    void bothBodiesAtOnceAreRefused() {
        refused(FORMAT, with("\"recipients\"", "\"publicKeyset\":{},\"recipients\""));
    }

    // Messages

    @Test
    void contentIsNeverQuoted() {
        String canary = new String(Plaintext.bytes(), UTF_8);
        refused(FORMAT, canary);
        refused(FORMAT, "{\"" + canary);
        refused(FORMAT, "{\"podseal\":\"" + canary + "\"}");
        refused(FORMAT, with("\"recipients\"", "\"" + canary + "\":1,\"recipients\""));
        refused(FORMAT, with("\"recipients\"", "\"" + canary + "\":1,\"" + canary + "\":1,\"recipients\""));
        refused(FORMAT, with(Documents.WRAPPED, canary));
        refused(FORMAT, with("{\"kek\"", "{\"" + canary + "\":1,\"kek\""));
    }

    @Test
    void syntaxErrorNamesItsPlace() {
        assertThat(refused(FORMAT, "{\"podseal\":\"v1\",}").detail()).contains("at character 16");
    }
}
