// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static io.podseal.k8s.Candidate.generated;
import static io.podseal.k8s.Candidate.secret;
import static io.podseal.k8s.RefusedSecrets.ON;
import static io.podseal.k8s.Sealed.token;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.SecretSealer;
import io.podseal.keyset.KeyType;
import java.util.ArrayList;
import java.util.List;

/** What the policy lets in. */
final class AllowedSecrets {
    static final String OFF = "policy-off";
    static final String NOT_QUITE_ON = "policy-false";
    static final String LONGEST_NAMESPACE = "n".repeat(63);
    private static final String PASSWORD = ON + "/api/db/password";

    private AllowedSecrets() {}

    static List<AdmissionCase> all() {
        List<AdmissionCase> cases = new ArrayList<>();
        for (KeyType type : KeyType.values()) {
            cases.add(allowed("a token of type " + type.typeName(), db().with("password", token(PASSWORD, type, 12))));
            cases.add(allowed(
                    "a keyset document of type " + type.typeName(),
                    db().with("api.keyset.json", Sealed.document(Sealed.account(ON + "/api"), type))));
        }
        cases.addAll(List.of(
                allowed("an account-bound token", db().with("password", token(ON + "/api"))),
                allowed("an empty plaintext", db().with("password", token(PASSWORD, KeyType.AES256_GCM, 0))),
                allowed("a line feed behind the token", db().with("password", token(PASSWORD) + "\n")),
                allowed("a carriage return and line feed behind it", db().with("password", token(PASSWORD) + "\r\n")),
                allowed("a token in stringData", db().inStringData("password", token(PASSWORD))),
                allowed(
                        "tokens of two accounts",
                        db().with("password", token(PASSWORD)).with("user", token(ON + "/web.v2/db/user"))),
                allowed(
                        "item names with dots, dashes, underscores and capitals",
                        db().with(".Spring_data-source.URL", token(ON + "/api/db/.Spring_data-source.URL"))),
                allowed("a Secret without items", db()),
                allowed("an immutable Secret", db().immutable().with("password", token(PASSWORD))),
                allowed("a generated name", generated(ON, "db-").with("password", token(ON + "/api"))),
                allowed(
                        "a suffix that Kustomize added",
                        secret(ON, "db-8tm4h7hk7k")
                                .labelled("podseal.io/sealed-as", "db")
                                .with("password", token(PASSWORD))),
                allowed(
                        "a prefix that Helm added",
                        secret(ON, "release-1-db")
                                .labelled("podseal.io/sealed-as", "db")
                                .with("password", token(PASSWORD))),
                allowed(
                        "sealed items of a type for users",
                        db().type("kubernetes.io/basic-auth").with("password", token(PASSWORD))),
                allowed("a certificate and its key", tls()),
                allowed("a sealed item beside a certificate", tls().with("password", token(ON + "/api/tls/password"))),
                allowed(
                        "a sealed certificate",
                        secret(ON, "tls")
                                .type("kubernetes.io/tls")
                                .with("tls.crt", token(ON + "/api/tls/tls.crt"))
                                .with("tls.key", token(ON + "/api/tls/tls.key"))),
                allowed(
                        "the credentials of a registry",
                        secret(ON, "registry")
                                .type("kubernetes.io/dockerconfigjson")
                                .with(".dockerconfigjson", "{\"auths\": {}}")),
                allowed(
                        "the credentials of a registry, of old",
                        secret(ON, "registry").type("kubernetes.io/dockercfg").with(".dockercfg", "{}")),
                allowed(
                        "the token of a ServiceAccount",
                        secret(ON, "account")
                                .type("kubernetes.io/service-account-token")
                                .annotated("kubernetes.io/service-account.name", "api")
                                .with("token", "header.payload.signature")),
                allowed(
                        "a bootstrap token",
                        secret(ON, "bootstrap-token-abcdef")
                                .type("bootstrap.kubernetes.io/token")
                                .with("token-id", "abcdef")
                                .with("token-secret", "0123456789abcdef")
                                .with("usage-bootstrap-signing", "true")),
                allowed(
                        "a release of Helm",
                        secret(ON, "sh.helm.release.v1.app.v1")
                                .type("helm.sh/release.v1")
                                .with("release", "H4sIAAAAAAAA")),
                allowed(
                        "a keyset document in another order, on one line",
                        db().with("api.keyset.json", "{\"recipients\":[],\"podseal\":\"v1\"}".getBytes(UTF_8))),
                allowed(
                        "a keyset document after blank lines",
                        db().with("api.keyset.json", "\r\n \t{\r\n  \"podseal\" : \"v1\"}")),
                allowed(
                        "plain text where nothing is enforced",
                        secret(OFF, "db").with("password", "battery staple")),
                allowed("a token of another place there", secret(OFF, "mail").with("password", token(PASSWORD))),
                allowed(
                        "plain text where the label says false",
                        secret(NOT_QUITE_ON, "db").with("password", "staple")),
                allowed("the longest names", RefusedSecrets.longNames(1)),
                allowed("fifty of the longest names", RefusedSecrets.longNames(50)),
                allowed("the largest value", db().with("password", largest())),
                allowed(
                        "a full Secret of 1 MiB",
                        db().with("password", largest()).with("rest", rest())),
                allowed("300 items of 1 KiB", RefusedSecrets.tokens(300, 1_024)),
                allowed("900 small items", RefusedSecrets.tokens(900, 12)),
                allowed("every length of scope and payload", lengths()),
                allowed(
                        "a limit: text that is dressed up as a payload",
                        db().with("password", "podseal:v1:" + PASSWORD + ":AQ" + "battery-staple".repeat(4))),
                allowed(
                        "a limit: a document that only begins like one",
                        db().with("api.keyset.json", "{\"podseal\": \"v1\", \"password\": \"battery staple\"}"))));
        return cases;
    }

    private static AdmissionCase allowed(String name, Candidate secret) {
        return new AdmissionCase(name, secret, "");
    }

    private static Candidate db() {
        return secret(ON, "db");
    }

    static Candidate tls() {
        return secret(ON, "tls")
                .type("kubernetes.io/tls")
                .with("tls.crt", "certificate")
                .with("tls.key", "key")
                .with("ca.crt", "authority");
    }

    private static String largest() {
        return token(PASSWORD, KeyType.AES256_GCM, SecretSealer.MAX_PLAINTEXT_BYTES);
    }

    /** What {@link #largest} leaves of 1 MiB. */
    private static String rest() {
        String scope = ON + "/api/db/rest";
        int room = (1 << 20) - largest().length() - ("podseal:v1:" + scope + ":").length();
        return token(scope, KeyType.AES256_GCM, room / 4 * 3 - KeyType.AES256_GCM.minPayloadBytes());
    }

    /** The colon and the end of the payload fall on each of the three bytes of a base64 group. */
    static Candidate lengths() {
        Candidate secret = secret(ON, "lengths");
        for (int name = 1; name <= 3; name++) {
            for (int bytes = 0; bytes < 12; bytes++) {
                String item = "k".repeat(name) + "." + bytes;
                String scope = ON + "/api/lengths/" + item;
                secret.with(item, token(scope, KeyType.AES256_GCM, bytes));
                secret.with(item + "_lf", token(scope + "_lf", KeyType.AES256_GCM, bytes) + "\n");
                secret.with(item + "_crlf", token(scope + "_crlf", KeyType.AES256_GCM, bytes) + "\r\n");
            }
        }
        return secret;
    }
}
