// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretValue;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What sealing changes in the text of a manifest, and that it changes nothing else. */
class SealingTest {
    private static final String HEAD = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n";
    private static final Pattern TOKEN =
            Pattern.compile("podseal:v1:[-a-z0-9./_A-Z]+:[-_A-Za-z0-9]+|cG9kc2VhbDp2MT[A-Za-z0-9+/]+=*");

    private final Account account = new Account();

    /** Seals, and shows each token as T1, T2, …; their plaintexts in the same order. */
    private record Sealed(String text, List<String> plaintexts) {}

    private Sealed seal(String manifest) {
        String sealed = new String(
                Manifest.parse(manifest.getBytes(UTF_8))
                        .plan(account.identity(), false)
                        .seal(account.sealer())
                        .toBytes(),
                UTF_8);
        List<String> plaintexts = new ArrayList<>();
        Matcher tokens = TOKEN.matcher(sealed);
        String shown = tokens.replaceAll(token -> {
            plaintexts.add(open(token.group()));
            return "T" + plaintexts.size();
        });
        return new Sealed(shown, plaintexts);
    }

    private String open(String text) {
        String token = text.startsWith("cG9k") ? new String(Base64.getDecoder().decode(text), UTF_8) : text;
        try (SecretValue value = account.opener().open(SealedValue.parse(token))) {
            return value.revealString();
        }
    }

