// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Scope;
import io.podseal.ServiceAccount;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not sealed, since it could not be meant, or would leave a value in the clear. */
class RefusedManifestTest {
    private static final String HEAD = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n";

    private final Account account = new Account();

    private String refused(String code, String manifest) {
        String message = Refusals.assertRefused(code, () -> account.sealed(manifest));
        assertThat(message).doesNotContain("hunter2");
        return message;
    }

    @Test
    void fileWithoutASecret() {
        for (String manifest :
                new String[] {"", "# nothing\n", "---\n", "a", "[]", "apiVersion: v1\nkind: ConfigMap\n"}) {
            assertThat(refused("FORMAT", manifest)).contains("no Secret");
        }
    }

    @Test
    void whatIsNoYamlNamesThePlaceAndNotTheLine() {
        assertThat(refused("FORMAT", HEAD + "stringData:\n  a: [hunter2\n")).contains("line 7, column 1");
        assertThat(refused("FORMAT", HEAD + "stringData:\n  a: !x!hunter2 b\n")).contains("line 6");
        assertThat(refused("FORMAT", "{\"kind\":\"Secret\"}{\"a\":\"hunter2\"}"))
                .contains("line 1");
        assertThat(refused("FORMAT", HEAD + "stringData:\n  a: hunter2\u0007\n"))
                .contains("not YAML or JSON");
        assertThat(refused("FORMAT", "[".repeat(100_000))).contains("nested");
    }

    @Test
    void whatIsNotUtf8() {
        assertThat(Refusals.assertRefused("FORMAT", () -> Manifest.parse((HEAD + "data:\n").getBytes(UTF_16))))
                .contains("UTF-8");
    }

