// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RbacManifestTest {
    private static final ServiceAccount API = ServiceAccount.parse("payments/api", ServiceAccount.DEFAULT_TRUST_DOMAIN);

    private static RbacManifest rights() {
        return RbacManifest.of(API);
    }

    private static List<String> names(RbacManifest manifest) {
        return Pattern.compile("metadata:\n  name: \"(.*)\"")
                .matcher(manifest.toYaml())
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    @Test
    void oneRoleNamesAllObjectsOfANamespace() {
        String yaml = rights().secret(null, "db")
                .secret("payments", "123")
                .secret(null, "db")
                .configMap(null, "api-keyset")
                .toYaml();
        assertThat(yaml).isEqualTo("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata:
                          name: "%1$s"
                          namespace: "payments"
                        rules:
                          - apiGroups: [""]
                            resources: ["secrets"]
                            resourceNames: ["db", "123"]
                            verbs: ["get"]
                          - apiGroups: [""]
                            resources: ["configmaps"]
                            resourceNames: ["api-keyset"]
                            verbs: ["get"]
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata:
                          name: "%1$s"
                          namespace: "payments"
                        roleRef:
                          apiGroup: rbac.authorization.k8s.io
                          kind: Role
                          name: "%1$s"
                        subjects:
                          - kind: ServiceAccount
                            name: "api"
                            namespace: "payments"
                        """.formatted("api-podseal-11e512fd"));
    }

    @Test
    void aWatchNeedsNoList() {
        assertThat(rights().secret(null, "db").watch(true).toYaml())
                .contains("verbs: [\"get\", \"watch\"]")
                .doesNotContain("list");
    }

    @Test
    void aRoleLiesWhereItsObjectsAreAndItsSubjectWhereTheAccountIs() {
        String yaml =
                rights().secret("shared", "ca").configMap(null, "api-keyset").toYaml();
        assertThat(yaml.split("---\n")).hasSize(4);
        assertThat(yaml)
                .contains("  namespace: \"shared\"\nrules:\n", "  namespace: \"payments\"\nrules:\n")
                .containsPattern("(?s)namespace: \"shared\"\nroleRef.*name: \"api\"\n    namespace: \"payments\"\n---");
    }

    @Test
    void theRoleForOtherObjectsHasAnotherName() {
        assertThat(names(rights().secret(null, "db"))).isNotEqualTo(names(rights().secret(null, "mail")));
        assertThat(names(rights().secret(null, "db"))).isNotEqualTo(names(rights().configMap(null, "db")));
    }

    @Test
    void theNameFollowsFromAccountAndObjectsAlone() {
        List<String> names = names(rights().secret(null, "db").secret(null, "mail"));
        assertThat(names(rights().secret(null, "mail").secret(null, "db"))).isEqualTo(names);
        assertThat(names).hasSize(2).containsOnly(names.get(0));
    }

    /** What a refused reading proposes must not take a watch away. */
    @Test
    void theRoleWithAWatchHasAnotherName() {
        assertThat(names(rights().secret(null, "db").watch(true))).isNotEqualTo(names(rights().secret(null, "db")));
    }

    @Test
    void accountsOfTheSameNameInTwoNamespacesGetTwoRoles() {
        ServiceAccount namesake = ServiceAccount.parse("shop/api", ServiceAccount.DEFAULT_TRUST_DOMAIN);
        assertThat(names(RbacManifest.of(namesake).secret("shared", "ca")))
                .isNotEqualTo(names(rights().secret("shared", "ca")));
    }

    @Test
    void theLongestAccountNamesStayApartAndValid() {
        // Cut where a dot ends a label.
        String beginning = "a".repeat(235) + ".";
        ServiceAccount one = new ServiceAccount("cluster.local", "payments", beginning + "b".repeat(17));
        ServiceAccount other = new ServiceAccount("cluster.local", "payments", beginning + "c".repeat(17));
        String name = names(RbacManifest.of(one).secret(null, "db")).get(0);
        assertThat(name)
                .hasSizeLessThanOrEqualTo(253)
                .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
        assertThat(names(RbacManifest.of(other).secret(null, "db"))).doesNotContain(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "inline", "Upper", "a\"b", "a\nb", "-a", "a b"})
    void whatIsNoNameOfASecretIsRefused(String name) {
        assertThatThrownBy(() -> rights().secret(null, name))
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\"b", "UPPER"})
    void whatIsNoNameOfAConfigMapOrANamespaceIsRefused(String name) {
        assertThatThrownBy(() -> rights().configMap(null, name)).isInstanceOf(PodsealException.class);
        assertThatThrownBy(() -> rights().secret(name, "db")).isInstanceOf(PodsealException.class);
    }
}
