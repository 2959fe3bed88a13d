// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.OAuth2Credentials;
import com.google.cloud.kms.v1.KeyManagementServiceClient;
import com.google.cloud.kms.v1.KeyManagementServiceSettings;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.integration.gcpkms.GcpKmsAead;
import com.google.crypto.tink.integration.gcpkms.StockClient;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.podseal.ErrorCode;
import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.KeysetUnwrapper;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.kms.LoopbackTls;
import io.podseal.kms.Refusal;
import io.podseal.store.Location;
import io.podseal.store.SecretStore;
import io.podseal.store.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tink's own clients of Google Cloud KMS, handed over as they are, and ours: each opens what the other wrapped. */
final class StockTinkClientTest {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");
    private static final String KEY = "projects/shop/locations/europe-west3/keyRings/podseal/cryptoKeys/payments-api";
    private static final String KEK = "gcp-kms://" + KEY;
    private static final String TOKEN = "ya29." + Refusal.CANARY;

    /** As podseal.kms.clients names it. */
    private static KmsClient supplied;

    @TempDir
    private Path temp;

    private FakeCloudKms server;
    private FakeCloudKmsRest rest;
    private GcpKms ours;
    private KmsClient stock;

    /** A supplier as an application writes it. */
    public static final class StockSupplier implements Supplier<KmsClient> {
        @Override
        public KmsClient get() {
            return supplied;
        }
    }

    @BeforeEach
    void start() throws Exception {
        FakeCloudKms.TLS.trust();
        server = new FakeCloudKms()
                .key(KEY)
                .grant(TOKEN, FakeCloudKms.USE_TO_ENCRYPT, KEY)
                .grant(TOKEN, FakeCloudKms.USE_TO_DECRYPT, KEY);
        rest = new FakeCloudKmsRest(server);
        stock = StockClient.asking(rest.api(TOKEN));
        ours = GcpKms.builder()
                .endpoint(server.endpoint())
                .connectTimeout(Duration.ofMinutes(1))
                .callTimeout(Duration.ofMinutes(1))
                .credentials(StockTinkClientTest::credentials)
                .build();
    }

    @AfterEach
    void stop() {
        ours.close();
        rest.close();
        server.close();
        LoopbackTls.distrust();
    }

    private static OAuth2Credentials credentials() {
        return OAuth2Credentials.create(new AccessToken(TOKEN, new Date(Long.MAX_VALUE)));
    }

    private static Keks keks(KmsClient client) {
        return Keks.builder().kek(KEK).client(client).build();
    }

    private static TrustedKeyset unwrap(KmsClient client, EncryptedKeyset document) {
        return new KeysetUnwrapper(keks(client), Set.of(), Duration.ofMinutes(1), new KeysetUnwrapper.Listener() {})
                .unwrap(API, List.of(document))
                .get(0);
    }

    @Test
    void tinksClientOpensWhatOursWrapped() {
        TrustedKeyset keyset = Keysets.create(API, KeyType.AES256_GCM);
        EncryptedKeyset document = Keysets.wrap(keyset, keks(ours));
        assertThat(unwrap(stock, document).fingerprint()).isEqualTo(keyset.fingerprint());
        assertThat(server.calls).containsExactly("Encrypt " + KEY, "Decrypt " + KEY);
    }

    @Test
    void oursOpensWhatTinksClientWrapped() {
        TrustedKeyset keyset = Keysets.create(API, KeyType.HPKE_X25519);
        EncryptedKeyset document = Keysets.wrap(keyset, keks(stock));
        assertThat(unwrap(ours, document).fingerprint()).isEqualTo(keyset.fingerprint());
        assertThat(server.calls).containsExactly("Encrypt " + KEY, "Decrypt " + KEY);
    }

