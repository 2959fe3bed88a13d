// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.AmazonServiceException;
import com.amazonaws.SdkClientException;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.gax.rpc.ApiException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.podseal.ErrorCode;
import io.podseal.Plaintext;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.testkit.FakeKms;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What a foreign client throws becomes one of our codes; what it says stays with it. */
final class KmsFailureTest {
    private static final String WORDS = new String(Plaintext.bytes(), UTF_8) + " arn:aws:iam::1:role/somebody";

    private static PodsealException classified(ErrorCode code, Throwable foreign) {
        PodsealException failure = Refusal.of(code, () -> {
            throw KmsFailure.of("fake-kms://a", foreign);
        });
        assertThat(failure.detail()).startsWith("KEK fake-kms://a: ").doesNotContain("somebody");
        assertThat(failure).hasNoCause();
        return failure;
    }

    @ParameterizedTest
    @CsvSource({
        "InvalidCiphertextException,AUTHENTICATION", "IncorrectKeyException,AUTHENTICATION",
                "AccessDeniedException,KMS_DENIED",
        "NotFoundException,KMS_DENIED", "DisabledException,KMS_DENIED", "KMSInvalidStateException,KMS_DENIED",
        "ExpiredTokenException,KMS_DENIED", "UnrecognizedClientException,KMS_DENIED",
                "ThrottlingException,KMS_THROTTLED",
        "LimitExceededException,KMS_THROTTLED", "KMSInternalException,KMS_UNAVAILABLE",
                "KeyUnavailableException,KMS_UNAVAILABLE",
        "DependencyTimeoutException,KMS_UNAVAILABLE", "ValidationException,CONFIGURATION",
                "InvalidKeyUsageException,CONFIGURATION",
        "SomethingNewException,KMS_UNAVAILABLE"
    })
    void awsIsReadByItsErrorCode(String errorCode, ErrorCode code) {
        AmazonServiceException foreign = new AmazonServiceException(WORDS, errorCode);
        classified(code, foreign);
        classified(code, new GeneralSecurityException(WORDS, foreign));
        classified(code, new AmazonServiceException(WORDS, errorCode) {
            private static final long serialVersionUID = 1L;
        });
        AwsServiceException second = new AwsServiceException(WORDS, new AwsErrorDetails(errorCode));
        classified(code, second);
        classified(code, new GeneralSecurityException(WORDS, second));
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT,AUTHENTICATION",
        "PERMISSION_DENIED,KMS_DENIED",
        "NOT_FOUND,KMS_DENIED",
        "FAILED_PRECONDITION,KMS_DENIED",
        "UNAUTHENTICATED,KMS_DENIED",
        "RESOURCE_EXHAUSTED,KMS_THROTTLED",
        "UNAVAILABLE,KMS_UNAVAILABLE",
        "DEADLINE_EXCEEDED,KMS_UNAVAILABLE",
        "INTERNAL,KMS_UNAVAILABLE",
        "NEW_STATUS,KMS_UNAVAILABLE"
    })
    void googleIsReadByItsStatus(String status, ErrorCode code) {
        classified(code, new ApiException(WORDS, null, () -> status));
        classified(code, new GeneralSecurityException(WORDS, new ApiException(WORDS, null, () -> status)));
        classified(code, new GoogleJsonResponseException(WORDS, Map.of("status", status)));
        classified(code, new StatusRuntimeException(WORDS, new Status(status)));
        classified(code, new GeneralSecurityException(WORDS, new StatusRuntimeException(WORDS, new Status(status))));
        // gax over HTTP keeps the answer that it read as the cause
        classified(code, new ApiException(WORDS, new IOException(WORDS), () -> status));
        classified(
                code,
                new GeneralSecurityException(WORDS, new GoogleJsonResponseException(WORDS, Map.of("status", status))));
    }

    @ParameterizedTest
    @CsvSource({"401, KMS_DENIED", "403, KMS_DENIED", "404, KMS_DENIED", "429, KMS_THROTTLED", "503, KMS_UNAVAILABLE"})
    void googleWithoutABodyIsReadByItsHttpStatus(int status, ErrorCode code) {
        classified(code, new GoogleJsonResponseException(WORDS, null, status));
    }

    @Test
    void foreignExceptionThatCannotBeReadIsUnavailable() {
        classified(ErrorCode.KMS_UNAVAILABLE, new ApiException(WORDS, null, null));
        classified(ErrorCode.KMS_UNAVAILABLE, new GoogleJsonResponseException(WORDS, null));
        classified(ErrorCode.KMS_UNAVAILABLE, new AmazonServiceException(WORDS, null));
        classified(ErrorCode.KMS_UNAVAILABLE, new GeneralSecurityException(new AwsServiceException(WORDS, null)));
        classified(ErrorCode.KMS_UNAVAILABLE, new GeneralSecurityException(new StatusRuntimeException(WORDS, null)));
        classified(ErrorCode.KMS_UNAVAILABLE, new ApiException(WORDS, null, () -> {
            throw new IllegalStateException(WORDS);
        }));
    }

    @Test
    void networkIsUnavailableWhateverIsWrappedAroundIt() {
        for (IOException network : new IOException[] {
            new ConnectException(WORDS),
            new UnknownHostException(WORDS),
            new SocketTimeoutException(WORDS),
            new HttpConnectTimeoutException(WORDS),
            new SSLHandshakeException(WORDS)
        }) {
            assertThat(classified(ErrorCode.KMS_UNAVAILABLE, network).detail())
                    .contains(network.getClass().getName());
            classified(ErrorCode.KMS_UNAVAILABLE, new GeneralSecurityException(WORDS, network));
            classified(ErrorCode.KMS_UNAVAILABLE, new SdkClientException(WORDS, network));
            classified(ErrorCode.KMS_UNAVAILABLE, new ApiException(WORDS, network, () -> "INVALID_ARGUMENT"));
            classified(
                    ErrorCode.KMS_UNAVAILABLE,
                    new GeneralSecurityException(WORDS, new RuntimeException(WORDS, new IOException(WORDS, network))));
        }
        classified(ErrorCode.KMS_UNAVAILABLE, new TimeoutException(WORDS));
    }

    @Test
    void inputAndOutputThatFailedIsNeverTampering() {
        for (IOException transientFailure : new IOException[] {
            new IOException(WORDS),
            new EOFException(WORDS),
            new IOException(WORDS, new StatusRuntimeException(WORDS, new Status("INVALID_ARGUMENT"))),
            new IOException(WORDS, new GeneralSecurityException(WORDS))
        }) {
            classified(ErrorCode.KMS_UNAVAILABLE, transientFailure);
            assertThat(classified(ErrorCode.KMS_UNAVAILABLE, new GeneralSecurityException(WORDS, transientFailure))
                            .detail())
                    .contains(transientFailure.getClass().getName());
            classified(
                    ErrorCode.KMS_UNAVAILABLE,
                    new GeneralSecurityException(WORDS, new UncheckedIOException(WORDS, transientFailure)));
        }
    }

    @Test
    void securityExceptionWithoutAKnownCauseIsAuthentication() {
        classified(ErrorCode.AUTHENTICATION, new GeneralSecurityException(WORDS));
        classified(ErrorCode.AUTHENTICATION, new GeneralSecurityException(WORDS, new IllegalStateException(WORDS)));
    }

    @Test
    void unknownRuntimeExceptionsAndErrorsAreUnavailable() {
        classified(ErrorCode.KMS_UNAVAILABLE, new NullPointerException(WORDS));
        classified(ErrorCode.KMS_UNAVAILABLE, new IllegalArgumentException(WORDS));
        classified(ErrorCode.KMS_UNAVAILABLE, new SdkClientException(WORDS, null));
        classified(ErrorCode.KMS_UNAVAILABLE, new StackOverflowError());
        classified(ErrorCode.KMS_UNAVAILABLE, new NoClassDefFoundError(WORDS));
    }

    @Test
    void endlessCausesEnd() {
        RuntimeException one = new RuntimeException(WORDS);
        one.initCause(new RuntimeException(WORDS, one));
        classified(ErrorCode.KMS_UNAVAILABLE, one);
        Throwable deep = new ConnectException(WORDS);
        for (int i = 0; i < 10_000; i++) {
            deep = new IllegalStateException(WORDS, deep);
        }
        classified(ErrorCode.KMS_UNAVAILABLE, deep);
    }

    @Test
    void twelveCausesAreReadAndNoMore() {
        Throwable twelfth = new ConnectException(WORDS);
        for (int i = 0; i < 11; i++) {
            twelfth = new IllegalStateException(WORDS, twelfth);
        }
        assertThat(classified(ErrorCode.KMS_UNAVAILABLE, twelfth).detail()).contains("ConnectException");
        assertThat(classified(ErrorCode.KMS_UNAVAILABLE, new IllegalStateException(WORDS, twelfth))
                        .detail())
                .doesNotContain("ConnectException");
    }

    @Test
    void ourOwnFailureKeepsItsCodeAndWords() {
        PodsealException.Kms ours =
                ((PodsealException.Kms) ErrorCode.KMS_UNAVAILABLE.because("no such file")).notRetryable();
        PodsealException passed = classified(ErrorCode.KMS_UNAVAILABLE, ours);
        assertThat(passed.detail()).isEqualTo("KEK fake-kms://a: no such file");
        assertThat(((PodsealException.Kms) passed).retryable()).isFalse();
    }

    @Test
    void everyMessageSaysWhatToDo() {
        assertThat(classified(ErrorCode.KMS_DENIED, new AmazonServiceException(WORDS, "AccessDeniedException"))
                        .detail())
                .contains("grant this workload the right to decrypt", "podseal print policy");
        assertThat(classified(ErrorCode.AUTHENTICATION, new GeneralSecurityException(WORDS))
                        .detail())
                .contains("altered", "deliver the document again");
        assertThat(classified(ErrorCode.KMS_UNAVAILABLE, new ConnectException(WORDS))
                        .detail())
                .contains("can be reached");
    }

    @Test
    void foreignWordsDoNotSurviveTheWholeWayEither() {
        FakeKms kms = new FakeKms("fake-kms://a");
        EncryptedKeyset document = Keysets.wrap(Keysets.create(Accounts.API, KeyType.AES256_GCM), Accounts.keks(kms));
        kms.answers((kek, wrapped, associatedData) -> {
            throw new AmazonServiceException(WORDS, "AccessDeniedException");
        });
        PodsealException failure = Refusal.of(ErrorCode.KMS_DENIED, () -> Accounts.unwrap(kms, document));
        assertThat(failure.detail()).doesNotContain("somebody");
    }
}
