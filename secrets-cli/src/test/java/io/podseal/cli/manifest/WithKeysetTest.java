// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.keyset.EncryptedKeyset;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class WithKeysetTest {
    private static final String HEAD = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n";

    private final Account account = new Account();
    private final String document = account.document();

    private static String with(String manifest, String document) {
        return new String(
                Manifest.parse(manifest.getBytes(UTF_8))
                        .withKeyset(EncryptedKeyset.parse(document.getBytes(UTF_8)))
                        .toBytes(),
                UTF_8);
    }

    private static String item(String manifest, String map, String key) {
        Map<?, ?> secret = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(manifest);
        return String.valueOf(((Map<?, ?>) Objects.requireNonNull(secret.get(map))).get(key));
    }

    @Test
    void documentIsAddedBehindTheLastItem() {
        assertThat(with(HEAD + "stringData:\n  # one\n  a: x # two\n\n# three\ntype: Opaque\n", document))
                .isEqualTo(HEAD + "stringData:\n  # one\n  a: x # two\n  api.keyset.json: |\n" + document.indent(4)
                        + "\n# three\ntype: Opaque\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stringData:\n  a: x",
                "stringData:\n  a: x\n",
                "stringData:\n  a: |\n    x\n",
                "stringData:\n  a: |-\n    x",
                "stringData:\n    a: 'x'\ntype: Opaque\n",
                "stringData: {a: x}\n",
                "stringData: {\"a\": \"x\",\n  }\n",
                "stringData: {}\n",
                "stringData:\n",
                "stringData: null # none\n",
                "type: Opaque\n",
                "type: Opaque"
            })
    void everyShapeOfAManifestTakesIt(String rest) {
        assertThat(item(with(HEAD + rest, document), "stringData", "api.keyset.json"))
                .isEqualTo(document);
        String windows = (HEAD + rest).replace("\n", "\r\n");
        String result = with(windows, document);
        assertThat(item(result, "stringData", "api.keyset.json")).isEqualTo(document);
        assertThat(result.replace("\r\n", "")).doesNotContain("\n");
    }

    @Test
    void dataTakesItInBase64() {
        String base64 = Base64.getEncoder().encodeToString(document.getBytes(UTF_8));
        assertThat(with(HEAD + "data:\n  a: eA==\n", document))
                .isEqualTo(HEAD + "data:\n  a: eA==\n  api.keyset.json: " + base64 + "\n");
    }

    @Test
    void jsonTakesItQuoted() {
        String json = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"db\"}}";
        String quoted = document.replace("\"", "\\\"").replace("\n", "\\u000a");
        assertThat(with(json, document))
                .isEqualTo(json.replace("}}", "}, \"stringData\": {\"api.keyset.json\": \"" + quoted + "\"}}"));
        String data = json.replace("}}", "},\"data\":{\"a\":\"eA==\"}}");
        assertThat(with(data, document))
                .isEqualTo(data.replace(
                        "==\"}",
                        "==\", \"api.keyset.json\": \"" + Base64.getEncoder().encodeToString(document.getBytes(UTF_8))
                                + "\"}"));
    }

    @Test
    void olderOneIsReplacedInItsPlace() {
        String older = account.document("BBBB", "AesGcmKey");
        String around = HEAD + "stringData:\n  api.keyset.json: | # keys\n%s\n  a: x\n";
        assertThat(with(around.formatted(older.indent(4)), document)).isEqualTo(around.formatted(document.indent(4)));
        String quoted = HEAD + "stringData:\n  api.keyset.json: '" + older.replace("\n", "") + "' # keys\n  a: x\n";
        assertThat(item(with(quoted, document), "stringData", "api.keyset.json"))
                .isEqualTo(document);
        assertThat(with(quoted, document)).contains("\" # keys\n  a: x\n");
        String data = HEAD + "data:\n  api.keyset.json: %s\n";
        assertThat(with(data.formatted(base64(older)), document)).isEqualTo(data.formatted(base64(document)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @Test
    void olderOneUnderAnotherNameIsRenamed() {
        String older = account.document("BBBB", "AesGcmKey");
        String around = HEAD + "stringData:\n  %s: |\n%s  a: x\n";
        assertThat(with(around.formatted("keys.keyset.json", older.indent(4)), document))
                .isEqualTo(around.formatted("api.keyset.json", document.indent(4)));
    }

    @Test
    void sameDocumentChangesNothing() {
        String manifest = HEAD + "stringData:\n  a: x\n  api.keyset.json: |\n" + document.indent(4);
        assertThat(with(manifest, document)).isEqualTo(manifest);
    }

    @Test
    void hybridDocumentHasANameOfItsOwnAndLeavesTheOther() {
        String manifest = HEAD + "stringData:\n  api.keyset.json: |\n" + document.indent(4);
        assertThat(with(manifest, account.hybridDocument()))
                .isEqualTo(manifest + "  api.hpke.keyset.json: |\n"
                        + account.hybridDocument().indent(4));
    }

    @Test
    void documentWithoutFinalLineFeedOrWithTabsKeepsItsBytes() {
        for (String odd :
                new String[] {document.stripTrailing(), document.replace("  ", "\t"), document + "\n", "\n" + document
                }) {
            assertThat(item(with(HEAD + "stringData:\n  a: x\n", odd), "stringData", "api.keyset.json"))
                    .isEqualTo(odd);
        }
    }

    @Test
    void severalSecretsAreRefused() {
        String one = HEAD + "stringData:\n  a: x\n";
        assertThat(Refusals.assertRefused("CONFIGURATION", () -> with(one + "---\n" + one, document)))
                .contains("one Secret");
    }

    @Test
    void severalOlderOnesAreRefused() {
        String two = HEAD + "stringData:\n  a.keyset.json: |\n"
                + account.document("BBBB", "AesGcmKey").indent(4) + "  b.keyset.json: |\n"
                + account.document("CCCC", "AesGcmKey").indent(4);
        assertThat(Refusals.assertRefused("CONFIGURATION", () -> with(two, document)))
                .contains("a.keyset.json, b.keyset.json");
    }

    @Test
    void anotherAccountsDocumentUnderTheNameIsRefused() {
        String manifest = HEAD + "stringData:\n  api.keyset.json: something\n";
        assertThat(Refusals.assertRefused("CONFIGURATION", () -> with(manifest, document)))
                .contains("api.keyset.json");
    }
}
