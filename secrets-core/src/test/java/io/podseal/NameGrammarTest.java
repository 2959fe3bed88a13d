// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.FORMAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The edges of the grammar of names; a configuration and a token have the same ones. */
final class NameGrammarTest {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");

    private enum Kind {
        NAMESPACE(name -> new ServiceAccount("td", name, "api"), name -> name + "/api"),
        ACCOUNT(name -> new ServiceAccount("td", "payments", name), name -> "payments/" + name),
        SECRET(name -> Scope.item(API, name, "k"), name -> "payments/api/" + name + "/k"),
        KEY(name -> Scope.item(API, "s", name), name -> "payments/api/s/" + name),
        TRUST_DOMAIN(name -> new ServiceAccount(name, "payments", "api"), null);

        private final Consumer<String> configured;
        private final UnaryOperator<String> inToken;

        Kind(Consumer<String> configured, UnaryOperator<String> inToken) {
            this.configured = configured;
            this.inToken = inToken;
        }

        void accepts(String... names) {
            for (String name : names) {
                configured.accept(name);
                if (inToken != null) {
                    String scope = inToken.apply(name);
                    assertThat(SealedValue.parse(Tokens.of(scope)).scope()).hasToString(scope);
                }
            }
        }

        void refuses(String... names) {
            for (String name : names) {
                Refusal.of(CONFIGURATION, () -> configured.accept(name));
                if (inToken != null) {
                    Refusal.of(FORMAT, () -> SealedValue.parse(Tokens.of(inToken.apply(name))));
                }
            }
        }
    }

    @Test
    void namespaceIsAnRfc1123Label() {
        Kind.NAMESPACE.accepts("a", "0", "a-b", "a--b", "0a", "a0", "x".repeat(63));
        Kind.NAMESPACE.refuses(
                "", "x".repeat(64), "-", "-a", "a-", "a.b", "a_b", "A", "aB", " a", "a ", "\u00e4", "a:b");
    }

    @Test
    void accountAndSecretAreRfc1123Subdomains() {
        for (Kind kind : new Kind[] {Kind.ACCOUNT, Kind.SECRET}) {
            kind.accepts("a", "0", "a.b", "a-b.c-d", "a--b", "0.0", "x".repeat(253), "a.".repeat(126) + "a");
            kind.refuses(
                    "",
                    "x".repeat(254),
                    ".",
                    "..",
                    ".a",
                    "a.",
                    "a..b",
                    "-",
                    "-a",
                    "a-",
                    "a.-b",
                    "a-.b",
                    "a.b-",
                    "-a.b",
                    "a_b",
                    "A",
                    "a.B",
                    "a b",
                    "a\tb",
                    "\u0131",
                    "a\u0000");
        }
    }

    @Test
    void longLabelInsideASubdomainIsAllowedAsInKubernetes() {
        Kind.SECRET.accepts("x".repeat(100) + ".y");
    }

    @Test
    void keyIsAnyConfigMapKey() {
        Kind.KEY.accepts(
                "a",
                "A",
                "0",
                "-",
                "_",
                "a.b",
                ".a",
                ".-",
                "._.",
                "a..",
                "a..b",
                "-..",
                "x".repeat(253),
                "tls.crt",
                ".dockerconfigjson",
                "_netrc");
        Kind.KEY.refuses(
                "",
                "x".repeat(254),
                ".",
                "..",
                "...",
                "..a",
                "..data",
                "..2026_01_01",
                "a b",
                "a\\b",
                "a+b",
                "a=b",
                "a%b",
                "\u00e9",
                "a\n",
                "a\0",
                "\ud83d\ude00");
    }

    @Test
    void trustDomainIsASpiffeTrustDomain() {
        Kind.TRUST_DOMAIN.accepts("cluster.local", "a", "a_b", "a-b", "prod.example-1.org", "x".repeat(255));
        Kind.TRUST_DOMAIN.refuses("", "x".repeat(256), "A", "a b", "a/b", "a:b", "user@host", "\u00e9");
    }

    @Test
    void aSlashNeverMovesABorder() {
        Kind.KEY.refuses("a/b", "/a", "a/");
        Refusal.of(CONFIGURATION, () -> new ServiceAccount("td", "payments/api", "x"));
        Refusal.of(CONFIGURATION, () -> new ServiceAccount("td", "payments", "api/x"));
        Refusal.of(CONFIGURATION, () -> Scope.item(API, "s/k", "k"));
    }

    @Test
    void placeOfTheFirstForbiddenCharacterIsFound() {
        assertThat(Name.TRUST_DOMAIN.invalidAt("ab/c")).isEqualTo(2);
        assertThat(Name.NAMESPACE.invalidAt("ab.c")).isEqualTo(2);
        assertThat(Name.NAMESPACE.invalidAt("a".repeat(64))).isEqualTo(63);
        assertThat(Name.SECRET.invalidAt("ab-.c")).isEqualTo(3);
        assertThat(Name.SECRET.invalidAt("abc-")).isEqualTo(3);
        assertThat(Name.SECRET.invalidAt("ab..c")).isEqualTo(3);
        assertThat(Name.KEY.invalidAt("ab/c")).isEqualTo(2);
        assertThat(Name.KEY.invalidAt("..a")).isEqualTo(1);
        assertThat(Name.KEY.invalidAt(".")).isZero();
        assertThat(Name.KEY.invalidAt("")).isZero();
    }

    @Test
    void firstAndLastOfEachRangeAreAllowedAndTheirNeighboursAreNot() {
        for (Name name : Name.values()) {
            assertThat(name.invalidAt("az09")).isEqualTo(-1);
            for (String neighbour : new String[] {"`", "{", "/", ":", "@", "["}) {
                assertThat(name.invalidAt("a" + neighbour + "a"))
                        .as(name + neighbour)
                        .isEqualTo(1);
            }
        }
        assertThat(Name.KEY.invalidAt("AZ")).isEqualTo(-1);
    }

    @Test
    void messageCutsAndCleansTheUsersWord() {
        PodsealException refusal =
                Refusal.of(CONFIGURATION, () -> Scope.item(API, "line\nbreak\u202e" + "x".repeat(300), "k"));
        assertThat(refusal.detail())
                .contains("line<U+000A>break<U+202E>", "…'")
                .doesNotContain("\n", "\u202e", "x".repeat(81));
    }

    @Test
    void messageShowsTheBeginningOfANameAndNothingThatIsNotPrintable() {
        assertThat(shown("~ ~\u007f\u001f")).contains("not a namespace: '~ ~<U+007F><U+001F>';");
        assertThat(shown("X".repeat(80))).contains("'" + "X".repeat(80) + "';");
        assertThat(shown("X".repeat(81))).contains("'" + "X".repeat(80) + "…';");
    }

    private static String shown(String namespace) {
        return Refusal.of(CONFIGURATION, () -> new ServiceAccount("td", namespace, "api"))
                .detail();
    }

    @Test
    void identityWithoutANamespaceIsRefusedForThat() {
        assertThat(Refusal.of(CONFIGURATION, () -> ServiceAccount.parse("/api", "td"))
                        .detail())
                .contains("not a namespace: ''");
    }
}