    static Stream<Arguments> values() {
        return Stream.of(
                arguments("a: plain", "a: T1", "plain"),
                arguments("a: plain # a comment", "a: T1 # a comment", "plain"),
                arguments("a: plain text: with#marks", null, null),
                arguments("a: plain with#marks", "a: T1", "plain with#marks"),
                arguments("a: several words\n    over lines", "a: T1", "several words over lines"),
                arguments("a:\n    below", "a:\n    T1", "below"),
                arguments("a: 'it''s'", "a: 'T1'", "it's"),
                arguments("a: \"x\\n\\u00e4\\\"\"  # c", "a: \"T1\"  # c", "x\nä\""),
                arguments("a: \"two\n    lines\"", "a: \"T1\"", "two lines"),
                arguments("a: ''", "a: 'T1'", ""),
                arguments("a: \"\"", "a: \"T1\"", ""),
                arguments("a: |\n    line 1\n    line 2", "a: T1", "line 1\nline 2\n"),
                arguments("a: |-\n    line 1\n    line 2", "a: T1", "line 1\nline 2"),
                arguments("a: |+\n    line 1\n\n\n  b: x", "a: T1\n\n\n  b: T2", "line 1\n\n\n"),
                arguments("a: |2-\n      indented\n  b: x", "a: T1\n  b: T2", "  indented"),
                arguments("a: >-\n    folded\n    text\n\n    end", "a: T1", "folded text\nend"),
                arguments("a: >\n    folded\n  # a comment\n  b: x", "a: T1\n  # a comment\n  b: T2", "folded\n"),
                arguments("a: | # why\n    x\n\n  b: x", "a: T1 # why\n\n  b: T2", "x\n"),
                arguments(
                        "a: |-\n    # no comment\n    x\n# a comment\n  b: x",
                        "a: T1\n# a comment\n  b: T2",
                        "# no comment\nx"),
                arguments("a: |\n\n  b: x", "a: T1\n\n  b: T2", ""),
                arguments("a: 😀 smile # 😀\n  b: '😀'", "a: T1 # 😀\n  b: 'T2'", "😀 smile"),
                arguments("\"a\": x", "\"a\": T1", "x"),
                arguments("? a\n  : x", "? a\n  : T1", "x"),
                arguments("a: 2026-01-01", "a: T1", "2026-01-01"),
                arguments("a: 10.0.0.1", "a: T1", "10.0.0.1"),
                arguments("a: e5", "a: T1", "e5"),
                arguments("a: '0777'", "a: 'T1'", "0777"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void valueOfStringDataIsReplacedInItsPlace(String before, String after, String plaintext) {
        if (after == null) {
            Refusals.assertRefused("FORMAT", () -> seal(HEAD + "stringData:\n  " + before + "\n"));
            return;
        }
        Sealed sealed = seal(HEAD + "stringData:\n  " + before + "\ntype: Opaque\n");
        assertThat(sealed.text()).isEqualTo(HEAD + "stringData:\n  " + after + "\ntype: Opaque\n");
        assertThat(sealed.plaintexts().get(0)).isEqualTo(plaintext);
    }

    @ParameterizedTest
    @MethodSource("values")
    void lineEndsStayWhatTheyWere(String before, String after, String plaintext) {
        if (after == null) {
            return;
        }
        String text = HEAD + "stringData:\n  " + before + "\ntype: Opaque\n";
        Sealed sealed = seal(text.replace("\n", "\r\n"));
        assertThat(sealed.text())
                .isEqualTo((HEAD + "stringData:\n  " + after + "\ntype: Opaque\n").replace("\n", "\r\n"));
        assertThat(sealed.plaintexts().get(0)).isEqualTo(plaintext);
    }

    @ParameterizedTest
    @MethodSource("values")
    void fileMayEndInTheValue(String before, String after, String plaintext) {
        if (after == null) {
            return;
        }
        Sealed sealed = seal(HEAD + "stringData:\n  " + before);
        assertThat(sealed.text().stripTrailing()).isEqualTo(HEAD + "stringData:\n  " + after);
        // A literal block without its last line feed has another value.
        assertThat(sealed.plaintexts().get(0).stripTrailing()).isEqualTo(plaintext.stripTrailing());
    }

    @Test
    void valueOfDataBecomesBase64OfTheToken() {
        Sealed sealed = seal(HEAD + "data:\n  a: aHVudGVyMg== # c\n  b: |\n    aHVu\n    dGVyMg==\n  c: \"\"\n");
        assertThat(sealed.text()).isEqualTo(HEAD + "data:\n  a: T1 # c\n  b: T2\n  c: \"T3\"\n");
        assertThat(sealed.plaintexts()).containsExactly("hunter2", "hunter2", "");
    }

    @Test
    void eachValueStaysInTheMapWhereItWas() {
        Sealed sealed = seal(HEAD + "stringData: {a: x, 'b': \"y\"}\ndata:\n  c: eA==\n");
        assertThat(sealed.text()).isEqualTo(HEAD + "stringData: {a: T1, 'b': \"T2\"}\ndata:\n  c: T3\n");
        assertThat(sealed.plaintexts()).containsExactly("x", "y", "x");
    }

    @Test
    void tokenIsBoundToTheItem() {
        String sealed = new String(
                Manifest.parse((HEAD + "stringData:\n  a: x\n").getBytes(UTF_8))
                        .plan(account.identity(), false)
                        .seal(account.sealer())
                        .toBytes(),
                UTF_8);
        assertThat(sealed).contains("  a: podseal:v1:payments/api/db/a:");
        String unbound = new String(
                Manifest.parse((HEAD + "stringData:\n  a: x\n").getBytes(UTF_8))
                        .plan(account.identity(), true)
                        .seal(account.sealer())
                        .toBytes(),
                UTF_8);
        assertThat(unbound).contains("  a: podseal:v1:payments/api:");
    }

    @Test
    void otherDocumentsAndKindsAreLeftAlone() {
        String before = "# first\n%YAML 1.2\n---\n";
        String others =
                "apiVersion: v1\nkind: ConfigMap\nmetadata: &m {name: x}\ndata:\n  a: &v 1\n  b: *v\n  <<: *m\n";
        String crd = "apiVersion: example.com/v1\nkind: Secret\ndata:\n  a: 1\n...\n";
        String manifest = before + others + "---\n# ours\n" + HEAD + "stringData:\n  a: x\n--- # next\n" + crd
                + "---\n---\n[1, 2]\n";
        assertThat(seal(manifest).text()).isEqualTo(manifest.replace("  a: x\n", "  a: T1\n"));
    }

    @Test
    void everySecretOfTheFileIsSealed() {
        String other = HEAD.replace("name: db", "name: mail") + "stringData:\n  a: z\n";
        Sealed sealed = seal(HEAD + "stringData:\n  a: x\n---\n" + other);
        assertThat(sealed.text()).isEqualTo(HEAD + "stringData:\n  a: T1\n---\n" + other.replace("a: z", "a: T2"));
        assertThat(sealed.plaintexts()).containsExactly("x", "z");
    }

    @Test
    void listsAreReadToTheirBottom() {
        String list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: db}\n"
                + "  stringData:\n    a: x\n- apiVersion: v1\n  kind: ConfigMap\n  data: {a: x}\n"
                + "- apiVersion: v1\n  kind: List\n  items:\n  - {apiVersion: v1, kind: Secret, metadata: {name: b}, data: {a: eA==}}\n";
        assertThat(seal(list).text())
                .isEqualTo(list.replaceFirst("a: x", "a: T1").replace("eA==", "T2"));
    }

    @Test
    void jsonKeepsItsQuotesAndItsTabs() {
        String json = "{\n\t\"apiVersion\":\"v1\",\n\t\"kind\":\t\"Secret\",\n\t\"metadata\":{\"name\":\"db\"},\n"
                + "\t\"stringData\":{\"a\":\"x\\/\\ud83d\\ude00\\u00e4\"},\n\t\"data\":{\"b\":\"eA==\"}\n}\n";
        Sealed sealed = seal(json);
        assertThat(sealed.text())
                .isEqualTo(json.replace("x\\/\\ud83d\\ude00\\u00e4", "T1").replace("eA==", "T2"));
        assertThat(sealed.plaintexts()).containsExactly("x/😀ä", "x");
    }

    @Test
    void byteOrderMarkStays() {
        String manifest = "\uFEFF" + HEAD + "stringData:\n  a: x\n  b: |\n    y\n";
        assertThat(seal(manifest).text()).isEqualTo("\uFEFF" + HEAD + "stringData:\n  a: T1\n  b: T2\n");
    }

    @Test
    void tokensThatFitAreKeptByteForByte() {
        String own = account.seal(Scope.item(account.identity(), "db", "a"), "x");
        String unbound = account.seal(Scope.accountBound(account.identity()), "y");
        String base64 = Base64.getEncoder().encodeToString(own.getBytes(UTF_8));
        String manifest =
                HEAD + "stringData:\n  a: " + own + "\n  b: |\n    " + unbound + "\n  c: \"" + unbound + "\"\n";
        assertThat(account.sealed(manifest)).isEqualTo(manifest);
        String data = HEAD + "data:\n  a: " + base64 + "\n";
        assertThat(account.sealed(data)).isEqualTo(data);
        assertThat(account.sealed(account.sealed(HEAD + "stringData:\n  a: x\n")))
                .containsOnlyOnce("podseal:v1:");
    }

    @Test
    void keysetDocumentOfTheAccountIsLeftAlone() {
        String manifest = HEAD + "stringData:\n  a: x\n  api.keyset.json: |\n"
                + account.document().indent(4);
        assertThat(seal(manifest).text()).isEqualTo(manifest.replace("a: x", "a: T1"));
    }

    @Test
    void secretWithoutItemsIsDone() {
        for (String empty : List.of("", "data:\n", "data: {}\n", "stringData: null\ndata: ~\n")) {
            assertThat(seal(HEAD + empty).text()).isEqualTo(HEAD + empty);
        }
    }

    @Test
    void namespaceOfTheAccountIsTakenOrNone() {
        String manifest = HEAD + "  namespace: payments\nstringData:\n  a: x\n";
        assertThat(seal(manifest).text()).isEqualTo(manifest.replace("a: x", "a: T1"));
    }

    @Test
    void generatedNameIsSealedForTheAccount() {
        String manifest = HEAD.replace("name: db", "generateName: db-") + "stringData:\n  a: x\n";
        String sealed = new String(
                Manifest.parse(manifest.getBytes(UTF_8))
                        .plan(account.identity(), true)
                        .seal(account.sealer())
                        .toBytes(),
                UTF_8);
        assertThat(sealed).contains("  a: podseal:v1:payments/api:");
    }

    @Test
    void itemsWithALineFeedAtTheirEndAreNamed() {
        SealingPlan plan = Manifest.parse(
                        (HEAD + "stringData:\n  a: |\n    x\n  b: |-\n    y\ndata:\n  c: eAo=\n").getBytes(UTF_8))
                .plan(account.identity(), false);
        assertThat(plan.withLineFeed()).containsExactly("item 'a' of Secret 'db'", "item 'c' of Secret 'db'");
    }

    @Test
    void largeSecretIsMarkedForServerSideApply() {
        String small = HEAD + "stringData:\n  a: " + "x".repeat(150_000) + "\n";
        String large = small + "  b: " + "x".repeat(150_000) + "\n";
        assertThat(Manifest.parse(account.sealed(small).getBytes(UTF_8)).tooLargeForClientSideApply())
                .isEmpty();
        assertThat(Manifest.parse(account.sealed(large).getBytes(UTF_8)).tooLargeForClientSideApply())
                .containsExactly("Secret 'db'");
    }
}
