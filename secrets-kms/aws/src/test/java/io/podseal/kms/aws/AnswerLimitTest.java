// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.kms.Workload;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;

/** What is left of an answer once the SDK has parsed it. */
final class AnswerLimitTest {
    @Test
    void answerIsWipedOnceItIsParsed() throws Exception {
        byte[] keyset = "a keyset".getBytes(UTF_8);
        List<InputStream> answers = new ArrayList<>();
        try (Wire wire = Wire.answering(call -> FakeAws.decrypted(FakeAws.ARN, keyset));
                KmsClient kms = keepingAnswers(wire, answers)) {
            AwsAead key = new AwsAead(
                    AwsKek.parse(FakeAws.KEK), () -> new KmsRegion(kms, new Credentials(FakeAws.CREDENTIALS, false)));
            assertThat(key.decrypt(new byte[9], Workload.associatedData(Workload.API)))
                    .isEqualTo(keyset);
        }
        InputStream answer = answers.get(0);
        answer.reset();
        byte[] rest = answer.readAllBytes();
        assertThat(rest).hasSizeGreaterThan(keyset.length).containsOnly(0);
    }

    /** A client as it is configured, which also keeps what the SDK is given to parse. */
    private static KmsClient keepingAnswers(Wire wire, List<InputStream> answers) {
        Connection connection = new Connection(
                URI.create(wire.url()),
                null,
                null,
                false,
                FakeAws.CREDENTIALS,
                Connection.http(null, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                Duration.ofSeconds(10));
        KmsClientBuilder builder =
                connection.configure(KmsClient.builder(), Region.EU_CENTRAL_1, URI.create(wire.url()));
        ClientOverrideConfiguration configuration = builder.overrideConfiguration();
        // Interceptors see answers in the reverse order.
        List<ExecutionInterceptor> interceptors = new ArrayList<>(configuration.executionInterceptors());
        interceptors.add(0, new ExecutionInterceptor() {
            @Override
            public Optional<InputStream> modifyHttpResponseContent(
                    Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
                context.responseBody().ifPresent(answers::add);
                return context.responseBody();
            }
        });
        return builder.overrideConfiguration(configuration.toBuilder()
                        .executionInterceptors(interceptors)
                        .build())
                .credentialsProvider(FakeAws.CREDENTIALS)
                .build();
    }
}
