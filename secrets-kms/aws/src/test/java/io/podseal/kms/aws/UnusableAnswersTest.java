// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.PodsealException;
import io.podseal.kms.LoopbackTls;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes back, or does not, where AWS KMS should answer. */
final class UnusableAnswersTest {
    private static final byte[] KEYSET = "the keyset, which no message may show".getBytes(UTF_8);
    private static final byte[] ACCOUNT = Workload.associatedData(Workload.API);

    private static AwsKms.Builder client(Wire wire) {
        return AwsKms.builder().endpoint(wire.url()).credentials(FakeAws.CREDENTIALS);
    }

    private static byte[] decrypt(AwsKms kms) throws Exception {
        return kms.getAead(FakeAws.KEK).decrypt(new byte[100], ACCOUNT);
    }

    private static PodsealException unavailable(byte[] answer) {
        PodsealException refusal = ClassificationTest.refusal(KMS_UNAVAILABLE, answer);
        assertThat(refusal.detail()).contains("podseal.kms.aws.endpoint").doesNotContain("no message may show");
        return refusal;
    }

    @Test
    void rightAnswerIsTaken() throws Exception {
        try (Wire wire = Wire.answering(call -> FakeAws.decrypted(FakeAws.ARN, KEYSET));
                AwsKms kms = client(wire).build()) {
            assertThat(decrypt(kms)).isEqualTo(KEYSET);
            assertThat(wire.operations()).containsExactly("Decrypt");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"KeyId\":\"" + FakeAws.ARN + "\"}", "{\"Plaintext\":\"QUJD\"}", "[]", "null", ""})
    void answerWithoutKeyOrContentIsUnavailable(String body) {
        unavailable(Wire.http(200, "", body));
    }

