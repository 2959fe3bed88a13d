// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.CONFIGURATION;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.KmsClient;
import io.podseal.Refusal;
import io.podseal.keyset.Keks;
import io.podseal.kms.azure.AzureKms;
import io.podseal.testkit.FakeKms;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which adapters are made for {@code podseal.keks}, and what becomes of them. */
final class AdaptersTest {
    private static final String AWS = "aws-kms://arn:aws:kms:eu-central-1:123456789012:key/x";
    private static final String AZURE = "azure-kv://vault.example/keys/k/1";
    private static final String GCP = "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k";

    /** The application's own client of that AWS key. */
    public static final class OurAws implements Supplier<KmsClient> {
        @Override
        public KmsClient get() {
            return new FakeKms(AWS);
        }
    }

    /** The application's own client, which is closed as an adapter is. */
    public static final class OurAzure implements Supplier<KmsClient> {
        @Override
        public KmsClient get() {
            return AzureKms.of(settings("", ""));
        }
    }

    private static Settings settings(String keks, String clients) {
        Map<String, String> set = new HashMap<>(Map.of("keks", keks, "kms.clients", clients));
        set.values().removeIf(String::isEmpty);
        return Settings.of(set, Duration::parse, AdaptersTest.class.getClassLoader());
    }

    @BeforeEach
    void countAnew() {
        AzureKms.MADE.set(0);
        AzureKms.CLOSED.set(0);
    }

    @Test
    void adapterIsMadeForAKekThatNobodyElseServes() {
        try (Keks keks = settings(AZURE, "").keks()) {
            assertThat(keks.uris()).containsExactly(AZURE);
            assertThat(AzureKms.MADE).hasValue(1);
            assertThat(AzureKms.CLOSED).hasValue(0);
        }
        assertThat(AzureKms.CLOSED).hasValue(1);
        assertThat(Refusal.of(CONFIGURATION, () -> settings(AWS, "").keks()).detail())
                .isEqualTo("a setting of AWS is wrong in Settings[KEKS]");
    }

    @ParameterizedTest
    @ValueSource(strings = {AWS, AWS + "?context=tink"})
    void adapterIsNotMadeWhereAClientHandedInServesItsKeks(String kek) {
        try (Keks keks = settings(kek, OurAws.class.getName()).keks()) {
            assertThat(keks.uris()).containsExactly(kek);
        }
    }

    @Test
    void adapterIsMadeForTheOtherKeksOfItsScheme() {
        Settings settings = settings(AWS + "," + AWS + "-other", OurAws.class.getName());
        assertThat(Refusal.of(CONFIGURATION, settings::keks).detail()).startsWith("a setting of AWS");
    }

    @Test
    void clientsMadeBeforeOneThatFailsAreClosed() {
        Refusal.of(CONFIGURATION, () -> settings(AZURE + "," + AWS, "").keks());
        Refusal.of(
                CONFIGURATION,
                () -> settings(AZURE + "," + AWS, OurAzure.class.getName()).keks());
        Refusal.of(
                CONFIGURATION,
                () -> settings(AZURE, OurAzure.class.getName() + ",com.example.Missing")
                        .keks());
        Refusal.of(CONFIGURATION, () -> settings(AZURE + ",unknown:kek", "").keks());
        assertThat(AzureKms.MADE).hasValue(4);
        assertThat(AzureKms.CLOSED).hasValue(4);
    }

    @Test
    void adapterWithoutItsLibrariesIsNamed() {
        assertThat(Refusal.of(CONFIGURATION, () -> settings(GCP, "").keks()).detail())
                .startsWith("io.podseal:podseal-kms-gcp ")
                .contains("NoClassDefFoundError")
                .doesNotContain("Missing");
    }
}
