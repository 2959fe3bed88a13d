// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.kms.Refusal;
import io.podseal.store.Location;
import io.podseal.store.SecretStore;
import io.podseal.store.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An application that has nothing but settings, a federated token and a mount with its values and keyset. */
final class AzureSettingsTest extends KeyVaultTest {
    private static final String CLIENT = "99999999-8888-7777-6666-555555555555";
    private static final String ASSERTION = "federated." + Refusal.CANARY;
    private static final int VALUES = 50;

    private Path mount;
    private Path tokenFile;
    private TrustedKeyset keyset;

    @BeforeEach
    void seal() throws Exception {
        server.identity(CLIENT, ASSERTION, TOKEN);
        tokenFile = Files.writeString(temp.resolve("azure-identity-token"), ASSERTION);
        mount = Files.createDirectory(temp.resolve("db-credentials"));
        keyset = Keysets.create(API, KeyType.AES256_GCM);
        deliver(keyset);
        assertThat(server.calls).as("sealing unwraps nothing").containsExactly(GET);
        server.calls.clear();
        for (int i = 0; i < VALUES; i++) {
            Files.writeString(
                    mount.resolve("password" + i),
                    keyset.sealer()
                            .seal(Scope.item(API, "db-credentials", "password" + i), ("value " + i).getBytes(UTF_8))
                            .token());
        }
    }

    private void deliver(TrustedKeyset wrapped) throws Exception {
        Keks keks = Keks.builder().kek(KEK).client(kms).build();
        Files.write(
                mount.resolve("api.keyset.json"), Keysets.wrap(wrapped, keks).toJson());
    }

