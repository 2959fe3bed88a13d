// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static io.podseal.ErrorCode.KMS_DENIED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import io.grpc.Status;
import io.podseal.kms.ClassificationTable;
import io.podseal.kms.ClassificationTable.Row;
import io.podseal.kms.Listening;
import io.podseal.kms.LoopbackTls;
import io.podseal.kms.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of docs/kms/gcp.md, a test for each line, answered over the wire after one call. */
final class GcpClassificationTest extends CloudKmsTest {
    private static final Pattern STATUS =
            Pattern.compile("`([A-Z_]+)`( to Encrypt| to Decrypt)?( with the text \"(.*)\")?");

    private byte[] wrapped;
    private FakeTokenEndpoint login;

    @BeforeEach
    void wrap() throws Exception {
        login = new FakeTokenEndpoint(TOKEN);
        wrapped = kms.getAead(KEK).encrypt(new byte[] {1, 2, 3}, DATA);
        server.calls.clear();
    }

    @AfterEach
    void end() {
        login.close();
    }

    private static List<Row> statuses() {
        return ClassificationTable.like(STATUS, "gcp");
    }

    private static List<Row> others() {
        return ClassificationTable.unlike(STATUS, "gcp");
    }

    private static Matcher status(Row row) {
        Matcher status = STATUS.matcher(row.answer());
        assertThat(status.matches()).isTrue();
        return status;
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void statusIsClassified(Row row) {
        Matcher answer = status(row);
        Status.Code status = Status.Code.valueOf(answer.group(1));
        String text = Refusal.CANARY + answer.group(4);
        server.arrivingEncrypt = request -> {
            throw FakeCloudKms.refused(status.toStatus(), text);
        };
        server.arrivingDecrypt = request -> {
            throw FakeCloudKms.refused(status.toStatus(), text);
        };
        boolean encrypt = " to Encrypt".equals(answer.group(2));
        assertThat(row.refuses(() -> {
                            if (encrypt) {
                                encrypt(kms, 1);
                            } else {
                                decrypt(kms);
                            }
                        })
                        .detail())
                .endsWith("(" + status + ")");
        assertThat(server.calls).containsExactly((encrypt ? "Encrypt " : "Decrypt ") + KEY);
    }

    @Test
    void everyStatusThatGrpcKnowsIsInTheTable() {
        assertThat(statuses().stream()
                        .map(row -> Status.Code.valueOf(status(row).group(1)))
                        .collect(Collectors.toSet()))
                .isEqualTo(EnumSet.complementOf(EnumSet.of(Status.Code.OK)));
    }

    @ParameterizedTest
    @MethodSource("others")
    void whatIsNoStatusIsClassified(Row row) throws Exception {
        switch (row.answer()) {
            case "a wrong CRC32C" -> {
                server.leavingDecrypt = answer ->
                        answer.toBuilder().setPlaintextCrc32C(Int64Value.of(1)).build();
                row.refuses(() -> decrypt(kms));
            }
            case "no plaintext" -> {
                server.leavingDecrypt =
                        answer -> answer.toBuilder().clearPlaintext().build();
                row.refuses(() -> decrypt(kms));
            }
            case "another key's name (Encrypt alone tells it)" -> {
                server.leavingEncrypt = answer -> answer.toBuilder()
                        .setName(answer.getName().replace("payments-api", "payments-web"))
                        .build();
                row.refuses(() -> encrypt(kms, 1));
            }
            case "more than 128 KiB" -> {
                server.leavingDecrypt = answer -> answer.toBuilder()
                        .setPlaintext(ByteString.copyFrom(new byte[129 * 1024]))
                        .build();
                row.refuses(() -> decrypt(kms));
            }
            case "nobody listens" -> {
                try (GcpKms nowhere = client(TOKEN)
                        .endpoint("127.0.0.1:" + Listening.nowhere().getPort())
                        .build()) {
                    row.refuses(() -> decrypt(nowhere));
                }
            }
            case "a certificate that the JVM does not trust" -> {
                LoopbackTls.distrust();
                try (GcpKms distrusting = client(TOKEN).build()) {
                    row.refuses(() -> decrypt(distrusting));
                }
                assertThat(server.calls).isEmpty();
            }
            case "login: no answer in time" -> {
                login.gate = new CountDownLatch(1);
                refusedLogin(row, Duration.ofMillis(500));
            }
            case "login: nobody listens" -> {
                login.close();
                refusedLogin(row, Duration.ofMinutes(1));
                assertThat(login.calls).hasValue(0);
            }
            case "no credentials" -> {
                login.close();
                try (GcpKms nobody = GcpKms.builder()
                        .endpoint(server.endpoint())
                        .credentialsFile(temp.resolve("absent-" + Refusal.CANARY))
                        .build()) {
                    row.refuses(() -> decrypt(nobody));
                }
            }
            case "a keyset of more than 64 KiB" -> row.refuses(() -> encrypt(kms, 64 * 1024 + 1));
            default -> {
                Matcher status = Pattern.compile("login: ([0-9]{3})( .*)?").matcher(row.answer());
                assertThat(status.matches()).as("this test knows " + row).isTrue();
                login.status = Integer.parseInt(status.group(1));
                refusedLogin(row, Duration.ofMinutes(1));
                assertThat(login.calls)
                        .as("one for each kind of credentials")
                        .hasValue(FakeTokenEndpoint.Kind.values().length);
            }
        }
    }

    private void refusedLogin(Row row, Duration callTimeout) throws Exception {
        SSLSocketFactory ordinary = HttpsURLConnection.getDefaultSSLSocketFactory();
        HttpsURLConnection.setDefaultSSLSocketFactory(FakeCloudKms.TLS.context().getSocketFactory());
        try {
            for (FakeTokenEndpoint.Kind kind : FakeTokenEndpoint.Kind.values()) {
                Path file = login.writeCredentials(temp.resolve("credentials.json"), kind);
                try (GcpKms stranger = GcpKms.builder()
                        .endpoint(server.endpoint())
                        .connectTimeout(Duration.ofMinutes(1))
                        .callTimeout(callTimeout)
                        .credentialsFile(file)
                        .build()) {
                    row.refuses(() -> decrypt(stranger));
                }
                Files.delete(file);
            }
        } finally {
            HttpsURLConnection.setDefaultSSLSocketFactory(ordinary);
        }
        assertThat(server.calls).isEmpty();
    }

    private void decrypt(GcpKms client) throws Exception {
        client.getAead(KEK).decrypt(wrapped, DATA);
    }

    private void encrypt(GcpKms client, int bytes) throws Exception {
        client.getAead(KEK).encrypt(new byte[bytes], DATA);
    }

    @Test
    void aTokenThatTheKmsDoesNotKnowIsDenied() {
        try (GcpKms stranger = client("stranger-" + Refusal.CANARY).build()) {
            Refusal.of(KMS_DENIED, () -> decrypt(stranger));
        }
    }

    @Test
    void anotherProjectOrLocationIsDenied() {
        String elsewhere = KEY.replace("europe-west3", "us-east1");
        server.grant(TOKEN, FakeCloudKms.USE_TO_DECRYPT, elsewhere);
        assertThat(Refusal.of(
                                KMS_DENIED,
                                () -> kms.getAead("gcp-kms://" + elsewhere).decrypt(wrapped, DATA))
                        .detail())
                .contains("location");
        Refusal.of(KMS_DENIED, () -> kms.getAead(KEK.replace("shop", "other")).decrypt(wrapped, DATA));
    }
}
