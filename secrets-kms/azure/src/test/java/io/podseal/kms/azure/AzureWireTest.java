// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import io.podseal.PodsealException;
import io.podseal.kms.Listening;
import io.podseal.kms.Refusal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What happens between this process and Azure Key Vault: answers that are not one, a wire that is not there. */
final class AzureWireTest extends KeyVaultTest {
    private byte[] wrapped() throws Exception {
        return kms.getAead(KEK).encrypt(new byte[] {1, 2, 3}, DATA);
    }

    private PodsealException.Kms unavailable(AzureKms client) throws Exception {
        byte[] wrapped = wrapped();
        return (PodsealException.Kms)
                Refusal.of(KMS_UNAVAILABLE, () -> client.getAead(KEK).decrypt(wrapped, DATA));
    }

    static Stream<Named<String>> unusableAnswers() {
        String kid = "https://" + FakeKeyVault.VAULT + "/keys/" + KEY;
        String key = FakeKeyVault.base64(new byte[32]);
        return Stream.of(
                Named.of("nothing", ""),
                Named.of("no JSON", "<html>" + Refusal.CANARY + "</html>"),
                Named.of("an empty object", "{}"),
                Named.of("an array", "[]"),
                Named.of("null", "null"),
                Named.of("no key", "{\"kid\":\"" + kid + "\"}"),
                Named.of("an empty key", "{\"kid\":\"" + kid + "\",\"value\":\"\"}"),
                Named.of("a key that is null", "{\"kid\":\"" + kid + "\",\"value\":null}"),
                Named.of("cut short", "{\"kid\":\"" + kid + "\",\"value\":\"" + Refusal.CANARY),
                Named.of("no key id", "{\"value\":\"" + key + "\"}"),
                Named.of("another key", "{\"kid\":\"" + kid.replace("api", "web") + "\",\"value\":\"" + key + "\"}"),
                Named.of(
                        "another version",
                        "{\"kid\":\"" + kid.replace("0123", "3210") + "\",\"value\":\"" + key + "\"}"),
                Named.of(
                        "another vault", "{\"kid\":\"" + kid.replace("shop", "evil") + "\",\"value\":\"" + key + "\"}"),
                Named.of(
                        "far too much",
                        "{\"x\":\"" + "x".repeat(256 * 1024) + "\",\"kid\":\"" + kid + "\",\"value\":\"" + key
                                + "\"}"));
    }

    @ParameterizedTest
    @MethodSource("unusableAnswers")
    void anUnusableAnswerIsNeverAKeyset(String body) throws Exception {
        byte[] wrapped = wrapped();
        server.fault = (exchange, answer) -> answer.status() == 401 ? answer : new FakeKeyVault.Answer(200, body);
        assertThat(((PodsealException.Kms) Refusal.of(
                                KMS_UNAVAILABLE, () -> kms.getAead(KEK).decrypt(wrapped, DATA)))
                        .retryable())
                .isTrue();
        Refusal.of(KMS_UNAVAILABLE, () -> kms.getAead(KEK).encrypt(new byte[1], DATA));
    }

    @Test
    void anotherKeysAnswerDoesNotOpen() throws Exception {
        byte[] wrapped = wrapped();
        server.fault = (exchange, answer) -> answer.status() == 401
                ? answer
                : new FakeKeyVault.Answer(
                        200,
                        "{\"kid\":\"https://" + FakeKeyVault.VAULT + "/keys/" + KEY + "\",\"value\":\""
                                + FakeKeyVault.base64(new byte[32]) + "\"}");
        Refusal.of(AUTHENTICATION, () -> kms.getAead(KEK).decrypt(wrapped, DATA));
    }

    @Test
    void connectingHasATimeoutOfItsOwn() throws Exception {
        try (Listening full = Listening.full();
                AzureKms impatient = client(TOKEN)
                        .proxy(full.address())
                        .connectTimeout(Duration.ofMillis(200))
                        .build()) {
            assertThat(unavailable(impatient).detail()).contains("HttpConnectTimeoutException");
        }
    }

    @Test
    void aCertificateOfAnotherHostIsUnavailable() throws Exception {
        byte[] wrapped = wrapped();
        server.calls.clear();
        Refusal.of(
                KMS_UNAVAILABLE,
                () -> kms.getAead(KEK.replace("vault.azure.net", "managedhsm.azure.net"))
                        .decrypt(wrapped, DATA));
        assertThat(server.calls).isEmpty();
    }

    /** Who answers for a vault must not get a token for another service. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer authorization=\"https://login.microsoftonline.com/t\", resource=\"https://management.azure.com\"",
                "Bearer authorization=\"https://login.microsoftonline.com/t\", resource=\"https://vault.azure.net.example.com\"",
                "Bearer authorization=\"no url\", resource=\"https://vault.azure.net\"",
                "Basic realm=\"vault\""
            })
    void aChallengeForAnotherServiceGetsNoToken(String challenge) throws Exception {
        byte[] wrapped = wrapped();
        server.fault = (exchange, answer) -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
            return new FakeKeyVault.Answer(401, "{}");
        };
        List<String> tokens = new ArrayList<>();
        // the SDK remembers challenges by host for as long as the process lives
        String unseen = KEK.replace("shop", "unseen-" + UUID.randomUUID());
        try (AzureKms fresh = client(TOKEN)
                .credentials(request -> {
                    tokens.addAll(request.getScopes());
                    return Mono.just(new AccessToken(TOKEN, OffsetDateTime.MAX));
                })
                .build()) {
            assertThatThrownBy(() -> fresh.getAead(unseen).decrypt(wrapped, DATA))
                    .isInstanceOf(PodsealException.class);
        }
        assertThat(tokens).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
                "\u0000\u0000garbage",
                ""
            })
    void aProxyThatRefusesIsUnavailable(String answer) throws Exception {
        try (Listening proxy = Listening.answering(answer);
                AzureKms lost = client(TOKEN).proxy(proxy.address()).build()) {
            assertThat(unavailable(lost).detail()).contains("podseal.kms.azure.proxy");
        }
    }

    @Test
    void onlyTheVaultIsConnectedTo() throws Exception {
        wrapped();
        assertThat(server.proxy().asked).containsOnly(FakeKeyVault.VAULT + ":443");
    }
}