    private static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }

    private Settings settings(Map<String, String> more) {
        Map<String, String> flat = new HashMap<>(Map.of(
                "identity",
                "payments/api",
                "keks",
                KEK,
                "refresh.enabled",
                "false",
                "kms.deadline",
                "1m",
                "kms.azure.tenant-id",
                FakeKeyVault.TENANT,
                "kms.azure.client-id",
                CLIENT,
                "kms.azure.token-file",
                tokenFile.toString(),
                "kms.azure.proxy",
                server.proxy().url(),
                "kms.azure.connect-timeout",
                "50s",
                "kms.azure.call-timeout",
                "50s"));
        flat.putAll(more);
        flat.values().removeIf(String::isEmpty);
        return Settings.of(flat, AzureSettingsTest::duration, getClass().getClassLoader());
    }

    private SecretStore open(Map<String, String> more) {
        return settings(more)
                .store(Location.ofValues("podseal:mount:" + mount), null)
                .open();
    }

    private Map<String, String> pinned() {
        return Map.of("keyset-pins", keyset.fingerprint());
    }

    @Test
    void aStoreOpensEveryValueByWorkloadIdentityWithOneUnwrapAndOneLogin() {
        try (SecretStore store = open(pinned())) {
            for (int i = 0; i < VALUES; i++) {
                try (SecretValue value = Objects.requireNonNull(store.current().get("password" + i))) {
                    assertThat(value.revealString()).isEqualTo("value " + i);
                }
            }
        }
        assertThat(server.calls).containsExactly(UNWRAP);
        assertThat(server.logins).containsExactly("POST /" + FakeKeyVault.TENANT + "/oauth2/v2.0/token");
        assertThat(server.proxy().asked).containsOnly(FakeKeyVault.VAULT + ":443", FakeKeyVault.LOGIN + ":443");
    }

    @Test
    void withoutAPinItIsRefusedAndSaysHowToPinIt() {
        assertThat(Refusal.of(KEYSET_POLICY, () -> open(Map.of()).close()).detail())
                .contains(
                        KEK,
                        "anyone can wrap for it",
                        keyset.fingerprint() + ", unverified: compare with what 'podseal keyset create' printed",
                        "podseal.keyset-pins");
        assertThat(server.calls).containsExactly(UNWRAP);
    }

    @Test
    void aKeysetThatSomebodyElseWrappedWithThePublicKeyIsRefused() throws Exception {
        TrustedKeyset forged = Keysets.create(API, KeyType.AES256_GCM);
        deliver(forged);
        assertThat(Refusal.of(KEYSET_POLICY, () -> open(pinned()).close()).detail())
                .contains(forged.fingerprint(), "unverified");
    }

    @Test
    void anotherAccountsKeysetIsRefused() throws Exception {
        ServiceAccount web = new ServiceAccount("cluster.local", "payments", "web");
        Path document = mount.resolve("api.keyset.json");
        String forWeb = Files.readString(document).replace("/sa/api", "/sa/web");
        mount = Files.createDirectory(temp.resolve("web"));
        Files.writeString(mount.resolve("web.keyset.json"), forWeb);
        Files.writeString(
                mount.resolve("password"),
                Keysets.create(web, KeyType.AES256_GCM)
                        .sealer()
                        .seal(Scope.item(web, "web", "password"), new byte[1])
                        .token());
        Refusal.of(
                ErrorCode.AUTHENTICATION,
                () -> open(Map.of("identity", "payments/web")).close());
    }

    @ParameterizedTest
    @CsvSource({
        "400, KMS_DENIED, false",
        "401, KMS_DENIED, false",
        "403, KMS_DENIED, false",
        "429, KMS_THROTTLED, true",
        "500, KMS_UNAVAILABLE, true",
        "503, KMS_UNAVAILABLE, true"
    })
    void aLoginThatRefusesHasItsCodeAfterOneCall(int status, ErrorCode code, boolean retryable) throws Exception {
        byte[] wrapped = kms.getAead(KEK).encrypt(new byte[1], DATA);
        server.loginFault =
                (exchange, answer) -> exchange.getRequestURI().getPath().endsWith("/token")
                        ? new FakeKeyVault.Answer(
                                status,
                                "{\"error\":\"some_error\",\"error_description\":\"AADSTS1: " + Refusal.CANARY
                                        + "\",\"error_codes\":[1]}")
                        : answer;
        try (AzureKms refused = AzureKms.of(settings(Map.of()))) {
            PodsealException refusal =
                    Refusal.of(code, () -> refused.getAead(KEK).decrypt(wrapped, DATA));
            assertThat(refusal.detail()).contains("login", "HTTP " + status);
            assertThat(((PodsealException.Kms) refusal).retryable()).isEqualTo(retryable);
        }
        assertThat(server.logins).hasSize(1);
        assertThat(server.calls).containsExactly(GET);
    }

    @Test
    void aFederatedTokenOfAnotherAccountIsDenied() throws Exception {
        Files.writeString(tokenFile, "another." + Refusal.CANARY);
        assertThat(Refusal.of(ErrorCode.KMS_DENIED, () -> open(pinned()).close())
                        .detail())
                .contains("federated credential");
        assertThat(server.logins).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"kms.azure.tenant-id", "kms.azure.client-id"})
    void aMissingTenantOrClientIsAMatterOfConfiguration(String setting) {
        assertThat(Refusal.of(CONFIGURATION, () -> open(Map.of(setting, "")).close())
                        .detail())
                .contains("podseal.kms.azure.tenant-id");
        assertThat(server.calls).isEmpty();
    }

    @Test
    void aMissingTokenFileIsAMatterOfConfiguration() throws Exception {
        Files.delete(tokenFile);
        assertThat(Refusal.of(CONFIGURATION, () -> open(pinned()).close()).detail())
                .contains("token-file");
        assertThat(server.calls).isEmpty();
    }

    /** In a process of its own, since the environment and an 'az' of this machine may have some. */
    @Test
    void withoutAnyCredentialsItIsAMatterOfConfiguration() throws Exception {
        ProcessBuilder child = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Nobody.class.getName());
        child.environment().clear();
        Process process = child.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(printed).startsWith("CONFIGURATION").contains("azure.workload.identity/use", "token-file");
    }

    /** A process without any credentials, before a vault that asks for some. */
    public static final class Nobody {
        public static void main(String[] args) throws Exception {
            SSLContext.setDefault(FakeKeyVault.TLS.context());
            try (FakeKeyVault vault = new FakeKeyVault();
                    AzureKms kms = AzureKms.builder().proxy(vault.proxy().url()).build()) {
                kms.getAead(KEK).encrypt(new byte[1], DATA);
            } catch (PodsealException e) {
                System.out.println(e.getMessage());
            }
            System.exit(0);
        }
    }
}
