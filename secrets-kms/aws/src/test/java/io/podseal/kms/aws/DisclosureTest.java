// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.PodsealException;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Neither keyset nor credentials nor AWS's own words in a message, a stack trace, a text, or the SDK's log. */
final class DisclosureTest {
    private static final String SECRET_KEY = "secret-" + Refusal.CANARY + UUID.randomUUID();
    private static final String SESSION_TOKEN = "session-" + Refusal.CANARY + UUID.randomUUID();
    private static final String KEYSET = "keyset-" + UUID.randomUUID();
    private static final String FOREIGN = "foreign-" + Refusal.CANARY + UUID.randomUUID();

    private final StringBuffer log = new StringBuffer();
    private final Logger sdk = Logger.getLogger("software.amazon.awssdk");
    private final Handler memory = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            log.append(new SimpleFormatter().format(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        memory.setLevel(Level.ALL);
        sdk.setUseParentHandlers(false);
        sdk.addHandler(memory);
    }

    @AfterEach
    void stopListening() {
        sdk.removeHandler(memory);
        sdk.setLevel(null);
        sdk.setUseParentHandlers(true);
    }

    private static List<String> found(String text, String... secrets) {
        return Stream.of(secrets)
                .filter(secret -> text.contains(secret)
                        || text.contains(Base64.getEncoder().encodeToString(secret.getBytes(UTF_8))))
                .toList();
    }

    private static byte[] right() {
        return FakeAws.decrypted(FakeAws.ARN, KEYSET.getBytes(UTF_8));
    }

    /** What holds a keyset, whole or not. */
    static Stream<byte[]> answersWithAKeyset() {
        return Stream.of(
                right(),
                FakeAws.encrypted(FakeAws.ARN, KEYSET.getBytes(UTF_8)),
                FakeAws.decrypted(FakeAws.ARN + "0", KEYSET.getBytes(UTF_8)),
                Arrays.copyOf(right(), right().length - 60),
                Wire.http(200, "", "{\"Plaintext\":{\"" + KEYSET + "\":1}}"),
                Wire.http(200, "", "{\"Plaintext\":\"" + KEYSET + "\",\"KeyId\":7}"));
    }

    /** What says something in words of its own. */
    static Stream<byte[]> answersWithWords() {
        return Stream.of(
                FakeAws.error(400, "AccessDeniedException", FOREIGN + " may not"),
                FakeAws.error(400, "InvalidSignatureException", "sent " + SESSION_TOKEN + " of " + FOREIGN),
                FakeAws.error(400, "ThrottlingException", FOREIGN),
                FakeAws.error(400, FOREIGN + ".", FOREIGN),
                Wire.http(500, "x-amzn-ErrorType: " + FOREIGN + " x\r\n", FOREIGN),
                Wire.http(302, "Location: http://localhost:1/" + FOREIGN + "\r\n", FOREIGN),
                Wire.http(200, "x-amzn-RequestId: " + FOREIGN + " x\r\n", FOREIGN));
    }

    /** Everything that somebody may see of a use of the key. */
    private static String shown(byte[] answer) {
        StringWriter shown = new StringWriter();
        try (Wire wire = Wire.answering(call -> answer);
                AwsKms kms = AwsKms.builder()
                        .endpoint(wire.url())
                        .credentials(StaticCredentialsProvider.create(
                                AwsSessionCredentials.create("AKIA-" + Refusal.CANARY, SECRET_KEY, SESSION_TOKEN)))
                        .build()) {
            Aead key = kms.getAead(FakeAws.KEK);
            shown.append(kms + " " + key);
            for (boolean wraps : new boolean[] {true, false}) {
                try {
                    byte[] account = Workload.associatedData(Workload.API);
                    byte[] in = KEYSET.getBytes(UTF_8);
                    shown.append("bytes: " + (wraps ? key.encrypt(in, account) : key.decrypt(in, account)).length);
                } catch (PodsealException refusal) {
                    refusal.printStackTrace(new PrintWriter(shown, true));
                }
            }
        } catch (Exception other) {
            throw new AssertionError(other.getClass().getName());
        }
        return shown.toString();
    }

    @ParameterizedTest(name = "answer {index}")
    @MethodSource({"answersWithAKeyset", "answersWithWords"})
    void nothingIsShown(byte[] answer) {
        sdk.setLevel(Level.INFO);

        String shown = shown(answer);

        assertThat(found(shown, KEYSET, SECRET_KEY, SESSION_TOKEN, FOREIGN)).isEmpty();
        assertThat(found(log.toString(), KEYSET, SECRET_KEY, SESSION_TOKEN, FOREIGN))
                .isEmpty();
    }

    /** At that level the SDK logs what it signs, the session token included; the page says so. */
    @ParameterizedTest(name = "answer {index}")
    @MethodSource("answersWithAKeyset")
    void keysetAndSecretKeyAreNotInTheFinestLogOfTheSdk(byte[] answer) {
        sdk.setLevel(Level.ALL);

        shown(answer);

        assertThat(log).isNotEmpty();
        assertThat(found(log.toString(), KEYSET, SECRET_KEY)).isEmpty();
    }

    /** The control: whatever the SDK logged would be found. */
    @Test
    void searchFindsWhatIsThere() {
        sdk.setLevel(Level.ALL);
        LoggerFactory.getLogger("software.amazon.awssdk.request")
                .debug("sent " + SECRET_KEY, new IllegalStateException(KEYSET));
        assertThat(found(log.toString(), SECRET_KEY, KEYSET)).hasSize(2);

        log.setLength(0);
        shown(right());
        assertThat(found(log.toString(), SESSION_TOKEN)).hasSize(1);
        assertThat(found("<" + Base64.getEncoder().encodeToString(KEYSET.getBytes(UTF_8)) + ">", KEYSET))
                .hasSize(1);
    }
}
