// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AwsPolicyTest {
    private static final String ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private static final String CLUSTER = "<ARN of the cluster>";

    @TempDir
    private Path folder;

    /** Of that purpose. */
    private IamPolicy policy(String kek, String purpose) throws Exception {
        PrintedScript script = PrintedScript.run(folder, PrintedScript.withAlternative(PrintedScript.both(kek)));
        List<String> command = script.commands().stream()
                .filter(words -> PrintedScript.option(words, "--policy-name").startsWith(purpose + "_"))
                .findFirst()
                .orElseThrow();
        assertThat(command.subList(0, 3)).isEqualTo(List.of("aws", "iam", "put-role-policy"));
        String file = PrintedScript.option(command, "--policy-name") + ".json";
        assertThat(PrintedScript.option(command, "--policy-document")).isEqualTo("file://" + file);
        return IamPolicy.parse(script.file(file));
    }

    private List<String> policyNames(String kek, ServiceAccount account) throws Exception {
        String text = PrintedScript.withAlternative(new Grant(kek, account, true, true).text());
        return PrintedScript.run(folder, text).commands().stream()
                .map(command -> PrintedScript.option(command, "--policy-name"))
                .toList();
    }

    /** put-role-policy replaces the policy of the same name. */
    @Test
    void policyOfAnotherAccountOrKeyHasAnotherName() throws Exception {
        String kek = "aws-kms://" + ARN;
        String elsewhere = kek.replace("eu-central-1", "eu-west-1");
        List<String> all = new ArrayList<>();
        for (ServiceAccount account : List.of(
                new ServiceAccount("cluster.local", "a-b", "c"),
                new ServiceAccount("cluster.local", "a", "b-c"),
                new ServiceAccount("prod.example", "a", "b-c"),
                new ServiceAccount("cluster.local", "n".repeat(63), "s".repeat(253)),
                new ServiceAccount("cluster.local", "n".repeat(63), "s".repeat(252) + "t"))) {
            List<String> names = policyNames(kek, account);
            assertThat(names).hasSize(3).allMatch(name -> name.matches("[\\w+=,.@-]{1,128}"));
            all.add(names.get(0));
            all.add(names.get(2));
        }
        for (String other : List.of(elsewhere, kek + "?context.stage=prod")) {
            all.addAll(policyNames(other, PrintedScript.API));
        }
        all.addAll(policyNames(kek, PrintedScript.API));
        assertThat(all).doesNotHaveDuplicates();
        assertThat(policyNames(kek, PrintedScript.API)).isEqualTo(policyNames(kek, PrintedScript.API));
    }

    /** A shell that is given the whole text replaces no role's policy for another variant's. */
    @Test
    void fleetIsCommentedOut() throws Exception {
        assertThat(PrintedScript.run(folder, PrintedScript.both("aws-kms://" + ARN))
                        .commands())
                .extracting(command -> PrintedScript.option(command, "--role-name"))
                .containsExactly("<role of the pods>", "<role of whoever seals>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "context.kubernetes%2Dservice%2Daccount=admin",
                "context.Kubernetes-Service-Account=admin",
                "context.podseal-trust-%64omain=other",
                "context.a=1&context.%61=2",
                "context.a=1&context.A=2"
            })
    void contextThatWouldReplaceAConditionIsRefused(String query) {
        Grant grant = new Grant("aws-kms://" + ARN + "?" + query, PrintedScript.API, true, true);
        assertThatThrownBy(grant::text).isInstanceOf(PodsealException.class).hasMessageStartingWith("CONFIGURATION: ");
    }

    /** What AWS KMS is told with a call for that account. */
    private static Map<String, String> call(String namespace, String name, String... more) {
        Map<String, String> request = new HashMap<>(Map.of(
                "kms:EncryptionContext:kubernetes-namespace", namespace,
                "kms:EncryptionContext:kubernetes-service-account", name,
                "kms:EncryptionContext:podseal-trust-domain", "cluster.local"));
        for (int i = 0; i < more.length; i += 2) {
            request.put(more[i], more[i + 1]);
        }
        return request;
    }

    private static Map<String, String> session(Map<String, String> call, String namespace, String name) {
        Map<String, String> request = new HashMap<>(call);
        request.put("aws:PrincipalTag/kubernetes-namespace", namespace);
        request.put("aws:PrincipalTag/kubernetes-service-account", name);
        request.put("aws:PrincipalTag/eks-cluster-arn", CLUSTER);
        return request;
    }

    @Test
    void roleOpensTheAccountsOwnKeysetsAndNoOthers() throws Exception {
        IamPolicy policy = policy("aws-kms://" + ARN, "podseal-open");

        assertThat(policy.allows("kms:Decrypt", ARN, call("payments", "api"))).isTrue();
        assertThat(policy.allows("kms:Encrypt", ARN, call("payments", "api"))).isFalse();
        assertThat(policy.allows("kms:Decrypt", ARN, call("payments", "web"))).isFalse();
        assertThat(policy.allows("kms:Decrypt", ARN, call("shop", "api"))).isFalse();
        assertThat(policy.allows("kms:Decrypt", ARN + "0", call("payments", "api")))
                .isFalse();
        assertThat(policy.allows(
                        "kms:Decrypt",
                        ARN,
                        call("payments", "api", "kms:EncryptionContext:podseal-trust-domain", "prod.example")))
                .isFalse();
        assertThat(policy.allows("kms:Decrypt", ARN, Map.of())).isFalse();
    }

    @Test
    void oneRoleOfAFleetOpensForEachAccountItsOwn() throws Exception {
        IamPolicy policy = policy("aws-kms://" + ARN, "podseal-open-fleet");

        for (String name : List.of("api", "web")) {
            assertThat(policy.allows("kms:Decrypt", ARN, session(call("payments", name), "payments", name)))
                    .isTrue();
        }
        assertThat(policy.allows("kms:Decrypt", ARN, session(call("payments", "web"), "payments", "api")))
                .isFalse();
        assertThat(policy.allows("kms:Decrypt", ARN, session(call("shop", "api"), "payments", "api")))
                .isFalse();
        assertThat(policy.allows("kms:Encrypt", ARN, session(call("payments", "api"), "payments", "api")))
                .isFalse();
        assertThat(policy.allows("kms:Decrypt", ARN, call("payments", "api")))
                .as("no session tags")
                .isFalse();
        Map<String, String> elsewhere = session(call("payments", "api"), "payments", "api");
        elsewhere.put("aws:PrincipalTag/eks-cluster-arn", "arn:aws:eks:eu-central-1:111122223333:cluster/other");
        assertThat(policy.allows("kms:Decrypt", ARN, elsewhere)).isFalse();
    }

    @Test
    void whoeverSealsMayDoBothForThatAccount() throws Exception {
        IamPolicy policy = policy("aws-kms://" + ARN, "podseal-seal");

        for (String action : List.of("kms:Encrypt", "kms:Decrypt")) {
            assertThat(policy.allows(action, ARN, call("payments", "api"))).isTrue();
            assertThat(policy.allows(action, ARN, call("payments", "web"))).isFalse();
        }
    }

    @Test
    void pairsOfTheKekAreConditionsToo() throws Exception {
        String kek = "aws-kms://" + ARN + "?context.stage=prod&context.team=a%26%22b%22%20$%7Bx%7D";
        for (String name : List.of("podseal-open", "podseal-open-fleet", "podseal-seal")) {
            IamPolicy policy = policy(kek, name);
            Map<String, String> call = call(
                    "payments",
                    "api",
                    "kms:EncryptionContext:stage",
                    "prod",
                    "kms:EncryptionContext:team",
                    "a&\"b\" ${x}");
            assertThat(policy.allows("kms:Decrypt", ARN, session(call, "payments", "api")))
                    .isTrue();
            assertThat(policy.allows("kms:Decrypt", ARN, session(call("payments", "api"), "payments", "api")))
                    .isFalse();
        }
    }

    /** Which no tag can equal: its value is the account in hexadecimal. */
    @Test
    void contextOfTinkHasNoPolicyForAFleet() throws Exception {
        String kek = "aws-kms://" + ARN + "?context=tink";
        String hex =
                "706f647365616c3a76313a6b65797365743a7370696666653a2f2f636c75737465722e6c6f63616c2f6e732f7061796d656e7473"
                        + "2f73612f617069";

        assertThat(policy(kek, "podseal-open")
                        .allows("kms:Decrypt", ARN, Map.of("kms:EncryptionContext:associatedData", hex)))
                .isTrue();
        assertThat(PrintedScript.both(kek)).doesNotContain("PrincipalTag");
    }

    @Test
    void purposesArePrintedApart() {
        ServiceAccount api = PrintedScript.API;
        assertThat(new Grant("aws-kms://" + ARN, api, true, false).text())
                .contains("podseal-open-fleet")
                .doesNotContain("kms:Encrypt\"", "podseal-seal");
        assertThat(new Grant("aws-kms://" + ARN, api, false, true).text())
                .contains("podseal-seal")
                .doesNotContain("podseal-open");
    }
}
