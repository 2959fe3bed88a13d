// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that has nothing but settings, a credentials file and a mount with its values and keyset. */
final class GcpSettingsTest extends CloudKmsTest {
    private static final int VALUES = 50;

    private FakeTokenEndpoint login;
    private Path mount;
    private Path credentials;

    @BeforeEach
    void seal() throws Exception {
        login = new FakeTokenEndpoint(TOKEN);
        credentials = login.writeCredentials(temp.resolve("credentials.json"));
        mount = Files.createDirectory(temp.resolve("db-credentials"));
        TrustedKeyset keyset = Keysets.create(API, KeyType.AES256_GCM);
        Keks keks = Keks.builder().kek(KEK).client(kms).build();
        Files.write(mount.resolve("api.keyset.json"), Keysets.wrap(keyset, keks).toJson());
        assertThat(server.calls).as("sealing unwraps nothing").containsExactly("Encrypt " + KEY);
        server.calls.clear();
        for (int i = 0; i < VALUES; i++) {
            Files.writeString(
                    mount.resolve("password" + i),
                    keyset.sealer()
                            .seal(Scope.item(API, "db-credentials", "password" + i), ("value " + i).getBytes(UTF_8))
                            .token());
        }
    }

    @AfterEach
    void end() {
        login.close();
    }

    private static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }

    private SecretStore open(Map<String, String> more) {
        return settings(more)
                .store(Location.ofValues("podseal:mount:" + mount), null)
                .open();
    }

    private Settings settings(Map<String, String> more) {
        Map<String, String> flat = new HashMap<>(Map.of(
                "identity", "payments/api",
                "keks", KEK,
                "refresh.enabled", "false",
                "kms.deadline", "1m",
                "kms.gcp.endpoint", server.endpoint(),
                "kms.gcp.credentials-file", credentials.toString(),
                "kms.gcp.connect-timeout", "50s",
                "kms.gcp.call-timeout", "50s"));
        flat.putAll(more);
        return Settings.of(flat, GcpSettingsTest::duration, getClass().getClassLoader());
    }

    @Test
    void aStoreOpensEveryValueWithOneUnwrapAndOneLogin() {
        try (SecretStore store = open(Map.of())) {
            for (int i = 0; i < VALUES; i++) {
                try (SecretValue value = Objects.requireNonNull(store.current().get("password" + i))) {
                    assertThat(value.revealString()).isEqualTo("value " + i);
                }
            }
        }
        assertThat(server.calls).containsExactly("Decrypt " + KEY);
        assertThat(login.calls).hasValue(1);
    }

    @Test
    void twoDocumentsAreOneUnwrapEach() throws Exception {
        TrustedKeyset second = Keysets.create(API, KeyType.AES256_GCM);
        Keks keks = Keks.builder().kek(KEK).client(kms).build();
        Files.write(
                mount.resolve("second.keyset.json"), Keysets.wrap(second, keks).toJson());
        server.calls.clear();
        open(Map.of()).close();
        assertThat(server.calls).isEqualTo(Collections.nCopies(2, "Decrypt " + KEY));
        assertThat(login.calls).hasValue(1);
    }

    @Test
    void anotherAccountsKeysetIsRefusedByTheKmsItself() throws Exception {
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
        PodsealException refusal = Refusal.of(
                AUTHENTICATION, () -> open(Map.of("identity", "payments/web")).close());
        assertThat(refusal.detail()).contains(KEK);
    }

    @Test
    void aMissingRightNamesItAndTheKeyAndIsAskedForOnce() {
        String opener = "nobody-" + Refusal.CANARY;
        server.grant(opener, FakeCloudKms.USE_TO_ENCRYPT, KEY);
        try (FakeTokenEndpoint other = new FakeTokenEndpoint(opener)) {
            Path file = other.writeCredentials(temp.resolve("other.json"));
            assertThat(Refusal.of(
                                    KMS_DENIED,
                                    () -> open(Map.of("kms.gcp.credentials-file", file.toString()))
                                            .close())
                            .detail())
                    .contains(KEK, "cloudkms.cryptoKeyVersions.useToDecrypt", "PERMISSION_DENIED");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        assertThat(server.calls).hasSize(1);
    }

    @Test
    void missingCredentialsAreAMatterOfConfiguration() {
        assertThat(Refusal.of(
                                CONFIGURATION,
                                () -> open(Map.of(
                                                "kms.gcp.credentials-file",
                                                temp.resolve("absent").toString()))
                                        .close())
                        .detail())
                .contains("podseal.kms.gcp.credentials-file", "NoSuchFileException");
        assertThat(server.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "[]", "{\"type\":\"service_account\"}", "{\"type\":\"canary-Zw7qP9xL2\"}"})
    void aFileThatHoldsNoCredentialsIsAMatterOfConfiguration(String json) throws Exception {
        Files.writeString(credentials, json);
        assertThat(Refusal.of(CONFIGURATION, () -> open(Map.of()).close()).detail())
                .contains("podseal.kms.gcp.credentials-file");
        assertThat(server.calls).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"400, KMS_DENIED", "401, KMS_DENIED", "403, KMS_DENIED"})
    void aLoginThatIsRefusedIsDeniedAndNotRetried(int status, ErrorCode code) {
        login.status = status;
        assertThat(Refusal.of(code, () -> open(Map.of()).close()).detail()).contains("credentials", "clock");
        assertThat(server.calls).isEmpty();
    }

    @Test
    void aLoginThatIsDownIsUnavailableAndRetriedByTheCoreOnly() {
        login.status = 503;
        try (GcpKms down = GcpKms.of(settings(Map.of()))) {
            PodsealException refusal =
                    Refusal.of(KMS_UNAVAILABLE, () -> down.getAead(KEK).decrypt(new byte[40], DATA));
            assertThat(((PodsealException.Kms) refusal).retryable()).isTrue();
        }
        assertThat(login.calls).hasValue(1);
        assertThat(server.calls).isEmpty();
    }

    @Test
    void closingTheStoreClosesTheConnection() {
        kms.close();
        try (SecretStore store = open(Map.of())) {
            assertThat(store.current().get("password0")).isNotNull();
            assertThat(server.connections).hasValue(1);
        }
        Awaitility.await().until(() -> server.connections.get() == 0);
    }
}
