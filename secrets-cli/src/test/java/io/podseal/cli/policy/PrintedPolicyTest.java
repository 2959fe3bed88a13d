// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KekUri;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts of the other KMS, run by a shell, and those of the documentation. */
final class PrintedPolicyTest {
    private static final String GCP =
            "gcp-kms://projects/shop/locations/europe-west3/keyRings/podseal/cryptoKeys/payments-api";
    private static final String AZURE =
            "azure-kv://shop.vault.azure.net/keys/payments-api/0123456789abcdef0123456789abcdef";
    private static final String VAULT = "hcvault://vault.example.com:8200/transit/keys/payments_api";
    private static final Pattern SHOWN = Pattern.compile(
            "\\n    podseal print policy --kek (\\S+) --identity (\\S+)\\n\\n[^`]*```sh\\n(.*?)```\\n", Pattern.DOTALL);

    private static final Pattern POLICY = Pattern.compile("```hcl\\n# (\\S+)\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private PrintedScript run(String kek, boolean opens, boolean seals) throws Exception {
        return PrintedScript.run(folder, new Grant(kek, PrintedScript.API, opens, seals).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws", "gcp", "azure", "pkcs11"})
    void pageShowsWhatIsPrinted(String page) throws Exception {
        Matcher shown = SHOWN.matcher(Files.readString(Path.of("..", "docs", "kms", page + ".md")));

        assertThat(shown.find()).isTrue();
        String kek = shown.group(1).replace("'", "");
        KekUri.requireWellFormed(kek);
        ServiceAccount account = ServiceAccount.parse(shown.group(2), ServiceAccount.DEFAULT_TRUST_DOMAIN);
        assertThat(new Grant(kek, account, true, true).text()).isEqualTo(shown.group(3));
    }

    /** Which are tried there on a real server. */
    @Test
    void pageOfVaultHasTheSamePoliciesAndCommands() throws Exception {
        String page = Files.readString(Path.of("..", "docs", "kms", "vault.md"));
        String rights = page.substring(page.indexOf("## Least rights"), page.indexOf("## Settings"));
        PrintedScript printed = PrintedScript.run(folder, PrintedScript.withAlternative(PrintedScript.both(VAULT)));

        List<MatchResult> policies = POLICY.matcher(rights).results().toList();
        assertThat(policies).hasSize(3);
        for (MatchResult policy : policies) {
            // what the shell puts there is what vault prints, and here that prints nothing
            assertThat(printed.file(policy.group(1))).isEqualTo(policy.group(2).replace("<accessor>", ""));
        }
        String commands = rights.replaceAll("(?s)```.*?```", "")
                .lines()
                .filter(line -> line.startsWith("    "))
                .collect(Collectors.joining("\n"));
        assertThat(PrintedScript.run(folder, commands).commands())
                .hasSizeGreaterThan(5)
                .filteredOn(command -> !command.contains("token"))
                .isSubsetOf(printed.commands());
    }

    @Test
    void bindingsAreOnTheOneCryptoKey() throws Exception {
        String opener = "principal://iam.googleapis.com/projects/<project number of the cluster>/locations/global/"
                + "workloadIdentityPools/<project of the cluster>.svc.id.goog/subject/ns/payments/sa/api";
        List<String> start = List.of(
                "gcloud",
                "kms",
                "keys",
                "add-iam-policy-binding",
                "payments-api",
                "--keyring",
                "podseal",
                "--location",
                "europe-west3",
                "--project",
                "shop",
                "--role");

        assertThat(run(GCP, true, false).commands())
                .singleElement()
                .satisfies(
                        command -> assertThat(command.subList(0, start.size())).isEqualTo(start))
                .satisfies(command -> assertThat(command.subList(start.size(), command.size()))
                        .containsExactly("roles/cloudkms.cryptoKeyDecrypter", "--member", opener));
        assertThat(run(GCP, false, true).commands())
                .extracting(command -> PrintedScript.option(command, "--role"))
                .containsExactly("roles/cloudkms.cryptoKeyEncrypter", "roles/cloudkms.cryptoKeyDecrypter");
    }

    private static List<String> dataActions(String role) {
        JsonObject json = JsonParser.parseString(role).getAsJsonObject();
        assertThat(json.getAsJsonArray("Actions")).isEmpty();
        return json.getAsJsonArray("DataActions").asList().stream()
                .map(action -> action.getAsString())
                .toList();
    }

    @Test
    void rolesAreOfOneActionEachAndAssignedAtTheKey() throws Exception {
        PrintedScript opens = run(AZURE, true, false);
        assertThat(opens.files()).containsExactly("podseal-opener.json");
        assertThat(dataActions(opens.file("podseal-opener.json")))
                .containsExactly("Microsoft.KeyVault/vaults/keys/unwrap/action");
        assertThat(opens.commands())
                .extracting(command -> command.subList(1, 4))
                .containsExactly(
                        List.of("role", "definition", "list"),
                        List.of("role", "definition", "create"),
                        List.of("identity", "create", "--name"),
                        List.of("identity", "federated-credential", "create"),
                        List.of("role", "assignment", "create"));
        assertThat(PrintedScript.option(opens.commands().get(3), "--subject"))
                .isEqualTo("system:serviceaccount:payments:api");
        assertThat(PrintedScript.option(opens.commands().get(4), "--scope"))
                .endsWith("/Microsoft.KeyVault/vaults/shop/keys/payments-api");

        PrintedScript seals = run(AZURE, false, true);
        assertThat(dataActions(seals.file("podseal-sealer.json")))
                .containsExactly("Microsoft.KeyVault/vaults/keys/read");
        assertThat(seals.commands())
                .filteredOn(command -> command.contains("assignment"))
                .extracting(command -> PrintedScript.option(command, "--role"))
                .containsExactly("Podseal sealer", "Podseal opener");
    }

    /** Creating it again under the same name fails. */
    @Test
    void roleThatIsThereIsNotMadeAgain() throws Exception {
        String there = "az() { command az \"$@\"; [ \"$3\" != list ] || echo /subscriptions/x; }\n"
                + new Grant(AZURE, PrintedScript.API, true, true).text();
        assertThat(PrintedScript.run(folder, there).commands())
                .filteredOn(command -> command.contains("definition"))
                .extracting(command -> command.get(3))
                .containsOnly("list");
    }

    /** An identity holds the right of the account that it was made for, and creating it again changes who may take it. */
    @Test
    void eachAccountHasAnIdentityOfItsOwn() throws Exception {
        Set<String> names = new HashSet<>();
        List<ServiceAccount> accounts = List.of(
                PrintedScript.API,
                new ServiceAccount("cluster.local", "a-b", "c"),
                new ServiceAccount("cluster.local", "a", "b-c"),
                new ServiceAccount("cluster.local", "a", "b.c"),
                new ServiceAccount("cluster.local", "a", "b0.c"),
                new ServiceAccount("cluster.local", "n".repeat(63), "s".repeat(253)),
                new ServiceAccount("cluster.local", "n".repeat(63), "s".repeat(252) + "t"));
        for (ServiceAccount account : accounts) {
            PrintedScript script = PrintedScript.run(folder, new Grant(AZURE, account, true, false).text());
            String name = PrintedScript.option(script.commands().get(2), "--name");
            assertThat(name).matches("[A-Za-z0-9][-A-Za-z0-9_]{2,119}");
            assertThat(PrintedScript.option(script.commands().get(3), "--identity-name"))
                    .isEqualTo(name);
            names.add(name);
        }
        assertThat(names).hasSameSizeAs(accounts).contains("payments_api", "a_b__c");
    }

    /** Writing a policy or a role replaces the one of the same name. */
    @Test
    void policyOfAnotherAccountOrKeyHasAnotherName() throws Exception {
        List<String> names = new ArrayList<>();
        for (String key :
                List.of("transit/keys/payments_api", "transit/keys/payments_API", "other/keys/payments_api")) {
            for (String account : List.of("a-b/c", "a/b-c")) {
                Grant grant = new Grant(
                        "hcvault://vault.example.com/" + key,
                        ServiceAccount.parse(account, "cluster.local"),
                        true,
                        true);
                PrintedScript.run(folder, grant.text()).commands().stream()
                        .map(command -> command.get(command.get(1).equals("policy") ? 3 : 2))
                        .forEach(names::add);
            }
        }
        assertThat(names).hasSize(3 * 2 * 3).doesNotHaveDuplicates();
        assertThat(names).allMatch(name -> name.equals(name.toLowerCase(Locale.ROOT)), "Vault folds the case");
    }

    /** Where it writes, it writes a template with the accessor that Vault told, and nothing if it told none. */
    @Test
    void fleetOfVaultIsCommentedOutAndAsksForTheAccessor() throws Exception {
        assertThat(run(VAULT, true, true).files()).doesNotContain("podseal-open.hcl");

        String text = PrintedScript.withAlternative(PrintedScript.both(VAULT));
        PrintedScript told =
                PrintedScript.run(folder, "vault() { [ \"$1\" != read ] || echo auth_kubernetes_1; }\n" + text);
        assertThat(told.file("podseal-open.hcl")).isEqualTo("""
                path "transit/decrypt/{{identity.entity.aliases.auth_kubernetes_1.metadata.service_account_namespace}}_\
                {{identity.entity.aliases.auth_kubernetes_1.metadata.service_account_name}}" {
                  capabilities = ["update"]
                }
                """);
        String failing = "vault() { [ \"$1\" != read ]; }\n(\n" + text + "\n) || :\n";
        assertThat(PrintedScript.run(folder, failing).files()).isNotEmpty().doesNotContain("podseal-open.hcl");
    }

    @Test
    void policiesOfTransitNameOnePathForEachRight() throws Exception {
        PrintedScript script = PrintedScript.run(folder, PrintedScript.withAlternative(PrintedScript.both(VAULT)));
        Grant grant = new Grant(VAULT, PrintedScript.API, true, true);
        assertThat(grant.name("open")).matches("podseal-open_payments_api_[0-9a-f]{16}");
        assertThat(script.file(grant.name("open") + ".hcl")).isEqualTo("""
                path "transit/decrypt/payments_api" {
                  capabilities = ["update"]
                }
                """);
        assertThat(script.file(grant.name("seal") + ".hcl")).isEqualTo("""
                path "transit/encrypt/payments_api" {
                  capabilities = ["update"]
                }
                path "transit/decrypt/payments_api" {
                  capabilities = ["update"]
                }
                """);
        assertThat(script.file("podseal-open.hcl")).contains("service_account_namespace}}_{{identity.entity.aliases.");
        assertThat(script.commands())
                .filteredOn(command -> command.contains("policy"))
                .allSatisfy(command -> assertThat(script.files()).contains(command.get(4)));
        assertThat(script.commands())
                .contains(List.of(
                        "vault",
                        "write",
                        "auth/kubernetes/role/" + grant.name("open"),
                        "bound_service_account_names=api",
                        "bound_service_account_namespaces=payments",
                        "audience=vault",
                        "token_policies=" + grant.name("open"),
                        "token_no_default_policy=true",
                        "token_ttl=10m"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "transit/keys/*",
                "transit/keys/a+",
                "+/keys/a",
                "tr\"ansit/keys/a",
                "transit/keys/a\nb",
                "t/keys/{{x}}"
            })
    void keyThatAPolicyWouldTakeForMoreIsRefused(String key) {
        Grant grant = new Grant("hcvault://vault.example.com/" + key, PrintedScript.API, true, true);
        assertThatThrownBy(grant::text).isInstanceOf(PodsealException.class).hasMessageStartingWith("CONFIGURATION: ");
    }

    @Test
    void keyOfATokenIsMadeWithItsSlotOrItsLabel() throws Exception {
        List<String> bySlot =
                run("pkcs11:slot-id=7;object=a%20kek", true, true).commands().get(0);
        assertThat(PrintedScript.option(bySlot, "--slot")).isEqualTo("7");
        assertThat(PrintedScript.option(bySlot, "--label")).isEqualTo("a kek");
        List<String> byLabel =
                run("pkcs11:token=t;object=kek", true, true).commands().get(0);
        assertThat(PrintedScript.option(byLabel, "--token-label")).isEqualTo("t");
        assertThat(byLabel).contains("--private", "--sensitive");
    }

    /** Nothing of a URI is taken by the shell for more than a word. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/1?context.a=\nEOF\ntouch pwned&context.$(touch pwned)='",
                "pkcs11:object=$(touch pwned)';token='%5C%20touch%20pwned",
                "local-kms:/$(touch pwned)/'; touch pwned; '"
            })
    void uriIsNoCommand(String kek) throws Exception {
        PrintedScript script = PrintedScript.run(folder, PrintedScript.both(kek));
        assertThat(script.files()).allMatch(file -> file.endsWith(".json"));
        assertThat(script.commands()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/--impersonate-service-account=x",
                "gcp-kms://projects/p/locations/l/keyRings/--r/cryptoKeys/k",
                "gcp-kms://projects/p/locations/-l/keyRings/r/cryptoKeys/k",
                "gcp-kms://projects/-p/locations/l/keyRings/r/cryptoKeys/k",
                "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k\n",
                "gcp-kms://projects/$(touch pwned)/locations/`touch pwned`/keyRings/'; touch pwned; '/cryptoKeys/\ntouch pwned",
                "pkcs11:slot-id=1;object=--module",
                "pkcs11:slot-id=1;object=",
                "pkcs11:slot-id=1;object=a%0Ab",
                "pkcs11:slot-id=1;object=a%1B%5B2Kb",
                "pkcs11:slot-id=1;object=a%E2%80%AEb",
                "local-kms:/a\tb"
            })
    void wordThatACommandWouldTakeForMoreIsRefused(String kek) {
        Grant grant = new Grant(kek, PrintedScript.API, true, true);
        assertThatThrownBy(grant::text).isInstanceOf(PodsealException.class).hasMessageStartingWith("CONFIGURATION: ");
    }

    @Test
    void projectOfADomainIsNamed() throws Exception {
        String kek = "gcp-kms://projects/example.com:shop/locations/l/keyRings/r/cryptoKeys/k";
        assertThat(run(kek, true, false).commands())
                .extracting(command -> PrintedScript.option(command, "--project"))
                .containsExactly("example.com:shop");
    }
}
