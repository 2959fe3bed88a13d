// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_THROTTLED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.identity.CredentialUnavailableException;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.kms.Refusal;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** The table of docs/kms/azure.md, a test for each line, answered over the wire. */
final class AzureClassificationTest extends KeyVaultTest {
    private static final Set<ErrorCode> RETRIED = EnumSet.of(KMS_THROTTLED, KMS_UNAVAILABLE);

    @ParameterizedTest
    @CsvSource({
        "400, BadParameter, AUTHENTICATION, altered",
        "401, Unauthorized, KMS_DENIED, clock",
        "403, Forbidden, KMS_DENIED, Microsoft.KeyVault/vaults/keys/unwrap/action",
        "404, KeyNotFound, KMS_DENIED, podseal.keks",
        "404, VaultNotFound, KMS_DENIED, podseal.keks",
        "429, Throttled, KMS_THROTTLED, fewer calls",
        "301, Moved, KMS_UNAVAILABLE, redirects are not followed",
        "302, Found, KMS_UNAVAILABLE, redirects are not followed",
        "307, Temporary, KMS_UNAVAILABLE, redirects are not followed",
        "308, Permanent, KMS_UNAVAILABLE, redirects are not followed",
        "408, Timeout, KMS_UNAVAILABLE, no usable answer",
        "409, Conflict, KMS_UNAVAILABLE, no usable answer",
        "500, InternalServerError, KMS_UNAVAILABLE, no usable answer",
        "502, BadGateway, KMS_UNAVAILABLE, no usable answer",
        "503, ServiceUnavailable, KMS_UNAVAILABLE, no usable answer",
        "504, GatewayTimeout, KMS_UNAVAILABLE, no usable answer"
    })
    void everyStatusHasItsCodeAfterOneCall(int status, String word, ErrorCode code, String says) throws Exception {
        byte[] wrapped = kms.getAead(KEK).encrypt(new byte[] {1}, DATA);
        server.calls.clear();
        server.fault = (exchange, answer) -> {
            exchange.getResponseHeaders().set("Location", "https://" + FakeKeyVault.LOGIN + "/elsewhere");
            return answer.status() == 401 ? answer : FakeKeyVault.error(status, word, "words");
        };
        PodsealException refusal = Refusal.of(code, () -> kms.getAead(KEK).decrypt(wrapped, DATA));
        assertThat(refusal.detail()).contains(says);
        assertThat(refusal instanceof PodsealException.Kms kmsFailure && kmsFailure.retryable())
                .isEqualTo(RETRIED.contains(code));
        assertThat(server.calls).containsExactly(UNWRAP);
        assertThat(server.proxy().asked).doesNotContain(FakeKeyVault.LOGIN + ":443");
    }

    @Test
    void aRequestThatIsRefusedWhenSealingIsAMatterOfTheUri() {
        server.fault = (exchange, answer) ->
                answer.status() == 401 ? answer : FakeKeyVault.error(400, "BadParameter", "words");
        assertThat(Refusal.of(CONFIGURATION, () -> kms.getAead(KEK).encrypt(new byte[1], DATA))
                        .detail())
                .contains("podseal.keks");
    }

    @Test
    void anUnknownTokenIsDenied() throws Exception {
        byte[] wrapped = kms.getAead(KEK).encrypt(new byte[] {1}, DATA);
        try (AzureKms stranger = client("stranger-" + Refusal.CANARY).build()) {
            assertThat(Refusal.of(KMS_DENIED, () -> stranger.getAead(KEK).decrypt(wrapped, DATA))
                            .detail())
                    .contains("HTTP 401");
        }
    }

    @Test
    void anotherKeyOrVersionOfTheVaultIsDenied() throws Exception {
        byte[] wrapped = kms.getAead(KEK).encrypt(new byte[] {1}, DATA);
        Refusal.of(
                KMS_DENIED,
                () -> kms.getAead(KEK.replace("payments-api", "other")).decrypt(wrapped, DATA));
        Refusal.of(KMS_DENIED, () -> kms.getAead(KEK.replace("/0123", "/3210")).encrypt(new byte[1], DATA));
    }

    @Test
    void missingCredentialsAreAMatterOfConfiguration() throws Exception {
        byte[] wrapped = kms.getAead(KEK).encrypt(new byte[] {1}, DATA);
        try (AzureKms nobody = client(TOKEN)
                .credentials(request -> Mono.error(new CredentialUnavailableException(Refusal.CANARY)))
                .build()) {
            assertThat(Refusal.of(CONFIGURATION, () -> nobody.getAead(KEK).decrypt(wrapped, DATA))
                            .detail())
                    .contains("podseal.kms.azure.tenant-id", "azure.workload.identity/use");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EC, '[\"unwrapKey\"]', CONFIGURATION, RSA key",
        "oct-HSM, '[\"unwrapKey\"]', CONFIGURATION, RSA key",
        "RSA, '[\"sign\",\"verify\"]', CONFIGURATION, may not unwrap",
        "RSA, '[]', CONFIGURATION, may not unwrap"
    })
    void aKeyOfAnotherKindIsRefusedWhenSealing(String type, String operations, ErrorCode code, String says) {
        server.fault = (exchange, answer) -> new FakeKeyVault.Answer(
                answer.status(),
                answer.body()
                        .replace("\"kty\":\"RSA\"", "\"kty\":\"" + type + "\"")
                        .replace("[\"wrapKey\",\"unwrapKey\"]", operations));
        assertThat(Refusal.of(code, () -> kms.getAead(KEK).encrypt(new byte[1], DATA))
                        .detail())
                .contains(says);
    }

    @Test
    void aDisabledKeyThatIsStillShownIsRefusedWhenSealing() {
        server.fault = (exchange, answer) -> new FakeKeyVault.Answer(
                answer.status(), answer.body().replace("\"enabled\":true", "\"enabled\":false"));
        assertThat(Refusal.of(KMS_DENIED, () -> kms.getAead(KEK).encrypt(new byte[1], DATA))
                        .detail())
                .contains("disabled");
    }
}
