// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ServiceAccount;
import io.podseal.k8s.AdmissionPolicy;
import io.podseal.k8s.RbacManifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class PrintTest {
    @TempDir
    private Path folder;

    private Cli cli;

    @BeforeEach
    void makeFolder() {
        cli = new Cli(folder);
    }

    private static List<Object> documents(String yaml) {
        Iterable<Object> all = new Load(LoadSettings.builder().build()).loadAllFromString(yaml);
        return StreamSupport.stream(all.spliterator(), false).toList();
    }

    @Test
    void rbacIsTheLeastThatGetsNamedSecrets() {
        String yaml = cli.run("print", "rbac", "--identity", "payments/api", "--secret", "db", "--secret", "123")
                .done();
        assertThat(yaml)
                .isEqualTo(RbacManifest.of(ServiceAccount.parse("payments/api", ServiceAccount.DEFAULT_TRUST_DOMAIN))
                        .secret(null, "db")
                        .secret(null, "123")
                        .toYaml())
                .contains("resourceNames: [\"db\", \"123\"]", "verbs: [\"get\"]\n");
        assertThat(documents(yaml))
                .extracting(document -> String.valueOf(((Map<?, ?>) document).get("kind")))
                .containsExactly("Role", "RoleBinding");
    }

    @Test
    void watchNeedsNoList() {
        assertThat(cli.run("print", "rbac", "--identity", "payments/api", "--secret", "db", "--watch")
                        .done())
                .contains("verbs: [\"get\", \"watch\"]")
                .doesNotContain("list");
    }

    @Test
    void objectsOfOtherNamespacesGetARoleThere() {
        String yaml = cli.run(
                        "print", "rbac", "--identity", "payments/api", "--secret", "shared/ca", "--config-map", "keys")
                .done();
        assertThat(documents(yaml)).hasSize(4);
        assertThat(yaml)
                .contains(
                        "  namespace: \"shared\"\nrules:\n",
                        "resources: [\"configmaps\"]\n    resourceNames: [\"keys\"]");
    }

    @Test
    void namesThatYamlTakesForSomethingElseAreStrings() {
        String yaml = cli.run("print", "rbac", "--identity", "1e3/true", "--secret", "null")
                .done();
        assertThat(yaml).contains("namespace: \"1e3\"", "name: \"true\"", "resourceNames: [\"null\"]");
    }

    @Test
    void admissionPolicyAndBindingAreReadyToApply() {
        String yaml = cli.run("print", "admission-policy").done();
        assertThat(yaml).startsWith("# ").contains("Limits").isEqualTo(AdmissionPolicy.toYaml());
        List<Object> documents = documents(yaml);
        assertThat(documents)
                .extracting(document -> String.valueOf(((Map<?, ?>) document).get("kind")))
                .containsExactly("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding");
        assertThat(documents)
                .extracting(document -> String.valueOf(((Map<?, ?>) document).get("apiVersion")))
                .containsOnly("admissionregistration.k8s.io/v1");
    }

    @Test
    void policyOfALocalKekIsItsOwnerAndMode() {
        String both = cli.run("print", "policy", "--kek", "local-kms:/etc/a b", "--identity", "payments/api")
                .done();
        assertThat(both)
                .contains("chmod 600 '/etc/a b'", "chown '<uid>' '/etc/a b'", "# open: ", "# seal: ", Cli.SPIFFE_ID);
        assertThat(cli.run("print", "policy", "--kek", "local-kms:/k", "--identity", "payments/api", "--for", "open")
                        .done())
                .contains("# open: ")
                .doesNotContain("# seal: ");
        assertThat(cli.run("print", "policy", "--kek", "local-kms:/k", "--identity", "payments/api", "--for", "seal")
                        .done())
                .contains("# seal: ")
                .doesNotContain("# open: ");
    }
}
