// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_THROTTLED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.kms.Refusal;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of docs/kms/gcp.md, a test for each line, answered over the wire. */
final class GcpClassificationTest extends CloudKmsTest {
    private static final Set<ErrorCode> RETRIED = EnumSet.of(KMS_THROTTLED, KMS_UNAVAILABLE);

    static Stream<Arguments> table() {
        return Stream.of(
                line(
                        Status.INVALID_ARGUMENT,
                        "Decryption failed: the ciphertext is invalid.",
                        AUTHENTICATION,
                        "altered"),
                line(
                        Status.INVALID_ARGUMENT,
                        "Decryption failed: verify that 'name' refers to the correct CryptoKey.",
                        AUTHENTICATION,
                        "another account or key"),
                line(
                        Status.INVALID_ARGUMENT,
                        "The checksum in field ciphertext_crc32c did not match the data in field ciphertext.",
                        KMS_UNAVAILABLE,
                        "altered on its way"),
                line(Status.PERMISSION_DENIED, "denied on resource", KMS_DENIED, "useToDecrypt"),
                line(Status.NOT_FOUND, "CryptoKey not found.", KMS_DENIED, "location"),
                line(Status.FAILED_PRECONDITION, "current state is: DISABLED.", KMS_DENIED, "disabled"),
                line(Status.FAILED_PRECONDITION, "current state is: DESTROY_SCHEDULED.", KMS_DENIED, "destruction"),
                line(Status.UNAUTHENTICATED, "ACCESS_TOKEN_EXPIRED", KMS_DENIED, "credentials"),
                line(Status.RESOURCE_EXHAUSTED, "Quota exceeded for quota metric", KMS_THROTTLED, "quota"),
                line(Status.UNAVAILABLE, "The service is currently unavailable.", KMS_UNAVAILABLE, "reached"),
                line(Status.DEADLINE_EXCEEDED, "Deadline expired", KMS_UNAVAILABLE, "reached"),
                line(Status.INTERNAL, "Internal error encountered.", KMS_UNAVAILABLE, "no usable answer"),
                line(Status.UNKNOWN, "", KMS_UNAVAILABLE, "no usable answer"),
                line(Status.ABORTED, "", KMS_UNAVAILABLE, "no usable answer"),
                line(Status.CANCELLED, "", KMS_UNAVAILABLE, "no usable answer"),
                line(Status.DATA_LOSS, "", KMS_UNAVAILABLE, "no usable answer"),
                line(Status.OUT_OF_RANGE, "", KMS_UNAVAILABLE, "no usable answer"),
                line(Status.ALREADY_EXISTS, "", KMS_UNAVAILABLE, "no usable answer"),
                line(Status.UNIMPLEMENTED, "HTTP status code 404", CONFIGURATION, "podseal.kms.gcp.endpoint"));
    }

    private static Arguments line(Status status, String text, ErrorCode code, String says) {
        return Arguments.of(status, text, code, says);
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyStatusHasItsCodeAfterOneCall(Status status, String text, ErrorCode code, String says) throws Exception {
        server.leavingDecrypt = answer -> {
            throw FakeCloudKms.refused(status, text + " " + Refusal.CANARY);
        };
        byte[] wrapped = kms.getAead(KEK).encrypt(new byte[] {1}, DATA);
        server.calls.clear();
        PodsealException refusal = Refusal.of(code, () -> kms.getAead(KEK).decrypt(wrapped, DATA));
        assertThat(refusal.detail()).contains(says, status.getCode().name());
        assertThat(refusal instanceof PodsealException.Kms kmsFailure && kmsFailure.retryable())
                .isEqualTo(RETRIED.contains(code));
        assertThat(server.calls).containsExactly("Decrypt " + KEY);
    }

    @Test
    void everyStatusThatGrpcKnowsIsInTheTable() {
        assertThat(table().map(line -> ((Status) line.get()[0]).getCode()).collect(Collectors.toSet()))
                .isEqualTo(EnumSet.complementOf(EnumSet.of(Status.Code.OK)));
    }

    @Test
    void aRequestThatIsRefusedWhenSealingIsAMatterOfTheKey() {
        server.arrivingEncrypt = request -> {
            throw FakeCloudKms.refused(Status.INVALID_ARGUMENT, Refusal.CANARY);
        };
        assertThat(Refusal.of(CONFIGURATION, () -> kms.getAead(KEK).encrypt(new byte[] {1}, DATA))
                        .detail())
                .contains("ENCRYPT_DECRYPT", "8 KiB");
    }

    @Test
    void anUnknownTokenIsDenied() {
        try (GcpKms stranger = client("stranger-" + Refusal.CANARY).build()) {
            Refusal.of(KMS_DENIED, () -> stranger.getAead(KEK).decrypt(new byte[40], DATA));
        }
    }

    @Test
    void anotherProjectOrLocationIsDenied() {
        String elsewhere = KEY.replace("europe-west3", "us-east1");
        server.grant(TOKEN, FakeCloudKms.USE_TO_DECRYPT, elsewhere);
        assertThat(Refusal.of(
                                KMS_DENIED,
                                () -> kms.getAead("gcp-kms://" + elsewhere).decrypt(new byte[40], DATA))
                        .detail())
                .contains("location");
        Refusal.of(KMS_DENIED, () -> kms.getAead(KEK.replace("shop", "other")).decrypt(new byte[40], DATA));
    }
}
