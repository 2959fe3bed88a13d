// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.kms.v1.DecryptResponse;
import com.google.cloud.kms.v1.EncryptResponse;
import com.google.protobuf.ByteString;
import io.podseal.PodsealException;
import io.podseal.kms.ConnectProxy;
import io.podseal.kms.Listening;
import io.podseal.kms.LoopbackTls;
import io.podseal.kms.Refusal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens between this process and Google Cloud KMS: bits that flip, answers that are not one, a wire that is not there. */
final class GcpWireTest extends CloudKmsTest {
    private static ByteString flipped(ByteString bytes) {
        byte[] altered = bytes.toByteArray();
        altered[altered.length - 1] ^= 1;
        return ByteString.copyFrom(altered);
    }

    private byte[] wrapped() throws Exception {
        return kms.getAead(KEK).encrypt(new byte[] {1, 2, 3}, DATA);
    }

    private PodsealException.Kms unavailableDecrypt() throws Exception {
        byte[] wrapped = wrapped();
        return (PodsealException.Kms)
                Refusal.of(KMS_UNAVAILABLE, () -> kms.getAead(KEK).decrypt(wrapped, DATA));
    }

    private PodsealException.Kms unavailableEncrypt() {
        return (PodsealException.Kms) Refusal.of(
                KMS_UNAVAILABLE, () -> kms.getAead(KEK).encrypt(new byte[] {1}, DATA));
    }

    @Test
    void aBitThatFlipsOnTheWayToTheKmsIsFound() throws Exception {
        server.arrivingEncrypt = request -> request.toBuilder()
                .setPlaintext(flipped(request.getPlaintext()))
                .build();
        assertThat(unavailableEncrypt().detail()).contains("altered on its way");
        server.arrivingEncrypt = request -> request.toBuilder()
                .setAdditionalAuthenticatedData(flipped(request.getAdditionalAuthenticatedData()))
                .build();
        assertThat(unavailableEncrypt().detail()).contains("altered on its way");
        server.arrivingEncrypt = request -> request;
        server.arrivingDecrypt = request -> request.toBuilder()
                .setCiphertext(flipped(request.getCiphertext()))
                .build();
        assertThat(unavailableDecrypt().detail()).contains("altered on its way");
        server.arrivingDecrypt = request -> request.toBuilder()
                .setAdditionalAuthenticatedData(flipped(request.getAdditionalAuthenticatedData()))
                .build();
        assertThat(unavailableDecrypt().detail()).contains("altered on its way");
    }

    static Stream<Named<UnaryOperator<DecryptResponse>>> unusableDecryptAnswers() {
        return Stream.of(
                Named.of(
                        "a flipped bit",
                        a -> a.toBuilder()
                                .setPlaintext(flipped(a.getPlaintext()))
                                .build()),
                Named.of(
                        "cut short",
                        a -> a.toBuilder()
                                .setPlaintext(a.getPlaintext().substring(1))
                                .build()),
                Named.of(
                        "another plaintext",
                        a -> a.toBuilder()
                                .setPlaintext(ByteString.copyFromUtf8("other"))
                                .build()),
                Named.of(
                        "no checksum", a -> a.toBuilder().clearPlaintextCrc32C().build()),
                Named.of("no plaintext", a -> DecryptResponse.getDefaultInstance()),
                Named.of(
                        "an empty plaintext with its checksum",
                        a -> a.toBuilder()
                                .setPlaintext(ByteString.EMPTY)
                                .setPlaintextCrc32C(FakeCloudKms.crc32c(ByteString.EMPTY))
                                .build()),
                Named.of(
                        "far too much",
                        a -> a.toBuilder()
                                .setPlaintext(ByteString.copyFrom(new byte[129 * 1024]))
                                .setPlaintextCrc32C(FakeCloudKms.crc32c(ByteString.copyFrom(new byte[129 * 1024])))
                                .build()));
    }

    @ParameterizedTest
    @MethodSource("unusableDecryptAnswers")
    void anUnusableAnswerIsNeverAKeyset(UnaryOperator<DecryptResponse> fault) throws Exception {
        server.leavingDecrypt = fault;
        assertThat(unavailableDecrypt().retryable()).isTrue();
    }

    static Stream<Named<UnaryOperator<EncryptResponse>>> unusableEncryptAnswers() {
        return Stream.of(
                Named.of(
                        "a flipped bit",
                        a -> a.toBuilder()
                                .setCiphertext(flipped(a.getCiphertext()))
                                .build()),
                Named.of(
                        "no checksum",
                        a -> a.toBuilder().clearCiphertextCrc32C().build()),
                Named.of(
                        "another key",
                        a -> a.toBuilder()
                                .setName(a.getName().replace("payments-api", "payments-web"))
                                .build()),
                Named.of(
                        "a key whose name goes on",
                        a -> a.toBuilder()
                                .setName(a.getName().replace("payments-api", "payments-api2"))
                                .build()),
                Named.of(
                        "a plaintext that nobody verified",
                        a -> a.toBuilder().setVerifiedPlaintextCrc32C(false).build()),
                Named.of(
                        "associated data that nobody verified",
                        a -> a.toBuilder()
                                .setVerifiedAdditionalAuthenticatedDataCrc32C(false)
                                .build()),
                Named.of("nothing", a -> EncryptResponse.getDefaultInstance()));
    }