    @Test
    void tinksAeadOverGrpcAndOursAreTheSame() throws Exception {
        try (KeyManagementServiceClient grpc =
                KeyManagementServiceClient.create(KeyManagementServiceSettings.newBuilder()
                        .setEndpoint(server.endpoint())
                        .setCredentialsProvider(StockTinkClientTest::credentials)
                        .build())) {
            Aead tinks = GcpKmsAead.builder()
                    .setKeyName(KEY)
                    .setKeyManagementServiceClient(grpc)
                    .build();
            byte[] data = "aad".getBytes(UTF_8);
            byte[] keyset = "keyset".getBytes(UTF_8);
            assertThat(ours.getAead(KEK).decrypt(tinks.encrypt(keyset, data), data))
                    .isEqualTo(keyset);
            assertThat(tinks.decrypt(ours.getAead(KEK).encrypt(keyset, data), data))
                    .isEqualTo(keyset);
        }
    }

    @Test
    void aStoreOpensThroughTinksClientNamedInTheSettings() throws Exception {
        supplied = stock;
        Path mount = Files.createDirectory(temp.resolve("db"));
        TrustedKeyset keyset = Keysets.create(API, KeyType.AES256_GCM);
        Files.write(
                mount.resolve("api.keyset.json"),
                Keysets.wrap(keyset, keks(ours)).toJson());
        Files.writeString(
                mount.resolve("password"),
                keyset.sealer()
                        .seal(Scope.item(API, "db", "password"), "value".getBytes(UTF_8))
                        .token());
        server.calls.clear();
        Settings settings = Settings.of(
                Map.of(
                        "identity",
                        "payments/api",
                        "keks",
                        KEK,
                        "kms.clients",
                        StockSupplier.class.getName(),
                        "refresh.enabled",
                        "false"),
                text -> Duration.parse("PT" + text.toUpperCase(Locale.ROOT)),
                getClass().getClassLoader());
        try (SecretStore store = settings.store(Location.ofValues("podseal:mount:" + mount), null)
                        .open();
                SecretValue value = Objects.requireNonNull(store.current().get("password"))) {
            assertThat(value.revealString()).isEqualTo("value");
        }
        assertThat(server.calls).containsExactly("Decrypt " + KEY);
    }

    /** Which of its failures the core can read, and as what. */
    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, AUTHENTICATION",
        "PERMISSION_DENIED, KMS_DENIED",
        "NOT_FOUND, KMS_DENIED",
        "FAILED_PRECONDITION, KMS_DENIED",
        "UNAUTHENTICATED, KMS_DENIED",
        "RESOURCE_EXHAUSTED, KMS_THROTTLED",
        "UNAVAILABLE, KMS_UNAVAILABLE",
        "INTERNAL, KMS_UNAVAILABLE"
    })
    void tinksClientsFailuresAreClassifiedByTheirStatus(Status.Code status, ErrorCode code) {
        EncryptedKeyset document = Keysets.wrap(Keysets.create(API, KeyType.AES256_GCM), keks(ours));
        server.leavingDecrypt = answer -> {
            throw FakeCloudKms.refused(status.toStatus(), Refusal.CANARY);
        };
        KeysetUnwrapper once =
                new KeysetUnwrapper(keks(stock), Set.of(), Duration.ofMillis(1500), new KeysetUnwrapper.Listener() {});
        assertThat(Refusal.of(code, () -> once.unwrap(API, List.of(document))).detail())
                .contains(KEK);
    }

    /** Why there is an adapter of our own. */
    @Test
    void tinksClientDoesNotNoticeABitThatFlippedOnItsWayAndOursDoes() throws Exception {
        byte[] data = "aad".getBytes(UTF_8);
        byte[] wrapped = ours.getAead(KEK).encrypt("keyset".getBytes(UTF_8), data);
        server.leavingDecrypt = answer -> answer.toBuilder()
                .setPlaintext(ByteString.copyFromUtf8("keysft"))
                .build();
        assertThat(stock.getAead(KEK).decrypt(wrapped, data)).isEqualTo("keysft".getBytes(UTF_8));
        Refusal.of(KMS_UNAVAILABLE, () -> ours.getAead(KEK).decrypt(wrapped, data));
    }
}
