// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.kms.Page;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each row of the table in docs/kms/vault.md. */
class ClassificationTest {
    private static final byte[] ACCOUNT = "account".getBytes(UTF_8);

    @TempDir
    private Path folder;

    private FakeVault vault;
    private FakeTransit.Key key;
    private Aead aead;
    private byte[] wrapped;

    @BeforeEach
    void server() throws Exception {
        vault = FakeVault.http();
        key = vault.transit.create("k", "aes256-gcm96", false);
        vault.logins.policy("p", "transit/encrypt/k", "update").policy("p", "transit/decrypt/k", "update");
        aead = kms().build().getAead(vault.kek("k"));
        wrapped = aead.encrypt(new byte[5], ACCOUNT);
    }

    private VaultKms.Builder kms() throws Exception {
        Path token = folder.resolve("token");
        Files.writeString(token, vault.logins.token("p", Duration.ZERO));
        return VaultKms.builder().endpoint(vault.url()).auth(VaultAuth.token(token));
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    private PodsealException refused(ErrorCode code) {
        return Refusal.of(code, () -> aead.decrypt(wrapped, ACCOUNT));
    }

    static List<List<String>> table() {
        return Page.table("| call | HTTP | Vault's words | ours | what to do |");
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyLineOfTheTable(List<String> line) throws Exception {
        int status = Integer.parseInt(line.get(1));
        String answer = FakeVault.errors(Page.bare(line.get(2)));
        ErrorCode code = ErrorCode.valueOf(Page.bare(line.get(3)));
        boolean login = line.get(0).equals("login");
        Aead asked = login ? notLoggedIn() : aead;
        vault.next(status, answer);
        vault.next(status, answer); // a 403 of Transit is asked twice

        PodsealException refusal = Refusal.of(code, () -> asked.decrypt(wrapped, ACCOUNT));

        assertThat(refusal.detail())
                .contains(login ? "auth/kubernetes/login" : "transit/decrypt/k", "HTTP " + status)
                .contains(Page.marked(line.get(4)));
        assertThat(refusal instanceof PodsealException.Kms kms && kms.retryable())
                .isEqualTo(code == ErrorCode.KMS_THROTTLED || code == ErrorCode.KMS_UNAVAILABLE);
    }

    private Aead notLoggedIn() throws Exception {
        Path jwt = Files.writeString(folder.resolve("jwt"), FakeLogins.serviceAccountToken("payments", "api", "vault"));
        return kms().auth(VaultAuth.kubernetes("kubernetes", "podseal", jwt))
                .build()
                .getAead(vault.kek("k"));
    }

    @Test
    void keySettingsOfTheFakeLeadToTheSameCodes() throws Exception {
        key.softDeleted = true;
        refused(ErrorCode.KMS_DENIED);
        key.softDeleted = false;
        key.rotate();
        key.minDecryptionVersion = 2;
        refused(ErrorCode.KMS_DENIED);
        byte[] second = aead.encrypt(new byte[5], ACCOUNT);
        key.forgetLastVersion();
        Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> aead.decrypt(second, ACCOUNT));
        vault.transit.create("k", "rsa-2048", false);
        refused(ErrorCode.CONFIGURATION);
    }

    @Test
    void everyAlteredCharacterIsRefused() {
        for (int i = 0; i < wrapped.length; i++) {
            byte[] altered = wrapped.clone();
            altered[i] = (byte) (altered[i] == 'A' ? 'B' : 'A');
            Refusal.of(ErrorCode.AUTHENTICATION, () -> aead.decrypt(altered, ACCOUNT));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vault:v1:",
                "vault:v0:AAAA",
                "vault:v:AAAA",
                "vault:v-1:AAAA",
                "vault:v1:AA\",\"plaintext\":\"AA",
                "vault:v1:AAAA\n",
                "vault:v1:AA AA",
                "VAULT:v1:AAAA",
                "bao:v1:AAAA",
            })
    void whatIsNoCiphertextOfTransitIsRefusedWithoutACall(String text) {
        int before = vault.calls();
        Refusal.of(ErrorCode.AUTHENTICATION, () -> aead.decrypt(text.getBytes(UTF_8), ACCOUNT));
        assertThat(vault.calls()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"data\":null}",
                "{\"data\":{}}",
                "{\"data\":{\"plaintext\":\"\"}}",
                "{\"data\":{\"plaintext\":null}}",
                "{\"data\":{\"plaintext\":17}}",
                "{\"data\":{\"plaintext\":\"" + Refusal.CANARY + "\"}}",
                "{\"data\":{\"plaintext\":\"AAAA",
                "{\"data\":{\"ciphertext\":\"AAAA\"}}",
                "{\"plaintext\":\"AAAA\"}",
                "[]",
                Refusal.CANARY,
                "",
            })
    void answerWithoutAPlaintextIsUnavailable(String answer) {
        vault.next(200, answer);
        refused(ErrorCode.KMS_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"data\":{\"ciphertext\":\"\"}}", "{\"data\":{\"ciphertext\":\"" + Refusal.CANARY + "\"}}"})
    void answerWithoutACiphertextIsUnavailable(String answer) {
        vault.next(200, answer);
        Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> aead.encrypt(new byte[5], ACCOUNT));
    }

