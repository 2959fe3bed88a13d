// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.kms.v1.DecryptRequest;
import io.grpc.Status;
import io.podseal.PodsealException;
import io.podseal.kms.ConnectProxy;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import io.podseal.store.SecretStore;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that has nothing but settings, a credentials file and a mount with its values and keyset. */
final class GcpSettingsTest extends CloudKmsTest {

    private FakeTokenEndpoint login;
    private Path mount;
    private Path credentials;

    @BeforeEach
    void seal() throws Exception {
        login = new FakeTokenEndpoint(TOKEN);
        credentials = login.writeCredentials(temp.resolve("credentials.json"));
        mount = Files.createDirectory(temp.resolve("db-credentials"));
        Workload.mount(mount, Workload.keks(kms, KEK), Workload.MANY);
        assertThat(server.calls).as("sealing unwraps nothing").containsExactly("Encrypt " + KEY);
        server.calls.clear();
    }

    @AfterEach
    void end() {
        login.close();
    }

    private SecretStore open(String... changed) {
        return Workload.open(
                mount,
                Map.of(
                        "keks",
                        KEK,
                        "kms.gcp.endpoint",
                        server.endpoint(),
                        "kms.gcp.credentials-file",
                        credentials.toString(),
                        "kms.gcp.connect-timeout",
                        "50s",
                        "kms.gcp.call-timeout",
                        "50s",
                        "kms.deadline",
                        "1m"),
                changed);
    }

    @Test
    void everyValueOpensOnManyThreadsAfterOneUnwrapAndOneLogin() {
        try (SecretStore store = open()) {
            Workload.readMany(store);
        }
        assertThat(server.calls).containsExactly("Decrypt " + KEY);
        assertThat(login.calls).hasValue(1);
    }

    @Test
    void twoDocumentsAreOneUnwrapEach() throws Exception {
        Files.write(
                mount.resolve("second.keyset.json"), Workload.wrapped(kms, KEK).toJson());
        server.calls.clear();
        open().close();
        assertThat(server.calls).isEqualTo(Collections.nCopies(2, "Decrypt " + KEY));
        assertThat(login.calls).hasValue(1);
    }

    @Test
    void aMissingRightIsAskedForOnceAndNamedWithTheKey() throws Exception {
        String sealer = "sealer-" + Refusal.CANARY;
        server.grant(sealer, FakeCloudKms.USE_TO_ENCRYPT, KEY);
        try (FakeTokenEndpoint other = new FakeTokenEndpoint(sealer)) {
            Path file = other.writeCredentials(temp.resolve("other.json"));
            assertThat(Refusal.of(
                                    KMS_DENIED,
                                    () -> open("kms.gcp.credentials-file", file.toString())
                                            .close())
                            .detail())
                    .contains(KEK, "cloudkms.cryptoKeyVersions.useToDecrypt", "PERMISSION_DENIED");
        }
        assertThat(server.calls).hasSize(1);
    }

    @Test
    void aKmsThatIsAwayForAMomentIsAskedAgainByTheCore() {
        AtomicBoolean away = new AtomicBoolean(true);
        server.arrivingDecrypt = request -> {
            if (away.getAndSet(false)) {
                throw FakeCloudKms.refused(Status.UNAVAILABLE, Refusal.CANARY);
            }
            return request;
        };
        open().close();
        assertThat(server.calls).hasSize(2);
    }

    @Test
    void theDeadlineHoldsAboveTheTimeouts() {
        CountDownLatch ended = new CountDownLatch(1);
        server.arrivingDecrypt = request -> hanging(ended, request);
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

    private static DecryptRequest hanging(CountDownLatch ended, DecryptRequest request) {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return request;
    }

    @Test
    void theProxyOfTheSettingsIsTheLoginsToo() throws Exception {
        String[] kmsAddress = server.endpoint().split(":");
        try (ConnectProxy proxy =
                new ConnectProxy(new InetSocketAddress(kmsAddress[0], Integer.parseInt(kmsAddress[1])))) {
            // it is led to the KMS, as every call through this proxy, and gets no token there
            assertThatThrownBy(() -> open("kms.gcp.proxy", proxy.url(), "kms.deadline", "5s")
                            .close())
                    .isInstanceOf(PodsealException.class);
            assertThat(proxy.asked).contains(server.endpoint(), "http://" + login.address() + "/token");
            assertThat(login.calls).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{}", "[]", "{\"type\":\"service_account\"}", "{\"type\":\"" + Refusal.CANARY + "\"}"})
    void aFileThatHoldsNoCredentialsIsAMatterOfConfiguration(String json) throws Exception {
        Files.writeString(credentials, json);
        assertThat(Refusal.of(CONFIGURATION, () -> open().close()).detail())
                .contains("podseal.kms.gcp.credentials-file");
        assertThat(server.calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kms.gcp.endpoint, https://cloudkms.googleapis.com",
        "kms.gcp.proxy, proxy.example.com",
        "kms.gcp.connect-timeout, 0s",
        "kms.gcp.call-timeout, 0s"
    })
    void aSettingThatMakesNoSenseStopsTheStart(String name, String value) {
        assertThat(Refusal.of(CONFIGURATION, () -> open(name, value).close()).detail())
                .contains("podseal." + name);
        assertThat(server.calls).isEmpty();
    }

    @Test
    void closingTheStoreClosesTheConnection() {
        kms.close();
        try (SecretStore store = open()) {
            assertThat(store.current().get("item-0")).isNotNull();
            assertThat(server.connections).hasValue(1);
        }
        Awaitility.await().until(() -> server.connections.get() == 0);
    }
}
