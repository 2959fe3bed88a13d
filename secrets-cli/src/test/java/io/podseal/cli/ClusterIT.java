// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the commands print and seal, on a real API server that enforces the printed policy. */
@ControlPlane
class ClusterIT {
    private static final ServiceAccount API = ServiceAccount.parse(Cli.IDENTITY, ServiceAccount.DEFAULT_TRUST_DOMAIN);
    private static final String VALUE = "battery staple";

    @TempDir
    private static Path folder;

    private static LocalControlPlane plane;
    private static Cli cli;

    @BeforeAll
    static void enforce(LocalControlPlane controlPlane) {
        plane = controlPlane;
        cli = new Cli(folder);
        plane.createNamespace(API.namespace());
        plane.createServiceAccount(API);
        plane.kubectl("label", "namespace", API.namespace(), "podseal.io/enforce=true");
        apply(cli.run("print", "admission-policy").done());
        await().until(() -> isRefused(manifest("name: probe")));
    }

    private static String apply(String manifest) {
        return plane.kubectlWithInput(manifest, "apply", "-f", "-");
    }

    private static boolean isRefused(String manifest) {
        try {
            plane.kubectlWithInput(manifest, "create", "--dry-run=server", "-f", "-");
            return false;
        } catch (IllegalStateException refused) {
            assertThat(refused).hasMessageContaining("not sealed: ").hasMessageNotContaining(VALUE);
            return true;
        }
    }

    /** Plain values in both maps. */
    private static String manifest(String name) {
        return """
                apiVersion: v1
                kind: Secret
                metadata:
                  %s
                  namespace: payments
                data:
                  user: YmF0dGVyeSBzdGFwbGU=
                stringData:
                  password: "battery staple"
                  text: |
                    battery staple
                """.formatted(name);
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void whatIsSealedIsTakenAndOpensAgain(KeyType type) {
        String keyset = cli.keyset(type.typeName());
        String name = type.typeName();
        assertThat(isRefused(manifest("name: " + name))).isTrue();
        String sealed = cli.given(
                        manifest("name: " + name),
                        "seal",
                        "--keyset",
                        keyset,
                        "--kek",
                        cli.kek(),
                        "-f",
                        "-",
                        "--with-keyset",
                        keyset)
                .done();
        assertThat(apply(sealed)).contains("created");
        for (String item : new String[] {"user", "password", "text"}) {
            String stored = plane.kubectl(
                    "-n",
                    API.namespace(),
                    "get",
                    "secret",
                    name,
                    "-o",
                    "go-template={{." + "data." + item + "|base64decode}}");
            assertThat(stored).startsWith("podseal:v1:payments/api/" + name + "/" + item + ":");
            assertThat(cli.open(keyset, stored, "--item", name + "/" + item)
                            .done()
                            .strip())
                    .isEqualTo(VALUE);
        }
    }

    @Test
    void valuesOfAGeneratedNameAreBoundToTheAccount() {
        String keyset = cli.keyset();
        String sealed = cli.given(
                        manifest("generateName: generated-"),
                        "seal",
                        "--keyset",
                        keyset,
                        "--kek",
                        cli.kek(),
                        "-f",
                        "-",
                        "--account-bound")
                .done();
        assertThat(plane.kubectlWithInput(sealed, "create", "-f", "-")).contains("secret/generated-", "created");
    }

    @Test
    void aSealedSecretUnderANewNameSaysWhatItWasSealedAs() {
        String keyset = cli.keyset();
        String sealed = cli.given(manifest("name: original"), "seal", "--keyset", keyset, "--kek", cli.kek(), "-f", "-")
                .done();
        assertThatThrownBy(() -> apply(sealed.replace("name: original", "name: renamed")))
                .hasMessageContaining("password (sealed for payments/api/original/password)");
        assertThat(apply(sealed.replace("name: original", "name: renamed\n  labels: {podseal.io/sealed-as: original}")))
                .contains("secret/renamed created");
    }

    @Test
    void aKeysetDocumentIsTakenAsASecretOfItsOwn() {
        String manifest = cli.run("keyset", "manifest", cli.keyset(), "--kind", "Secret", "--name", "api-keyset")
                .done();
        assertThat(apply(manifest)).contains("secret/api-keyset created");
    }

    @Test
    void printedRightsLetTheAccountGetThatSecret() {
        plane.kubectl("-n", API.namespace(), "create", "secret", "generic", "named");
        plane.kubectl("-n", API.namespace(), "create", "secret", "generic", "other");
        assertThat(get("named")).isEqualTo(403);
        assertThat(apply(cli.run("print", "rbac", "--identity", Cli.IDENTITY, "--secret", "named")
                        .done()))
                .contains("role.rbac.authorization.k8s.io/", "rolebinding.rbac.authorization.k8s.io/");
        await().until(() -> get("named") == 200);
        assertThat(get("other")).isEqualTo(403);
    }

    private static int get(String secret) {
        String path = "/api/v1/namespaces/" + API.namespace() + "/secrets/" + secret;
        return plane.request(plane.token(API, Duration.ofMinutes(10)), "GET", path, null, null)
                .statusCode();
    }
}
