// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static io.podseal.ErrorCode.KMS_THROTTLED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of docs/kms/aws.md, a test for each line, on answers of the form that AWS documents. */
final class ClassificationTest {
    private static final String PRINCIPAL = "arn:aws:sts::111122223333:assumed-role/hidden/i-0";

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource(textBlock = """
            400, InvalidCiphertextException, AUTHENTICATION, deliver the document
            400, IncorrectKeyException, AUTHENTICATION, deliver the document
            400, AccessDeniedException, KMS_DENIED, podseal print policy
            400, NotFoundException, KMS_DENIED, 'region, account and id'
            400, DisabledException, KMS_DENIED, kms:EnableKey
            400, KMSInvalidStateException, KMS_DENIED, kms:CancelKeyDeletion
            400, InvalidGrantTokenException, KMS_DENIED, grant
            400, ExpiredTokenException, KMS_DENIED, expired
            403, ExpiredTokenException, KMS_DENIED, expired
            400, UnrecognizedClientException, KMS_DENIED, credentials
            403, InvalidClientTokenId, KMS_DENIED, credentials
            400, MissingAuthenticationTokenException, KMS_DENIED, credentials
            400, InvalidSignatureException, KMS_DENIED, clock
            403, SignatureDoesNotMatch, KMS_DENIED, clock
            400, RequestExpired, KMS_DENIED, clock
            400, ThrottlingException, KMS_THROTTLED, quota
            400, LimitExceededException, KMS_THROTTLED, quota
            429, TooManyRequestsException, KMS_THROTTLED, quota
            500, KMSInternalException, KMS_UNAVAILABLE, health page
            500, KeyUnavailableException, KMS_UNAVAILABLE, health page
            503, DependencyTimeoutException, KMS_UNAVAILABLE, health page
            503, ServiceUnavailableException, KMS_UNAVAILABLE, health page
            400, ValidationException, CONFIGURATION, key ARN
            400, InvalidArnException, CONFIGURATION, key ARN
            400, InvalidKeyUsageException, CONFIGURATION, SYMMETRIC_DEFAULT
            """)
    void everyLineOfTheTable(int status, String awsCode, ErrorCode code, String nextStep) throws IOException {
        PodsealException refusal = refusal(code, FakeAws.error(status, awsCode, PRINCIPAL + " is not welcome"));

        assertThat(refusal.detail())
                .contains("kms:Decrypt", "HTTP " + status, awsCode, "6b0f-11ee", nextStep)
                .doesNotContain("hidden", "welcome");
        assertThat(refusal instanceof PodsealException.Kms kms && kms.retryable())
                .isEqualTo(code == KMS_THROTTLED || code == KMS_UNAVAILABLE);
        assertThat(Files.readString(Path.of("../../docs/kms/aws.md")))
                .as("the table of the documentation")
                .contains("| " + status + " | `" + awsCode + "` | `" + code + "` |");
    }

    static PodsealException refusal(ErrorCode code, byte[] answer) {
        try (Wire wire = Wire.answering(call -> answer);
                AwsKms kms = AwsKms.builder()
                        .endpoint(wire.url())
                        .credentials(FakeAws.CREDENTIALS)
                        .build()) {
            PodsealException refusal = Refusal.of(
                    code, () -> kms.getAead(FakeAws.KEK).decrypt(new byte[100], Workload.associatedData(Workload.API)));
            // A signature may have been wrong because of the clock, which the answer sets.
            assertThat(wire.operations()).hasSize(refusal.detail().contains("signature") ? 2 : 1);
            return refusal;
        }
    }
}
