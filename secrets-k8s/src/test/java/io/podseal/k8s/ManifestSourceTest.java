// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.SecretSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestSourceTest {
    private static final String HEAD = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\n";

    @TempDir
    private Path folder;

    private SecretSource source(String content, @Nullable String name) throws Exception {
        return KubernetesSources.builder()
                .build()
                .manifest(Files.writeString(folder.resolve("secret.yaml"), content), name, null);
    }

    private Map<String, String> read(String content) throws Exception {
        return Tenant.texts(source(content, null).read());
    }

    private void refused(ErrorCode code, String content, String... words) {
        assertThatThrownBy(() -> read(content))
                .hasMessageContaining(folder.toString())
                .satisfies(thrown -> assertThat(List.of(words))
                        .allSatisfy(word -> assertThat(thrown).hasMessageContaining(word)))
                .hasMessageNotContaining("hunter2")
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void dataIsDecodedAndStringDataIsNotAndWins() throws Exception {
        assertThat(read(HEAD + "data: {a: YQ==, both: YQ==}\nstringData: {both: text, 'true': 'no'}\n"))
                .isEqualTo(Map.of("a", "a", "both", "text", "true", "no"));
    }

    @Test
    void aSourceOfAManifestIsStaticAndKnowsItsSecret() throws Exception {
        SecretSource source = source(HEAD + "stringData: {a: b}\n", null);
        assertThat(source.isLive()).isFalse();
        assertThat(source.secretName()).isNull();
        source.read();
        assertThat(source.secretName()).isEqualTo("db");
        assertThat(source).hasToString("manifest " + folder.resolve("secret.yaml"));
        Path file = folder.resolve("secret.yaml");
        SecretSource renamed = KubernetesSources.builder().build().manifest(file, "db", "original");
        assertThat(renamed.read()).hasSize(1);
        assertThat(renamed.secretName()).as("the application's own word").isEqualTo("original");
    }

    @Test
    void base64MayBeFoldedAsToolsFoldIt() throws Exception {
        String folded = HEAD + "data:\n  a: |\n    YWFhYWFh\n    YWFhYWFh\n";
        assertThat(read(folded)).isEqualTo(Map.of("a", "aaaaaaaaaaaa"));
        refused(ErrorCode.FORMAT, HEAD + "data: {a: 'hunter2!'}\n", "item 'a'", "base64");
    }

    @Test
    void jsonIsRead() throws Exception {
        assertThat(read("{\"apiVersion\":\"v1\",\n\t\"kind\":\"Secret\",\n\t\"metadata\":{\"name\":\"db\"},"
                        + "\n\t\"stringData\":{\"a\":\"\\u00fc\\n\\/\"}}"))
                .isEqualTo(Map.of("a", "ü\n/"));
    }

    @Test
    void theOneThatIsNamedIsChosenAmongDocumentsAndLists() throws Exception {
        String all = """
                # a comment
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: db}
                data: {a: not this}
                ---
                apiVersion: v1
                kind: List
                items:
                  - {apiVersion: v1, kind: Secret, metadata: {name: db}, stringData: {a: one}}
                  - {apiVersion: v1, kind: Secret, metadata: {name: mail}, stringData: {a: two}}
                ---
                apiVersion: example.com/v1
                kind: Secret
                metadata: {name: other}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {generateName: db-}
                stringData: {a: three}
                ---
                """;
        assertThat(Tenant.texts(source(all, "mail").read())).isEqualTo(Map.of("a", "two"));
        refused(ErrorCode.CONFIGURATION, all, "name=", "db, mail, the one at position 3");
        assertThatThrownBy(() -> source(all, "other").read())
                .hasMessageContainingAll("'other'", "db, mail")
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_MISSING));
        assertThatThrownBy(() -> source(all + all, "db").read())
                .hasMessageContaining("several Secrets 'db'")
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION));
    }

    @Test
    void anAbsentFileOrSecretIsMissing() throws Exception {
        SecretSource absent = KubernetesSources.builder().build().manifest(folder.resolve("no.yaml"), null, null);
        assertThatThrownBy(absent::read)
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_MISSING));
        refused(ErrorCode.SOURCE_MISSING, "", "no Secret");
        refused(ErrorCode.SOURCE_MISSING, "apiVersion: v1\nkind: ConfigMap\n", "no Secret");
        refused(ErrorCode.SOURCE_MISSING, HEAD, "no items");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2: {{{",
                "hunter2",
                "- a list",
                "data: hunter2",
                "data: {a: 5}",
                "data: {a: null}",
                "stringData: {a: true}",
                "stringData: {a: 1.0}",
                "stringData: {a: {b: c}}",
                "stringData: {a: [b]}",
                "stringData: {5: a}",
                "stringData: {a: !!javax.script.ScriptEngineManager hunter2}",
                "stringData: {a: !hunter2 b}",
                "stringData: {a: b, a: c}",
                "stringData: {a: \"\u0007hunter2\"}"
            })
    void whatIsNoManifestOfTextsIsRefusedAndNotShown(String rest) {
        refused(ErrorCode.FORMAT, (rest.matches("(?s)(data|stringData).*") ? HEAD : "") + rest + "\n");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws Exception {
        Path file = Files.write(folder.resolve("secret.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        assertThatThrownBy(() -> KubernetesSources.builder()
                        .build()
                        .manifest(file, null, null)
                        .read())
                .hasMessageContaining("UTF-8");
    }

    @Test
    @Timeout(30)
    void whatExpandsOrNestsWithoutEndIsRefused() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 100; i++) {
            laughs.append("a%d: &a%d [*a%d,*a%d,*a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
        }
        refused(ErrorCode.FORMAT, laughs + HEAD + "stringData: {a: b}\n");
        refused(ErrorCode.FORMAT, "[".repeat(200_000));
        refused(ErrorCode.FORMAT, HEAD + "stringData: " + "{a: ".repeat(100_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&a {kind: List, items: [*a]}",
                "&a {kind: List, items: [{kind: List, items: [*a]}]}",
                "kind: List\nitems: &a [{kind: List, items: *a}]",
                "{kind: List, items: [&a {kind: List, items: []}, *a]}",
                "&a [*a]",
                HEAD + "data: &a {b: *a}",
                HEAD + "stringData: &a {b: [*a]}"
            })
    @Timeout(30)
    void whatHoldsItselfIsRefused(String content) {
        refused(ErrorCode.FORMAT, content + "\n");
    }

    @Test
    void aHugeFileIsRefused() throws Exception {
        String comment = "# " + "x".repeat(1024 * 1024) + "\n";
        refused(ErrorCode.SIZE, comment.repeat(17));
    }
}