    @Test
    void otherNamespace() {
        assertThat(refused("CONTEXT_MISMATCH", HEAD + "  namespace: shop\nstringData:\n  a: x\n"))
                .contains("payments/api");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes.io/dockerconfigjson",
                "kubernetes.io/dockercfg",
                "kubernetes.io/service-account-token",
                "bootstrap.kubernetes.io/token"
            })
    void typeThatKubernetesItselfReads(String type) {
        assertThat(refused("CONFIGURATION", HEAD + "type: " + type + "\nstringData:\n  a: x\n"))
                .contains(type);
    }

    @Test
    void generatedAndMissingNames() {
        assertThat(refused("CONFIGURATION", HEAD.replace("name: db", "generateName: db-") + "stringData:\n  a: x\n"))
                .contains("--account-bound");
        assertThat(refused("FORMAT", HEAD.replace("name: db", "labels: {}") + "stringData:\n  a: x\n"))
                .contains("metadata.name");
        assertThat(refused("FORMAT", "apiVersion: v1\nkind: Secret\nstringData:\n  a: x\n"))
                .contains("metadata.name");
    }

    @Test
    void secretCalledInline() {
        String manifest = HEAD.replace("name: db", "name: inline") + "stringData:\n  a: x\n";
        assertThat(refused("CONFIGURATION", manifest)).contains("inline");
        assertThat(Refusals.assertRefused(
                        "CONFIGURATION",
                        () -> Manifest.parse(manifest.getBytes(UTF_8)).plan(account.identity(), true)))
                .contains("inline");
        assertThat(Refusals.assertRefused(
                        "CONFIGURATION",
                        () -> Manifest.parse(manifest.getBytes(UTF_8)).sealed(null, "a", account.identity())))
                .contains("inline");
    }

    @Test
    void sameKeyInBothMaps() {
        assertThat(refused("CONFIGURATION", HEAD + "data:\n  a: eA==\nstringData:\n  a: hunter2\n"))
                .contains("'a'", "data and in stringData");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1", "-1", "0x1f", "0777", "0o17", "0b1", "1_000", "1.5", "1.", ".5", "1e5", "1E-5", ".inf", "-.Inf",
                ".nan", "true", "True", "yes", "No", "on", "OFF", "y", "N", "null", "~", ""
            })
    void numbersBooleansAndNull(String value) {
        assertThat(refused("FORMAT", HEAD + "stringData:\n  a: " + value + "\n"))
                .contains("'a'", "quotes");
        assertThat(refused("FORMAT", HEAD + "stringData: {a: " + value + "}\n")).contains("'a'", "quotes");
        assertThat(refused("FORMAT", HEAD + "data:\n  a: " + value + "\n")).contains("'a'", "quotes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: &x hunter2 | anchor",
                "a: *x | anchor",
                "a: !!str hunter2 | anchor",
                "a: !!binary aHVudGVyMg== | anchor",
                "a: ! hunter2 | anchor",
                "&k a: hunter2 | anchor",
                "*k : hunter2 | anchor",
                "!!str a: hunter2 | anchor",
                "<<: {a: hunter2} | merge",
                "<<: *x | merge",
                "a: [hunter2] | list",
                "a: {b: hunter2} | list",
                "[a]: hunter2 | list",
                "1: hunter2 | quotes"
            })
    void whatReadersUnderstandDifferently(String entry, String reason) {
        for (String map : new String[] {"data", "stringData"}) {
            assertThat(refused("FORMAT", HEAD + map + ":\n  " + entry + "\n")).contains(reason);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: &d {a: eA==}",
                "stringData: *d",
                "stringData: !!map {a: hunter2}",
                "stringData: [hunter2]",
                "stringData: hunter2",
                "stringdata: {a: hunter2}",
                "string-data: {a: hunter2}",
                "Data: {a: eA==}",
                "<<: {stringData: {a: hunter2}}",
                "*x : {a: hunter2}",
                "[a]: {a: hunter2}",
                "stringData: {a: x}\nstringData: {b: hunter2}",
                "stringData: {a: x, a: hunter2}",
                "kind: Secret",
                "metadata: {name: db}",
                "type: 5"
            })
    void secretThatIsWrittenAmbiguously(String member) {
        refused("FORMAT", HEAD + member + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: v1\nkind: Secret\nmetadata: *m\nstringData: {a: x}",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: *m}\nstringData: {a: x}",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: 5}\nstringData: {a: x}",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: db, <<: {namespace: shop}}\nstringData: {a: x}",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: db, annotations: *a}\nstringData: {a: x}",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: db, annotations: {<<: *a}}\nstringData: {a: x}",
                "kind: Secret\nmetadata: {name: db}\nstringData: {a: x}",
                "apiVersion: v1\nkind: SecretList\nitems: []"
            })
    void objectThatIsWrittenAmbiguously(String manifest) {
        refused("FORMAT", manifest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<<: *s",
                "kind: *s\napiVersion: v1",
                "apiVersion: v1\nkind: ConfigMap\nkind: Secret",
                "*k : Secret\napiVersion: v1",
                "apiVersion: v1\nkind: List\nitems: *l",
                "apiVersion: v1\nkind: List\nitems: [*s]",
                "apiVersion: v1\nkind: List\n<<: *l",
                "apiVersion: v1\nkind: !!str Secret"
            })
    void objectThatMayHideASecret(String other) {
        refused("FORMAT", HEAD + "stringData:\n  a: x\n---\n" + other + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"aHVudGVyMg", "aHVudGVyMg= =", "hunter2!", "aHVudGVy Mg==", "aHVudGVyMg==="})
    void dataThatIsNoBase64(String value) {
        assertThat(refused("FORMAT", HEAD + "data:\n  a: \"" + value + "\"\n")).contains("base64");
    }

    @Test
    void halfASurrogatePair() {
        assertThat(refused("FORMAT", HEAD + "stringData: {\"a\": \"hunter2\\ud83d\"}\n"))
                .contains("surrogate");
    }

    @Test
    void keyThatKubernetesRefuses() {
        assertThat(refused("CONFIGURATION", HEAD + "stringData:\n  a/b: hunter2\n"))
                .contains("'a/b'");
    }

    @Test
    void tokenOfAnotherPlace() {
        for (Scope scope : new Scope[] {
            Scope.item(account.identity(), "db", "b"),
            Scope.item(account.identity(), "mail", "a"),
            Scope.accountBound(new ServiceAccount("cluster.local", "payments", "web")),
            Scope.inline(account.identity(), "a")
        }) {
            String token = "podseal:v1:" + scope + ":"
                    + account.seal(Scope.accountBound(account.identity()), "x").replaceFirst(".*:", "");
            assertThat(refused("CONTEXT_MISMATCH", HEAD + "stringData:\n  a: " + token + "\n"))
                    .contains("'a'");
            String base64 = Base64.getEncoder().encodeToString(token.getBytes(UTF_8));
            refused("CONTEXT_MISMATCH", HEAD + "data:\n  a: " + base64 + "\n");
        }
    }

    @Test
    void whatBeginsLikeATokenIsNeverSealedAgain() {
        refused("FORMAT", HEAD + "stringData:\n  a: 'podseal:v1:'\n");
        refused("FORMAT", HEAD + "stringData:\n  a: 'podseal:v1:payments/api/db/a:not a payload'\n");
        refused("VERSION", HEAD + "stringData:\n  a: 'podseal:v2:anything'\n");
        refused("SIZE", HEAD + "stringData:\n  a: 'podseal:v1:payments/api/db/a:AAAA'\n".replace("AAAA", "AQAA"));
    }

    @Test
    void keysetDocumentOfAnotherAccount() {
        Account other = new Account(new ServiceAccount("cluster.local", "payments", "web"));
        String item = "stringData:\n  %s: |\n" + other.document().indent(4);
        assertThat(refused("CONFIGURATION", HEAD + item.formatted("web.keyset.json")))
                .contains("payments/sa/web");
        assertThat(refused("CONFIGURATION", HEAD + "stringData:\n  my.keyset.json: hunter2\n"))
                .contains("'my.keyset.json'");
        // Under another name it is a value like any other.
        assertThat(account.sealed(HEAD + item.formatted("web.json"))).contains("web.json: podseal:v1:");
    }

    @Test
    void secretThatKubernetesWouldNotTake() {
        String three = "stringData:\n  a: %1$s\n  b: %1$s\n".formatted("x".repeat(400_000));
        assertThat(refused("SIZE", HEAD + three)).contains("Secret 'db'", "1048576");
        assertThat(refused("SIZE", HEAD + "stringData:\n  a: " + "x".repeat(716_801) + "\n"))
                .contains("'a'", "716800");
    }

    @Test
    void lastAppliedAnnotation() {
        assertThat(
                        refused(
                                "CONFIGURATION",
                                HEAD
                                        + "  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: hunter2\nstringData:\n  a: x\n"))
                .contains("--strip-last-applied");
    }
}
