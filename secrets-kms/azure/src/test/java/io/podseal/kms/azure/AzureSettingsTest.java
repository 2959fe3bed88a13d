// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import io.podseal.store.SecretStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that has nothing but settings, a federated token and a mount with its values and keyset. */
final class AzureSettingsTest extends KeyVaultTest {
    private static final String CLIENT = "99999999-8888-7777-6666-555555555555";
    private static final String ASSERTION = "federated." + Refusal.CANARY;

    private Path mount;
    private Path tokenFile;
    private String fingerprint;

    @BeforeEach
    void seal() throws Exception {
        server.identity(CLIENT, ASSERTION, TOKEN);
        tokenFile = Files.writeString(temp.resolve("azure-identity-token"), ASSERTION);
        mount = Files.createDirectory(temp.resolve("db-credentials"));
        fingerprint = Workload.mount(mount, Workload.keks(kms, KEK), Workload.MANY);
        assertThat(server.calls).as("sealing unwraps nothing").containsExactly(GET);
        server.calls.clear();
    }

    private SecretStore open(String... changed) {
        return Workload.open(
                mount,
                Map.of(
                        "keks",
                        KEK,
                        "keyset-pins",
                        fingerprint,
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
                        "50s",
                        "kms.deadline",
                        "1m"),
                changed);
    }

    @Test
    void everyValueOpensByWorkloadIdentityOnManyThreadsAfterOneUnwrapAndOneLogin() {
        try (SecretStore store = open()) {
            Workload.readMany(store);
        }
        assertThat(server.calls).containsExactly(UNWRAP);
        assertThat(server.logins).containsExactly("POST /" + FakeKeyVault.TENANT + "/oauth2/v2.0/token");
        assertThat(server.proxy().asked).containsOnly(FakeKeyVault.VAULT + ":443", FakeKeyVault.LOGIN + ":443");
    }

    @Test
    void twoDocumentsAreOneUnwrapEach() throws Exception {
        TrustedKeyset second = Keysets.create(Workload.API, KeyType.AES256_GCM);
        Files.write(
                mount.resolve("second.keyset.json"),
                Keysets.wrap(second, Workload.keks(kms, KEK)).toJson());
        server.calls.clear();
        open("keyset-pins", fingerprint + "," + second.fingerprint()).close();
        assertThat(server.calls).containsExactly(UNWRAP, UNWRAP);
        assertThat(server.logins).hasSize(1);
    }

    @Test
    void withoutAPinItIsRefusedAndSaysHowToPinIt() {
        assertThat(Refusal.of(KEYSET_POLICY, () -> open("keyset-pins", "").close())
                        .detail())
                .contains(
                        KEK,
                        "anyone can wrap for it",
                        fingerprint + ", unverified: compare with what 'podseal keyset create' printed",
                        "podseal.keyset-pins");
        assertThat(server.calls).containsExactly(UNWRAP);
    }

    @Test
    void aKeysetThatSomebodyElseWrappedWithThePublicKeyIsRefused() throws Exception {
        TrustedKeyset forged = Keysets.create(Workload.API, KeyType.AES256_GCM);
        Files.write(
                mount.resolve("api.keyset.json"),
                Keysets.wrap(forged, Workload.keks(kms, KEK)).toJson());
        assertThat(Refusal.of(KEYSET_POLICY, () -> open().close()).detail())
                .contains(forged.fingerprint(), "unverified");
    }

    @Test
    void aKmsThatIsAwayForAMomentIsAskedAgainByTheCore() {
        AtomicBoolean away = new AtomicBoolean(true);
        server.fault = (exchange, answer) -> answer.status() == 200 && away.getAndSet(false)
                ? FakeKeyVault.error(503, "ServiceUnavailable", "words")
                : answer;
        open().close();
        assertThat(server.calls).containsExactly(UNWRAP, UNWRAP);
    }

    @Test
    void theDeadlineHoldsAboveTheTimeouts() {
        CountDownLatch ended = new CountDownLatch(1);
        server.fault = FakeKeyVault.hanging(ended);
        try {
            assertThat(Refusal.of(
                                    KMS_UNAVAILABLE,
                                    () -> open("kms.deadline", "1s").close())
                            .detail())
                    .contains("podseal.kms.deadline");
        } finally {
            ended.countDown();
        }
    }

    @Test
    void aFederatedTokenOfAnotherAccountIsDenied() throws Exception {
        Files.writeString(tokenFile, "another." + Refusal.CANARY);
        assertThat(Refusal.of(KMS_DENIED, () -> open().close()).detail()).contains("federated credential");
        assertThat(server.logins).hasSize(1);
    }

    @Test
    void theTokenFileIsReadAgainAtEachLogin() throws Exception {
        Files.writeString(tokenFile, "expired." + Refusal.CANARY);
        Refusal.of(KMS_DENIED, () -> open().close());
        Files.writeString(tokenFile, ASSERTION);
        open().close();
        assertThat(server.calls).containsExactly(UNWRAP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kms.azure.tenant-id", "kms.azure.client-id", "kms.azure.token-file"})
    void aPartOfWorkloadIdentityIsNotEnough(String setting) {
        assertThat(Refusal.of(CONFIGURATION, () -> open(setting, "").close()).detail())
                .contains("podseal.kms.azure.tenant-id", "client-id", "token-file");
        assertThat(server.calls).isEmpty();
    }

    @Test
    void aMissingTokenFileIsAMatterOfConfiguration() throws Exception {
        Files.delete(tokenFile);
        assertThat(Refusal.of(CONFIGURATION, () -> open().close()).detail()).contains("token-file");
        assertThat(server.calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"kms.azure.proxy, proxy.example.com", "kms.azure.connect-timeout, 0s", "kms.azure.call-timeout, 0s"})
    void aSettingThatMakesNoSenseStopsTheStart(String name, String value) {
        assertThat(Refusal.of(CONFIGURATION, () -> open(name, value).close()).detail())
                .contains("podseal." + name);
        assertThat(server.calls).isEmpty();
    }
}
