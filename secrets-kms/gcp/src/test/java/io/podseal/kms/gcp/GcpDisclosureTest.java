// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.kms.Logs;
import io.podseal.kms.Page;
import io.podseal.kms.Workload;
import io.podseal.kms.gcp.FakeTokenEndpoint.Kind;
import io.podseal.testkit.Canary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the logs hold of an opening, at every level. */
final class GcpDisclosureTest extends CloudKmsTest {
    /** gRPC's HTTP/2, of the client here and of the server that stands in for Cloud KMS. */
    private static final String NAMED = "io.grpc.netty.shaded";

    private final Canary token = Canary.random("token");
    private final Canary proof = Canary.random("proof of identity");
    private final List<Canary> secrets = new CopyOnWriteArrayList<>(List.of(token, proof));

    @ParameterizedTest
    @EnumSource
    void onlyTheLoggerThatThePageNamesHoldsASecret(Kind kind) throws Exception {
        Path mount = Files.createDirectory(temp.resolve("db-credentials"));
        Workload.mount(mount, Workload.keks(kms, KEK), 1);
        server.grant(token.text(), FakeCloudKms.USE_TO_DECRYPT, KEY);
        server.leavingDecrypt = answer -> {
            secrets.add(Canary.of("keyset", answer.getPlaintext().toByteArray()));
            return answer;
        };
        SSLSocketFactory ordinary = HttpsURLConnection.getDefaultSSLSocketFactory();
        HttpsURLConnection.setDefaultSSLSocketFactory(FakeCloudKms.TLS.context().getSocketFactory());
        try (FakeTokenEndpoint login = new FakeTokenEndpoint(token.text());
                Logs logs = Logs.all()) {
            login.proof = proof.text();
            open(mount, login.writeCredentials(temp.resolve("credentials.json"), kind));
            assertThat(secrets).hasSize(3);
            assertThat(logs.whoSaid(secrets.toArray(Canary[]::new)))
                    .isNotEmpty()
                    .allMatch(name -> name.startsWith(NAMED));
            assertThat(logs.whoSaid(proof)).isEmpty();
            assertThat(Page.text()).contains("`" + NAMED + "`");
        } finally {
            HttpsURLConnection.setDefaultSSLSocketFactory(ordinary);
        }
    }

    private void open(Path mount, Path credentials) {
        Workload.open(
                        mount,
                        Map.of(
                                "keks",
                                KEK,
                                "kms.gcp.endpoint",
                                server.endpoint(),
                                "kms.gcp.credentials-file",
                                credentials.toString(),
                                "kms.gcp.connect-timeout",
                                "50s",
                                "kms.gcp.call-timeout",
                                "50s",
                                "kms.deadline",
                                "1m"))
                .close();
    }
}
