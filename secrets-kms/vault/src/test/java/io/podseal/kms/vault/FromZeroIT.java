// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.podseal.ErrorCode;
import io.podseal.ServiceAccount;
import io.podseal.kms.OpenBao;
import io.podseal.kms.Page;
import io.podseal.kms.RealPart;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import io.podseal.store.SecretStore;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page's commands, from zero, on a real server that asks a real API server about the tokens of its accounts. */
@ControlPlane
class FromZeroIT {
    /** Policies with their file's name, and commands. */
    private static final Pattern STEP = Pattern.compile(
            "^```hcl\\n# (\\S+)\\n(.*?)^```|^ +((?:vault|kubectl) (?:[^\\n]*\\\\\\n)*[^\\n]*)$",
            Pattern.MULTILINE | Pattern.DOTALL);

    private static final Duration LIFETIME = Duration.ofMinutes(10);

    @TempDir
    private static Path folder;

    private static LocalControlPlane plane;
    private static OpenBao bao;
    private static String kek;

    @TempDir
    private Path work;

    @BeforeAll
    static void pageIsFollowed(LocalControlPlane controlPlane) throws IOException {
        plane = controlPlane;
        bao = OpenBao.start();
        bao.delete("sys/mounts/transit");
        kek = bao.kek("payments_api");
        Files.copy(plane.caFile(), folder.resolve("ca.crt"));
        plane.createNamespace("payments");
        for (ServiceAccount account : List.of(Workload.API, Workload.WEB)) {
            plane.createServiceAccount(account);
        }
        for (MatchResult step : STEP.matcher(Page.text()).results().toList()) {
            if (step.group(1) != null) {
                Files.writeString(folder.resolve(step.group(1)), step.group(2).replace("<accessor>", accessor()));
            } else {
                run(step.group(3).replace("<API server>", plane.apiServer().toString()));
            }
        }
    }

    private static String accessor() {
        return bao.read("sys/auth")
                .getAsJsonObject("data")
                .getAsJsonObject("kubernetes/")
                .get("accessor")
                .getAsString();
    }

    private static void run(String command) {
        Map<String, String> environment = new HashMap<>(bao.environment());
        environment.put("KUBECONFIG", plane.kubeconfig().toString());
        String programs = """
                vault() { '%s' "$@"; }
                kubectl() { '%s' "$@"; }
                cd '%s'
                """.formatted(OpenBao.program(), plane.kubectlProgram(), folder);
        RealPart.run(environment, "sh", "-ec", programs + command);
    }

    private static VaultKms sealing() {
        return VaultKms.builder()
                .auth(VaultAuth.token(folder.resolve("sealer.token")))
                .caFile(bao.caFile())
                .build();
    }

    private VaultKms opening(ServiceAccount account, String role, String... audiences) throws IOException {
        return VaultKms.builder()
                .auth(VaultAuth.kubernetes("kubernetes", role, token(account, audiences)))
                .caFile(bao.caFile())
                .build();
    }

    private Path token(ServiceAccount account, String... audiences) throws IOException {
        return Files.writeString(work.resolve("token"), plane.token(account, LIFETIME, audiences));
    }

    @Test
    void applicationOpensItsValuesWithOneLoginAndOneDecryption() throws Exception {
        Path mount = Files.createDirectory(work.resolve("db"));
        Workload.mount(mount, Workload.keks(sealing(), kek), Workload.MANY);
        int logins = bao.requests("auth/kubernetes/login").size();
        int decryptions = bao.requests("transit/decrypt/payments_api").size();
        Path token = token(Workload.API, "vault");
        try (SecretStore store = Workload.open(
                mount,
                "keks[0]",
                kek,
                "kms.vault.role",
                "podseal",
                "kms.vault.token-file",
                token.toString(),
                "kms.vault.ca-file",
                bao.caFile().toString())) {
            Workload.readMany(store);
        }
        assertThat(bao.requests("auth/kubernetes/login")).hasSize(logins + 1);
        List<JsonObject> asked = bao.requests("transit/decrypt/payments_api");
        assertThat(asked).hasSize(decryptions + 1);

        // what the page says of the audit log
        JsonObject record = asked.get(decryptions);
        JsonObject metadata = record.getAsJsonObject("auth").getAsJsonObject("metadata");
        assertThat(metadata.get("service_account_namespace").getAsString()).isEqualTo("payments");
        assertThat(metadata.get("service_account_name").getAsString()).isEqualTo("api");
        assertThat(Files.readString(bao.auditLog()))
                .doesNotContain(Files.readString(token))
                .doesNotContain(Files.readString(folder.resolve("sealer.token")).strip())
                .doesNotContain("vault:v1:");
    }

    @Test
    void onePolicyKeepsAllAccountsApart() throws Exception {
        bao.write("transit/keys/payments_web", "{'type':'aes256-gcm96'}");
        byte[] wrapped = sealing().getAead(kek).encrypt(new byte[5], new byte[1]);
        assertThat(opening(Workload.API, "podseal", "vault").getAead(kek).decrypt(wrapped, new byte[1]))
                .hasSize(5);
        VaultKms web = opening(Workload.WEB, "podseal", "vault");
        assertThat(Refusal.of(ErrorCode.KMS_DENIED, () -> web.getAead(kek).decrypt(wrapped, new byte[1]))
                        .detail())
                .contains("transit/decrypt/payments_api (HTTP 403)");
        // its own it may ask
        Refusal.of(
                ErrorCode.AUTHENTICATION,
                () -> web.getAead(bao.kek("payments_web")).decrypt(wrapped, new byte[1]));
    }

    @Test
    void roleOfOneAccountTakesNoOther() throws Exception {
        Matcher written =
                Pattern.compile("auth/kubernetes/role/(\\S+_payments_api_\\S+)").matcher(Page.text());
        assertThat(written.find()).isTrue();
        String role = written.group(1);
        byte[] wrapped = sealing().getAead(kek).encrypt(new byte[5], new byte[1]);
        assertThat(opening(Workload.API, role, "vault").getAead(kek).decrypt(wrapped, new byte[1]))
                .hasSize(5);
        VaultKms web = opening(Workload.WEB, role, "vault");
        assertThat(Refusal.of(ErrorCode.KMS_DENIED, () -> web.getAead(kek).decrypt(wrapped, new byte[1]))
                        .detail())
                .contains("auth/kubernetes/login (HTTP 403)", "role's bounds");
    }

    @Test
    void tokenForTheApiServerIsRefused() throws Exception {
        VaultKms other = opening(Workload.API, "podseal");
        assertThat(Refusal.of(
                                ErrorCode.KMS_DENIED,
                                () -> other.getAead(kek).decrypt("vault:v1:AAAA".getBytes(UTF_8), new byte[1]))
                        .detail())
                .contains("auth/kubernetes/login (HTTP 403)", "audience");
    }

    @Test
    void rightToOpenIsNoRightToSeal() throws Exception {
        VaultKms api = opening(Workload.API, "podseal", "vault");
        Refusal.of(ErrorCode.KMS_DENIED, () -> api.getAead(kek).encrypt(new byte[5], new byte[1]));
    }

    @Test
    void unknownRoleIsConfiguration() throws Exception {
        VaultKms api = opening(Workload.API, "nobody", "vault");
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> api.getAead(kek).encrypt(new byte[5], new byte[1]))
                        .detail())
                .contains("auth/kubernetes/login (HTTP 400)", "podseal.kms.vault.role");
    }
}
