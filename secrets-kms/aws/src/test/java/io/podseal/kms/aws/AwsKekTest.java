// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static io.podseal.ErrorCode.CONFIGURATION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.podseal.kms.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The KEK URI of the specification's section 5, and the encryption context that follows from it. */
final class AwsKekTest {
    private static final byte[] ACCOUNT =
            "podseal:v1:keyset:spiffe://prod.example.com/ns/payments/sa/api.v2".getBytes(UTF_8);

    @Test
    void contextIsTheThreeNamesOfTheAccount() {
        assertThat(AwsKek.parse(FakeAws.KEK).encryptionContext(ACCOUNT))
                .containsOnly(
                        entry("kubernetes-namespace", "payments"),
                        entry("kubernetes-service-account", "api.v2"),
                        entry("podseal-trust-domain", "prod.example.com"));
    }

    @Test
    void pairsOfTheUriAreAdded() {
        String uri = FakeAws.KEK + "?context.stage=prod%20%26%20more&context.caf%C3%A9=1%2B1=2+0&context.empty=";

        // Core's grammar has no second '=' in a value; one that is meant is percent-encoded.
        Refusal.of(CONFIGURATION, () -> AwsKek.parse(uri));
        assertThat(AwsKek.parse(uri.replace("=2+0", "%3D2+0")).encryptionContext(ACCOUNT))
                .hasSize(6)
                .contains(entry("stage", "prod & more"), entry("café", "1+1=2+0"), entry("empty", ""));
    }

    @Test
    void tinkContextIsTheAssociatedDataInHex() {
        assertThat(AwsKek.parse(FakeAws.KEK + "?context=tink").encryptionContext(new byte[] {0, 'a', (byte) 0xff}))
                .containsOnly(entry("associatedData", "0061ff"));
    }

    @Test
    void regionIsThatOfTheArn() {
        assertThat(AwsKek.parse("aws-kms://arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-0a")
                        .region())
                .isEqualTo("us-gov-west-1");
    }

    @Test
    void dataThatIsNoKeysetIsRefusedUnderTheReadableContext() {
        AwsKek kek = AwsKek.parse(FakeAws.KEK);
        for (String other : new String[] {"", "podseal:v1:payments/api", "podseal:v1:keyset:payments/api"}) {
            Refusal.of(CONFIGURATION, () -> kek.encryptionContext(other.getBytes(UTF_8)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k",
                "aws-kms://",
                "aws-kms://alias/payments",
                "aws-kms://arn:aws:kms:eu-central-1:111122223333:alias/payments",
                "aws-kms://1234abcd-12ab-34cd-56ef-1234567890ab",
                "aws-kms://arn:aws:kms::111122223333:key/a",
                "aws-kms://arn:aws:kms:eu-central-1:1:key/a",
                "aws-kms://arn:aws:iam:eu-central-1:111122223333:key/a",
                "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/a/b",
                "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/a#b",
                "aws-kms://user:password@arn:aws:kms:eu-central-1:111122223333:key/a",
                FakeAws.KEK + "?",
                FakeAws.KEK + "?context=hex",
                FakeAws.KEK + "?context=tink&context.a=b",
                FakeAws.KEK + "?context.a",
                FakeAws.KEK + "?context.=b",
                FakeAws.KEK + "?context.a=b&",
                FakeAws.KEK + "?region=us-east-1",
                FakeAws.KEK + "?context.kubernetes-namespace=other",
                FakeAws.KEK + "?context.a=b&context.podseal-trust-domain=other",
                FakeAws.KEK + "?context.kubernetes%2Dnamespace=other",
                FakeAws.KEK + "?context.kubernetes-service%2daccount=other",
                FakeAws.KEK + "?context.a=b&context.%61=c",
                FakeAws.KEK + "?context.a=%",
                FakeAws.KEK + "?context.a=%4",
                FakeAws.KEK + "?context.a=%zz",
                FakeAws.KEK + "?context.a=%C3",
                FakeAws.KEK + "?context.a=%-1",
            })
    void everythingElseIsRefused(String uri) {
        try (AwsKms kms = AwsKms.builder().build()) {
            assertThat(Refusal.of(CONFIGURATION, () -> kms.getAead(uri)).detail())
                    .doesNotContain("password");
        }
    }
}
