// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.integration.awskms.StockAwsKms;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.KeysetUnwrapper;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.kms.Moto;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import io.podseal.store.Settings;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Beside Tink's own client of AWS KMS, tink-awskms 1.11.0, on one moto. Compiled and run in tink-awskms. */
final class TinkAwskmsIT {
    private static final String TINK = "?context=tink";
    private static final byte[] KEYSET = "a keyset".getBytes(UTF_8);
    private static final byte[] ACCOUNT = Workload.associatedData(Workload.API);

    private final Moto moto = Moto.running();
    private final String kek = moto.kek();
    private final KmsClient stock = stock(moto.url().toString());
    private final AwsKms ours = AwsKms.builder()
            .endpoint(moto.url().toString())
            .credentials(FakeAws.CREDENTIALS)
            .build();

    @AfterEach
    void close() {
        ours.close();
    }

    private static KmsClient stock(String url) {
        return StockAwsKms.at(url, Moto.REGION);
    }

    /** As an application names it in {@code podseal.kms.clients}. */
    public static final class StockClient implements Supplier<KmsClient> {
        @Override
        public KmsClient get() {
            return stock(Moto.running().url().toString());
        }
    }

    private Keks ourKeks() {
        return Keks.builder().kek(kek + TINK).client(ours).build();
    }

    private Keks stockKeks() {
        return Keks.builder().kek(kek + TINK).client(kek + TINK, stock, kek).build();
    }

    @Test
    void whatTinkWrapsWeUnwrap() throws GeneralSecurityException {
        byte[] wrapped = stock.getAead(kek).encrypt(KEYSET, ACCOUNT);

        assertThat(ours.getAead(kek + TINK).decrypt(wrapped, ACCOUNT)).isEqualTo(KEYSET);
        Refusal.of(AUTHENTICATION, () -> ours.getAead(kek).decrypt(wrapped, ACCOUNT));
        Refusal.of(
                AUTHENTICATION, () -> ours.getAead(kek + TINK).decrypt(wrapped, Workload.associatedData(Workload.WEB)));
    }

    @Test
    void whatWeWrapTinkUnwraps() throws GeneralSecurityException {
        byte[] wrapped = ours.getAead(kek + TINK).encrypt(KEYSET, ACCOUNT);

        assertThat(stock.getAead(kek).decrypt(wrapped, ACCOUNT)).isEqualTo(KEYSET);
        assertThatThrownBy(() -> stock.getAead(kek).decrypt(wrapped, Workload.associatedData(Workload.WEB)))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void readableContextIsNotTinks() throws GeneralSecurityException {
        byte[] readable = ours.getAead(kek).encrypt(KEYSET, ACCOUNT);

        assertThatThrownBy(() -> stock.getAead(kek).decrypt(readable, ACCOUNT))
                .isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void documentsOpenWithEitherClient() {
        TrustedKeyset keyset = Keysets.create(Workload.API, KeyType.AES256_GCM);

        assertThat(Workload.unwrapOnce(stockKeks(), Keysets.wrap(keyset, ourKeks()))
                        .fingerprint())
                .isEqualTo(keyset.fingerprint());
        assertThat(Workload.unwrapOnce(ourKeks(), Keysets.wrap(keyset, stockKeks()))
                        .fingerprint())
                .isEqualTo(keyset.fingerprint());
    }

    /** An application's own client goes before the one of our artifact. */
    @Test
    void stockClientIsNamedInTheSettings() {
        TrustedKeyset keyset = Keysets.create(Workload.API, KeyType.AES256_GCM);
        Settings settings = Settings.of(
                Map.of("keks", kek + TINK, "kms.clients", StockClient.class.getName()),
                Workload::duration,
                getClass().getClassLoader());

        assertThat(Workload.unwrapOnce(settings.keks(), Keysets.wrap(keyset, ourKeks()))
                        .fingerprint())
                .isEqualTo(keyset.fingerprint());
    }

    @Test
    void failuresOfTheStockClientAreTakenByTheirCauses() {
        EncryptedKeyset document = Keysets.wrap(Keysets.create(Workload.API, KeyType.AES256_GCM), stockKeks());
        String gone = kek.replaceFirst("key/.*", "key/00000000-0000-0000-0000-000000000000");
        EncryptedKeyset ofNoKey = EncryptedKeyset.parse(
                new String(document.toJson(), UTF_8).replace(kek, gone).getBytes(UTF_8));

        Refusal.of(
                KMS_DENIED,
                () -> Workload.unwrapOnce(
                        Keks.builder()
                                .kek(gone + TINK)
                                .client(gone + TINK, stock, gone)
                                .build(),
                        ofNoKey));
        try (Wire broken = Wire.answering(call -> Wire.http(500, "", "{\"__type\":\"KMSInternalException\"}"))) {
            Keks keks = Keks.builder()
                    .kek(kek + TINK)
                    .client(kek + TINK, stock(broken.url()), kek)
                    .build();
            Refusal.of(
                    KMS_UNAVAILABLE,
                    () -> new KeysetUnwrapper(keks, Set.of(), Duration.ofMillis(100), new KeysetUnwrapper.Listener() {})
                            .unwrap(Workload.API, List.of(document)));
            assertThat(broken.operations()).contains("Decrypt");
        }
    }
}