    @Test
    void answerThatIsNoKeysetIsRefusedByTheCore() throws Exception {
        VaultKms kms = kms().build();
        var document = Workload.wrapped(kms, vault.kek("k"));
        vault.next(200, "{\"data\":{\"plaintext\":\"AAAA\"}}");
        Refusal.of(ErrorCode.KEYSET_POLICY, () -> Workload.unwrap(kms, vault.kek("k"), document));
    }

    @Test
    void redirectIsNotFollowed() throws Exception {
        try (FakeVault elsewhere = FakeVault.http()) {
            vault.next(exchange -> {
                exchange.getResponseHeaders().add("Location", elsewhere.url() + "/v1/transit/decrypt/k");
                FakeVault.send(exchange, 307, "");
            });
            assertThat(refused(ErrorCode.KMS_UNAVAILABLE).detail()).contains("redirects are not followed");
            assertThat(elsewhere.calls()).isZero();
        }
    }

    @Test
    void oversizedAnswerIsCutOff() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        vault.next(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[64 * 1024];
            try (OutputStream out = exchange.getResponseBody()) {
                while (true) {
                    out.write(block);
                }
            } finally {
                cut.countDown(); // the client has gone
            }
        });
        assertThat(refused(ErrorCode.KMS_UNAVAILABLE).detail()).contains("longer than 262144 bytes");
        assertThat(cut.await(60, TimeUnit.SECONDS))
                .as("the connection was closed")
                .isTrue();
    }

    @Test
    void truncatedAnswerIsUnavailable() {
        vault.next(exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write("{\"data\":{\"plaintext\":\"AAAA".getBytes(UTF_8));
            exchange.close();
        });
        refused(ErrorCode.KMS_UNAVAILABLE);
    }

    @Test
    void brokenConnectionIsUnavailable() {
        vault.next(exchange -> exchange.close());
        refused(ErrorCode.KMS_UNAVAILABLE);
    }

    @Test
    void silentServerIsUnavailableAfterTheCallTimeout() throws Exception {
        CountDownLatch forever = new CountDownLatch(1);
        vault.next(exchange -> {
            try {
                forever.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        Aead impatient = kms().callTimeout(Duration.ofMillis(100)).build().getAead(vault.kek("k"));
        assertThat(Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> impatient.decrypt(wrapped, ACCOUNT))
                        .detail())
                .contains("podseal.kms.vault.call-timeout");
        forever.countDown();
    }

    @Test
    void answerThatDribblesIsUnavailableAfterTheCallTimeout() throws Exception {
        CountDownLatch forever = new CountDownLatch(1);
        vault.next(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                forever.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        Aead impatient = kms().callTimeout(Duration.ofMillis(100)).build().getAead(vault.kek("k"));
        assertThat(Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> impatient.decrypt(wrapped, ACCOUNT))
                        .detail())
                .contains("podseal.kms.vault.call-timeout");
        forever.countDown();
    }

    @Test
    void nobodyThereIsUnavailable() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Aead nobody = kms().endpoint("http://localhost:" + free).build().getAead(vault.kek("k"));
        assertThat(Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> nobody.decrypt(wrapped, ACCOUNT))
                        .detail())
                .contains("java.net.ConnectException", "podseal.kms.vault.endpoint");
    }

    @Test
    void connectingThatHangsIsUnavailableAfterTheConnectTimeout() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue(); // so the next one waits
            Aead impatient = kms().endpoint("http://localhost:" + full.getLocalPort())
                    .connectTimeout(Duration.ofMillis(100))
                    .callTimeout(Duration.ofMinutes(5))
                    .build()
                    .getAead(vault.kek("k"));
            assertThat(Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> impatient.decrypt(wrapped, ACCOUNT))
                            .detail())
                    .contains("ConnectTimeoutException", "podseal.kms.vault.endpoint");
        }
    }

    @Test
    void hostWithoutAnAddressIsUnavailable() throws Exception {
        Aead nowhere = kms().endpoint("https://no-such-host.invalid").build().getAead(vault.kek("k"));
        Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> nowhere.decrypt(wrapped, ACCOUNT));
    }

    @Test
    void interruptedCallEndsAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        refused(ErrorCode.KMS_UNAVAILABLE);
        assertThat(Thread.interrupted()).isTrue();
    }
}
