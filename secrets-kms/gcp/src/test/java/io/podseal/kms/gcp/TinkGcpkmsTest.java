// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.kms.v1.KeyManagementServiceClient;
import com.google.cloud.kms.v1.KeyManagementServiceSettings;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.integration.gcpkms.GcpKmsAead;
import com.google.crypto.tink.integration.gcpkms.StockGcpKms;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.KeysetUnwrapper;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import io.podseal.store.SecretStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tink's own clients of Google Cloud KMS, handed over as they are, and ours: each opens what the other wrapped. */
final class TinkGcpkmsTest extends CloudKmsTest {
    /** As podseal.kms.clients names it. */
    private static KmsClient supplied;

    private FakeCloudKmsRest rest;
    private KmsClient stock;

    /** A supplier as an application writes it. */
    public static final class StockSupplier implements Supplier<KmsClient> {
        @Override
        public KmsClient get() {
            return supplied;
        }
    }

    @BeforeEach
    void startRest() throws Exception {
        rest = new FakeCloudKmsRest(server);
        stock = StockGcpKms.asking(rest.api(TOKEN));
    }

    @AfterEach
    void stopRest() {
        rest.close();
    }

    @Test
    void tinksClientOpensWhatOursWrapped() {
        TrustedKeyset keyset = Keysets.create(Workload.API, KeyType.AES256_GCM);
        EncryptedKeyset document = Keysets.wrap(keyset, Workload.keks(kms, KEK));
        assertThat(Workload.unwrap(stock, KEK, document).fingerprint()).isEqualTo(keyset.fingerprint());
        assertThat(server.calls).containsExactly("Encrypt " + KEY, "Decrypt " + KEY);
    }

    @Test
    void oursOpensWhatTinksClientWrapped() {
        TrustedKeyset keyset = Keysets.create(Workload.API, KeyType.HPKE_X25519);
        EncryptedKeyset document = Keysets.wrap(keyset, Workload.keks(stock, KEK));
        assertThat(Workload.unwrap(kms, KEK, document).fingerprint()).isEqualTo(keyset.fingerprint());
        assertThat(server.calls).containsExactly("Encrypt " + KEY, "Decrypt " + KEY);
    }

    @Test
    void tinksAeadOverGrpcAndOursAreTheSame() throws Exception {
        try (KeyManagementServiceClient grpc =
                KeyManagementServiceClient.create(KeyManagementServiceSettings.newBuilder()
                        .setEndpoint(server.endpoint())
                        .setCredentialsProvider(() -> credentials(TOKEN))
                        .build())) {
            Aead tinks = GcpKmsAead.builder()
                    .setKeyName(KEY)
                    .setKeyManagementServiceClient(grpc)
                    .build();
            byte[] data = "aad".getBytes(UTF_8);
            byte[] keyset = "keyset".getBytes(UTF_8);
            assertThat(kms.getAead(KEK).decrypt(tinks.encrypt(keyset, data), data))
                    .isEqualTo(keyset);
            assertThat(tinks.decrypt(kms.getAead(KEK).encrypt(keyset, data), data))
                    .isEqualTo(keyset);
        }
    }

    @Test
    void aStoreOpensThroughTinksClientNamedInTheSettings() throws Exception {
        supplied = stock;
        Workload.mount(temp, Workload.keks(kms, KEK), 1);
        server.calls.clear();
        try (SecretStore store = Workload.open(temp, "keks", KEK, "kms.clients", StockSupplier.class.getName())) {
            assertThat(Workload.value(store, "item-0")).isEqualTo("value-0");
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
        EncryptedKeyset document = Workload.wrapped(kms, KEK);
        server.leavingDecrypt = answer -> {
            throw FakeCloudKms.refused(status.toStatus(), Refusal.CANARY);
        };
        KeysetUnwrapper.Listener noSecondRound = new KeysetUnwrapper.Listener() {
            @Override
            public void failed(String kek, PodsealException failure) {
                Thread.currentThread().interrupt();
            }
        };
        KeysetUnwrapper once =
                new KeysetUnwrapper(Workload.keks(stock, KEK), Set.of(), Duration.ofMinutes(1), noSecondRound);
        assertThat(Refusal.of(code, () -> once.unwrap(Workload.API, List.of(document)))
                        .detail())
                .contains(KEK);
        assertThat(Thread.interrupted()).as("the listener heard of it").isTrue();
    }

    /** Why there is an adapter of our own. */
    @Test
    void tinksClientDoesNotNoticeABitThatFlippedOnItsWayAndOursDoes() throws Exception {
        byte[] data = "aad".getBytes(UTF_8);
        byte[] wrapped = kms.getAead(KEK).encrypt("keyset".getBytes(UTF_8), data);
        server.leavingDecrypt = answer -> answer.toBuilder()
                .setPlaintext(ByteString.copyFromUtf8("keysft"))
                .build();
        assertThat(stock.getAead(KEK).decrypt(wrapped, data)).isEqualTo("keysft".getBytes(UTF_8));
        Refusal.of(KMS_UNAVAILABLE, () -> kms.getAead(KEK).decrypt(wrapped, data));
    }
}