    @ParameterizedTest
    @MethodSource("unusableEncryptAnswers")
    void anUnusableAnswerIsNeverADocument(UnaryOperator<EncryptResponse> fault) {
        server.leavingEncrypt = fault;
        assertThat(unavailableEncrypt().retryable()).isTrue();
    }

    @Test
    void aCallThatHangsEndsAtItsTimeout() throws Exception {
        byte[] wrapped = wrapped();
        CountDownLatch answered = new CountDownLatch(1);
        server.leavingDecrypt = answer -> {
            try {
                answered.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return answer;
        };
        try (GcpKms impatient =
                client(TOKEN).callTimeout(Duration.ofMillis(200)).build()) {
            assertThat(Refusal.of(KMS_UNAVAILABLE, () -> impatient.getAead(KEK).decrypt(wrapped, DATA))
                            .detail())
                    .contains("DEADLINE_EXCEEDED");
        } finally {
            answered.countDown();
        }
    }

    @Test
    void connectingHasATimeoutOfItsOwn() throws Exception {
        try (Listening full = Listening.full();
                GcpKms impatient = client(TOKEN)
                        .endpoint(full.hostAndPort())
                        .connectTimeout(Duration.ofMillis(200))
                        .build()) {
            assertThat(Refusal.of(KMS_UNAVAILABLE, () -> impatient.getAead(KEK).decrypt(new byte[40], DATA))
                            .detail())
                    .contains("UNAVAILABLE")
                    .doesNotContain("DEADLINE_EXCEEDED");
        }
    }

    @Test
    void aCertificateThatIsNotTrustedIsUnavailableAndGetsNoToken() {
        LoopbackTls.distrust();
        try (GcpKms distrusting = client(TOKEN).build()) {
            assertThat(Refusal.of(
                                    KMS_UNAVAILABLE,
                                    () -> distrusting.getAead(KEK).decrypt(new byte[40], DATA))
                            .detail())
                    .contains("certificate");
        }
        assertThat(server.calls).isEmpty();
    }

    @Test
    void aCertificateOfAnotherHostIsUnavailable() {
        String port = server.endpoint().substring(server.endpoint().indexOf(':'));
        try (GcpKms other = client(TOKEN).endpoint("localhost" + port).build()) {
            Refusal.of(KMS_UNAVAILABLE, () -> other.getAead(KEK).decrypt(new byte[40], DATA));
        }
        assertThat(server.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                "\u0000\u0000garbage",
                ""
            })
    void whatIsNoGrpcIsUnavailableAndNeverFollowed(String answer) throws Exception {
        try (Listening other = Listening.answering(answer);
                GcpKms lost = client(TOKEN).endpoint(other.hostAndPort()).build()) {
            Refusal.of(KMS_UNAVAILABLE, () -> lost.getAead(KEK).decrypt(new byte[40], DATA));
        }
    }

    @Test
    void theProxyOfTheSettingsLeadsToTheEndpoint() throws Exception {
        byte[] wrapped = wrapped();
        String[] endpoint = server.endpoint().split(":");
        try (ConnectProxy proxy = new ConnectProxy(new InetSocketAddress(endpoint[0], Integer.parseInt(endpoint[1])));
                GcpKms proxied = client(TOKEN).proxy(proxy.address()).build()) {
            assertThat(proxied.getAead(KEK).decrypt(wrapped, DATA)).isEqualTo(new byte[] {1, 2, 3});
            assertThat(proxy.asked).containsExactly(server.endpoint());
        }
    }

    @Test
    void aProxyThatRefusesIsUnavailable() throws Exception {
        try (Listening proxy = Listening.answering("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
                GcpKms proxied = client(TOKEN).proxy(proxy.address()).build()) {
            Refusal.of(KMS_UNAVAILABLE, () -> proxied.getAead(KEK).decrypt(new byte[40], DATA));
            assertThat(proxy.asked).contains("CONNECT " + server.endpoint() + " HTTP/1.1");
        }
        assertThat(server.calls).isEmpty();
    }

    @Test
    void aProxyWhoseNameLeadsNowhereIsUnavailableAndAskedForAgain() {
        try (GcpKms proxied = client(TOKEN)
                .proxy(InetSocketAddress.createUnresolved("no..name", 3128))
                .build()) {
            for (int i = 0; i < 2; i++) {
                assertThat(Refusal.of(
                                        KMS_UNAVAILABLE,
                                        () -> proxied.getAead(KEK).decrypt(new byte[40], DATA))
                                .detail())
                        .contains("(UNAVAILABLE)");
            }
        }
    }
}
