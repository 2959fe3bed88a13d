// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static io.podseal.ErrorCode.KMS_DENIED;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.identity.CredentialUnavailableException;
import io.podseal.kms.ClassificationTable;
import io.podseal.kms.ClassificationTable.Row;
import io.podseal.kms.Listening;
import io.podseal.kms.Refusal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

/** The table of docs/kms/azure.md, a test for each line, answered over the wire after one call. */
final class AzureClassificationTest extends KeyVaultTest {
    private static final Pattern STATUS =
            Pattern.compile("(login: )?HTTP ([0-9]{3})( to unwrapkey| to get key)?( .*)?");

    private byte[] wrapped;

    @BeforeEach
    void wrap() throws Exception {
        wrapped = kms.getAead(KEK).encrypt(new byte[] {1, 2, 3}, DATA);
        server.calls.clear();
    }

    private static List<Row> statuses() {
        return ClassificationTable.like(STATUS, "azure");
    }

    private static List<Row> others() {
        return ClassificationTable.unlike(STATUS, "azure");
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void statusIsClassified(Row row) throws Exception {
        Matcher answer = STATUS.matcher(row.answer());
        assertThat(answer.matches()).isTrue();
        int status = Integer.parseInt(answer.group(2));
        if (answer.group(1) != null) {
            server.loginFault = (exchange, given) -> {
                exchange.getResponseHeaders()
                        .set("Location", exchange.getRequestURI().toString());
                return exchange.getRequestURI().getPath().endsWith("/token") ? FakeKeyVault.loginError(status) : given;
            };
            refusedLogin(row, Duration.ofMinutes(1));
            return;
        }
        server.fault = (exchange, given) -> {
            exchange.getResponseHeaders().set("Location", "https://" + FakeKeyVault.LOGIN + "/elsewhere");
            return given.status() == 401 ? given : FakeKeyVault.error(status, "Word", "words");
        };
        boolean get = " to get key".equals(answer.group(3));
        String detail = row.refuses(() -> {
                    if (get) {
                        encrypt(kms);
                    } else {
                        decrypt(kms);
                    }
                })
                .detail();
        if (status != 400) {
            assertThat(detail).endsWith("(HTTP " + status + ", request " + FakeKeyVault.REQUEST_ID + ")");
        }
        assertThat(server.calls).containsExactly(get ? GET : UNWRAP);
        assertThat(server.proxy().asked).containsOnly(FakeKeyVault.VAULT + ":443");
    }

    @ParameterizedTest
    @MethodSource("others")
    void whatIsNoStatusIsClassified(Row row) throws Exception {
        switch (row.answer()) {
            case "no JSON" -> unwrapAnswers(row, body -> "<html>" + Refusal.CANARY + "</html>");
            case "JSON that is cut short" -> unwrapAnswers(row, body -> body.substring(0, body.length() - 2));
            case "no key" -> unwrapAnswers(row, body -> body.replaceFirst("\"value\":\"[^\"]*\"", "\"value\":null"));
            case "another key's id" -> unwrapAnswers(row, body -> body.replace("payments-api", "payments-web"));
            case "more than 256 KiB" ->
                unwrapAnswers(row, body -> body.replace("{", "{\"x\":\"" + "x".repeat(256 * 1024) + "\","));
            case "a key of another length than 32 bytes" ->
                unwrapAnswers(
                        row,
                        body -> body.replaceFirst(
                                "\"value\":\"[^\"]*\"", "\"value\":\"" + FakeKeyVault.base64(new byte[16]) + "\""));
            case "nobody listens" -> {
                try (AzureKms nowhere = client(TOKEN).proxy(Listening.nowhere()).build()) {
                    row.refuses(() -> decrypt(nowhere));
                }
            }
            case "a certificate that the JVM does not trust" -> {
                SSLContext strict = SSLContext.getInstance("TLS");
                strict.init(null, null, null);
                SSLContext.setDefault(strict);
                try (AzureKms distrusting = client(TOKEN).build()) {
                    row.refuses(() -> decrypt(distrusting));
                }
                assertThat(server.calls).isEmpty();
            }
            case "no answer in time" -> {
                CountDownLatch ended = new CountDownLatch(1);
                server.fault = FakeKeyVault.hanging(ended);
                try (AzureKms impatient =
                        client(TOKEN).callTimeout(Duration.ofMillis(500)).build()) {
                    row.refuses(() -> decrypt(impatient));
                } finally {
                    ended.countDown();
                }
            }
            case "a body that trickles" -> {
                server.fault = FakeKeyVault.trickling();
                try (AzureKms impatient =
                        client(TOKEN).callTimeout(Duration.ofMillis(500)).build()) {
                    row.refuses(() -> decrypt(impatient));
                }
            }
            case "login: a tenant that is not the vault's" -> {
                refusedLogin(row, "99999999-2222-3333-4444-555555555555", Duration.ofMinutes(1));
                assertThat(server.logins).isEmpty();
            }
            case "login: no answer in time" -> {
                CountDownLatch ended = new CountDownLatch(1);
                server.loginFault = FakeKeyVault.hanging(ended);
                try {
                    refusedLogin(row, Duration.ofSeconds(1));
                } finally {
                    ended.countDown();
                }
            }
            case "no credentials" -> {
                try (AzureKms nobody = client(TOKEN)
                        .credentials(request -> Mono.error(new CredentialUnavailableException(Refusal.CANARY)))
                        .build()) {
                    row.refuses(() -> decrypt(nobody));
                }
                assertThat(server.calls).isEmpty();
            }
            case "wrapping for a key that is disabled" ->
                wrapAnswers(row, body -> body.replace("\"enabled\":true", "\"enabled\":false"));
            case "wrapping for a key that is no RSA key" ->
                wrapAnswers(row, body -> body.replace("\"kty\":\"RSA\"", "\"kty\":\"oct-HSM\""));
            case "wrapping for a key that may not unwrap" ->
                wrapAnswers(row, body -> body.replace("[\"wrapKey\",\"unwrapKey\"]", "[\"sign\",\"verify\"]"));
            case "wrapping for an RSA key of 1024 bits" -> {
                server.key(KEY, 1024);
                row.refuses(() -> encrypt(kms));
            }
            default -> throw new AssertionError("no test of " + row);
        }
    }

    private void unwrapAnswers(Row row, UnaryOperator<String> change) {
        server.answers(change);
        row.refuses(() -> decrypt(kms));
        assertThat(server.calls).containsExactly(UNWRAP);
    }

    private void wrapAnswers(Row row, UnaryOperator<String> change) {
        server.answers(change);
        row.refuses(() -> encrypt(kms));
        assertThat(server.calls).containsExactly(GET);
    }

    private void refusedLogin(Row row, Duration callTimeout) throws Exception {
        refusedLogin(row, FakeKeyVault.TENANT, callTimeout);
    }

    private void refusedLogin(Row row, String tenant, Duration callTimeout) throws Exception {
        Login login = new Login(
                tenant,
                "client",
                Files.writeString(temp.resolve("azure-identity-token"), "federated." + Refusal.CANARY));
        try (AzureKms refused =
                client(TOKEN).callTimeout(callTimeout).login(login).build()) {
            row.refuses(() -> decrypt(refused));
        }
        assertThat(server.logins).hasSizeLessThanOrEqualTo(1);
        assertThat(server.calls).isEmpty();
    }

    private void decrypt(AzureKms client) throws Exception {
        client.getAead(KEK).decrypt(wrapped, DATA);
    }

    private void encrypt(AzureKms client) throws Exception {
        client.getAead(KEK).encrypt(new byte[] {1}, DATA);
    }

    @Test
    void aTokenThatTheVaultDoesNotKnowIsDenied() {
        try (AzureKms stranger = client("stranger-" + Refusal.CANARY).build()) {
            assertThat(Refusal.of(KMS_DENIED, () -> decrypt(stranger)).detail()).contains("HTTP 401");
        }
    }

    @Test
    void anotherKeyOrVersionOfTheVaultIsDenied() {
        Refusal.of(
                KMS_DENIED,
                () -> kms.getAead(KEK.replace("payments-api", "other")).decrypt(wrapped, DATA));
        Refusal.of(KMS_DENIED, () -> kms.getAead(KEK.replace("/0123", "/3210")).encrypt(new byte[1], DATA));
    }
}
