// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(documents(yaml)).hasSize(2);
        assertThat(yaml).isEqualTo("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: Role
                        metadata:
                          name: api-podseal
                          namespace: payments
                        rules:
                          - apiGroups: [""]
                            resources: ["secrets"]
                            resourceNames:
                              - db
                              - "123"
                            verbs: ["get"]
                        ---
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata:
                          name: api-podseal
                          namespace: payments
                        roleRef:
                          apiGroup: rbac.authorization.k8s.io
                          kind: Role
                          name: api-podseal
                        subjects:
                          - kind: ServiceAccount
                            name: api
                            namespace: payments
                        """);
    }

    @Test
    void watchNeedsNoList() {
        assertThat(cli.run("print", "rbac", "--identity", "payments/api", "--secret", "db", "--watch")
                        .done())
                .contains("verbs: [\"get\", \"watch\"]")
                .doesNotContain("list");
    }

    @Test
    void namesThatYamlTakesForSomethingElseAreQuoted() {
        assertThat(cli.run("print", "rbac", "--identity", "1e3/true", "--secret", "null")
                        .done())
                .contains("namespace: \"1e3\"", "name: \"true\"", "- \"null\"");
    }

    @Test
    void admissionPolicyAndBindingAreReadyToApply() {
        String yaml = cli.run("print", "admission-policy").done();
        assertThat(yaml).startsWith("# ").contains("Limits");
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
                .contains("chmod 600 '/etc/a b'", "chown <uid> '/etc/a b'", "# open: ", "# seal: ", Cli.SPIFFE_ID);
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