    @Test
    void emptyPlaintextIsUnavailable() {
        unavailable(FakeAws.decrypted(FakeAws.ARN, new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>please log in</html>", "{\"KeyId\":", "\u0000\u0001", "{\"Plaintext\":\"*\"}"})
    void answerThatIsNotOfTheProtocolIsUnavailable(String body) {
        unavailable(Wire.http(200, "", body));
    }

    @Test
    void errorThatIsNotOfTheProtocolIsUnavailable() {
        unavailable(Wire.http(502, "", "<html>bad gateway</html>"));
        unavailable(Wire.http(403, "", "<html>blocked</html>"));
        assertThat(unavailable(Wire.http(401, "WWW-Authenticate: Basic realm=x\r\n", ""))
                        .detail())
                .contains("HTTP 401, request ");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectIsNotFollowed(int status) {
        try (Wire elsewhere = Wire.answering(call -> FakeAws.decrypted(FakeAws.ARN, KEYSET))) {
            PodsealException refusal = unavailable(Wire.http(status, "Location: " + elsewhere.url() + "/\r\n", ""));
            assertThat(refusal.detail()).contains("HTTP " + status, "redirect");
            assertThat(elsewhere.calls()).isEmpty();
        }
    }

    @Test
    void answerOfAnotherKeyIsRefusedForGood() throws Exception {
        String another = FakeAws.ARN.replace("1234abcd", "9999abcd");

        PodsealException refusal = ClassificationTest.refusal(AUTHENTICATION, FakeAws.decrypted(another, KEYSET));

        assertThat(refusal.detail()).contains("another key").doesNotContain("9999abcd");
        try (Wire wire = Wire.answering(call -> FakeAws.encrypted(another, KEYSET));
                AwsKms kms = client(wire).build()) {
            Aead key = kms.getAead(FakeAws.KEK);
            assertThat(Refusal.of(AUTHENTICATION, () -> key.encrypt(KEYSET, ACCOUNT))
                            .detail())
                    .contains("kms:Encrypt", "another key");
        }
    }

    @Test
    void oversizedAnswerIsCutOff() {
        String padding = "x".repeat(100_000);
        unavailable(Wire.http(
                200, "", "{\"KeyId\":\"" + FakeAws.ARN + "\",\"Plaintext\":\"QUJD\",\"x\":\"" + padding + "\"}"));
        unavailable(Wire.http(400, "", "{\"__type\":\"DisabledException\",\"message\":\"" + padding + "\"}"));
    }

    @Test
    void truncatedAnswerIsUnavailable() {
        byte[] whole = FakeAws.decrypted(FakeAws.ARN, KEYSET);
        for (int cut : new int[] {1, 40, whole.length / 2, whole.length - 1}) {
            unavailable(Arrays.copyOf(whole, cut));
        }
    }

    @Test
    void closedConnectionIsOneCallAndNotSentAgain() throws Exception {
        try (Wire wire = Wire.answering(call -> new byte[0]);
                AwsKms kms = client(wire).build()) {
            Refusal.of(KMS_UNAVAILABLE, () -> decrypt(kms));
            Refusal.of(KMS_UNAVAILABLE, () -> decrypt(kms));
            assertThat(wire.operations()).containsExactly("Decrypt", "Decrypt");
        }
    }

    @Test
    void serverThatIsNotThereIsUnavailable() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (AwsKms kms = AwsKms.builder()
                .endpoint("http://127.0.0.1:" + port)
                .credentials(FakeAws.CREDENTIALS)
                .build()) {
            assertThat(Refusal.of(KMS_UNAVAILABLE, () -> decrypt(kms)).detail()).contains("ConnectException");
        }
    }

    @Test
    void unknownHostPointsAtTheRegion() {
        try (AwsKms kms = AwsKms.builder()
                .endpoint("https://kms.nowhere.invalid")
                .credentials(FakeAws.CREDENTIALS)
                .build()) {
            assertThat(Refusal.of(KMS_UNAVAILABLE, () -> decrypt(kms)).detail())
                    .contains("UnknownHostException", "region", "podseal.kms.aws.endpoint");
        }
    }

    @Test
    void silentServerIsGivenUpAfterTheCallTimeout() {
        CountDownLatch never = new CountDownLatch(1);
        try (Wire wire = Wire.answering(call -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return new byte[0];
                });
                AwsKms kms = client(wire).callTimeout(Duration.ofMillis(300)).build()) {
            assertThat(Refusal.of(KMS_UNAVAILABLE, () -> decrypt(kms)).detail())
                    .contains("podseal.kms.aws.call-timeout");
            assertThat(wire.operations()).containsExactly("Decrypt");
        } finally {
            never.countDown();
        }
    }

    @Test
    void untrustedCertificateIsUnavailableAndPointsAtTheTrustStore() throws Exception {
        try (Wire wire = Wire.withTls(
                        LoopbackTls.of("dns:localhost").context().getServerSocketFactory(),
                        call -> FakeAws.decrypted(FakeAws.ARN, KEYSET));
                AwsKms kms = client(wire).build()) {
            assertThat(Refusal.of(KMS_UNAVAILABLE, () -> decrypt(kms)).detail()).contains("certificate", "trust store");
            assertThat(wire.calls()).isEmpty();
        }
    }

    private static String date(Duration ahead) {
        return "Date: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        ZonedDateTime.now(ZoneOffset.UTC).plus(ahead)) + "\r\n";
    }

    /** An answer that refuses a signature because of the caller's clock, and says what time it is. */
    private static byte[] clockRefusal(Duration ahead) {
        return Wire.http(
                400,
                date(ahead),
                "{\"__type\":\"InvalidSignatureException\",\"message\":\"Signature expired: " + Refusal.CANARY + "\"}");
    }

    private static ZonedDateTime signedAt(Wire.Call call) {
        return ZonedDateTime.parse(
                call.headers().get("x-amz-date"),
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX").withZone(ZoneOffset.UTC));
    }

    @Test
    void clockThatIsWrongIsSetByTheAnswerAndTheCallMadeOnceMore() throws Exception {
        AtomicInteger count = new AtomicInteger();
        Function<Wire.Call, byte[]> answers = call -> count.incrementAndGet() == 1
                ? clockRefusal(Duration.ofHours(5))
                : FakeAws.decrypted(FakeAws.ARN, KEYSET);
        try (Wire wire = Wire.answering(answers);
                AwsKms kms = client(wire).build()) {
            assertThat(decrypt(kms)).isEqualTo(KEYSET);
            assertThat(decrypt(kms)).isEqualTo(KEYSET);

            assertThat(wire.operations()).containsExactly("Decrypt", "Decrypt", "Decrypt");
            assertThat(wire.calls().subList(1, 3))
                    .allSatisfy(call -> assertThat(Duration.between(ZonedDateTime.now(ZoneOffset.UTC), signedAt(call)))
                            .isBetween(Duration.ofHours(4), Duration.ofHours(5)));
        }
    }

    @Test
    void clockThatIsStillWrongIsDeniedAfterTheSecondCall() {
        try (Wire wire = Wire.answering(call -> clockRefusal(Duration.ofHours(5)));
                AwsKms kms = client(wire).build()) {
            assertThat(Refusal.of(KMS_DENIED, () -> decrypt(kms)).detail()).contains("clock");
            assertThat(wire.operations()).containsExactly("Decrypt", "Decrypt");
        }
    }

    /** The SDK keeps the time that it learned for the whole process. */
    @AfterEach
    void setTheClockRight() {
        try (Wire wire = Wire.answering(call -> clockRefusal(Duration.ZERO));
                AwsKms kms = client(wire).build()) {
            Refusal.of(KMS_DENIED, () -> decrypt(kms));
        }
    }
}
