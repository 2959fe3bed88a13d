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
import java.util.List;
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
        PrintedScript printed = run(VAULT, true, true);

        List<MatchResult> policies = POLICY.matcher(rights).results().toList();
        assertThat(policies).hasSize(3);
        for (MatchResult policy : policies) {
            assertThat(printed.file(policy.group(1))).isEqualTo(policy.group(2));
        }
        String commands = rights.replaceAll("(?s)```.*?```", "")
                .lines()
                .filter(line -> line.startsWith("    "))
                .collect(Collectors.joining("\n"));
        assertThat(PrintedScript.run(folder, commands).commands())
                .hasSizeGreaterThan(4)
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
                        List.of("role", "definition", "create"),
                        List.of("identity", "create", "--name"),
                        List.of("identity", "federated-credential", "create"),
                        List.of("role", "assignment", "create"));
        assertThat(PrintedScript.option(opens.commands().get(2), "--subject"))
                .isEqualTo("system:serviceaccount:payments:api");
        assertThat(PrintedScript.option(opens.commands().get(3), "--scope"))
                .endsWith("/Microsoft.KeyVault/vaults/shop/keys/payments-api");

        PrintedScript seals = run(AZURE, false, true);
        assertThat(dataActions(seals.file("podseal-sealer.json")))
                .containsExactly("Microsoft.KeyVault/vaults/keys/read");
        assertThat(seals.commands())
                .filteredOn(command -> command.contains("assignment"))
                .extracting(command -> PrintedScript.option(command, "--role"))
                .containsExactly("Podseal sealer", "Podseal opener");
    }

    @Test
    void policiesOfTransitNameOnePathForEachRight() throws Exception {
        PrintedScript script = run(VAULT, true, true);
        assertThat(script.file("podseal-open-payments-api.hcl")).isEqualTo("""
                path "transit/decrypt/payments_api" {
                  capabilities = ["update"]
                }
                """);
        assertThat(script.file("podseal-seal-payments-api.hcl")).isEqualTo("""
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
                        "auth/kubernetes/role/payments-api",
                        "bound_service_account_names=api",
                        "bound_service_account_namespaces=payments",
                        "audience=vault",
                        "token_policies=podseal-open-payments-api",
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
                "gcp-kms://projects/$(touch pwned)/locations/`touch pwned`/keyRings/'; touch pwned; '/cryptoKeys/\ntouch pwned",
                "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/1?context.a=\nEOF\ntouch pwned&context.$(touch pwned)='",
                "pkcs11:object=$(touch pwned)';token='%0Atouch%20pwned",
                "local-kms:/$(touch pwned)/'; touch pwned; '"
            })
    void uriIsNoCommand(String kek) throws Exception {
        PrintedScript script = PrintedScript.run(folder, PrintedScript.both(kek));
        assertThat(script.files()).allMatch(file -> file.endsWith(".json"));
        assertThat(script.commands()).isNotEmpty();
    }
}
