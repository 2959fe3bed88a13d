// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.kms.v1.KeyManagementServiceSettings;
import io.podseal.PodsealException;
import io.podseal.kms.Listening;
import io.podseal.kms.ProxiedProcess;
import java.net.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process takes from its environment: who it is, as Google's own chain says, and nothing of how Cloud KMS is reached. */
final class GcpEnvironmentTest {
    @TempDir
    private Path nothing;

    private ProxiedProcess process;

    @BeforeEach
    void start() throws Exception {
        process = new ProxiedProcess(nothing);
    }

    @AfterEach
    void end() throws Exception {
        process.close();
    }

    @Test
    void workloadIdentityOpensAndNoProxyOfTheEnvironmentIsObeyed() throws Exception {
        try (FakeTokenEndpoint node = new FakeTokenEndpoint(CloudKmsTest.TOKEN)) {
            assertThat(process.run(
                            Unwrap.class, "GCE_METADATA_HOST=" + node.address(), "GOOGLE_API_USE_MTLS_ENDPOINT=always"))
                    .containsExactly("[Encrypt " + CloudKmsTest.KEY + ", Decrypt " + CloudKmsTest.KEY + "]");
            assertThat(node.calls).hasValue(1);
            assertThat(process.asked()).isEmpty();
        }
    }

    @Test
    void whatTheSdkWouldDoByItselfIsToObeyThem() throws Exception {
        try (FakeTokenEndpoint node = new FakeTokenEndpoint(CloudKmsTest.TOKEN)) {
            assertThat(process.run(Obedient.class, "GCE_METADATA_HOST=" + node.address()))
                    .singleElement()
                    .asString()
                    .startsWith("KMS_UNAVAILABLE");
            assertThat(process.asked()).isNotEmpty();
        }
    }

    @Test
    void withoutAnyCredentialsItIsAMatterOfConfiguration() throws Exception {
        assertThat(process.run(Unwrap.class, "NO_GCE_CHECK=true"))
                .singleElement()
                .asString()
                .startsWith("CONFIGURATION")
                .contains("Workload Identity", "podseal.kms.gcp.credentials-file");
        assertThat(process.asked()).isEmpty();
    }

    @Test
    void aMetadataServerThatIsAwayIsAskedAgainLater() throws Exception {
        assertThat(process.run(
                        Unwrap.class,
                        "GCE_METADATA_HOST=127.0.0.1:" + Listening.nowhere().getPort()))
                .singleElement()
                .asString()
                .startsWith("KMS_UNAVAILABLE")
                .contains("Workload Identity", "podseal.kms.gcp.credentials-file");
        assertThat(process.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GOOGLE_APPLICATION_CREDENTIALS=%s/application_default_credentials.json", "CLOUDSDK_CONFIG=%s"})
    void aFileThatTheEnvironmentNamesLogsIn(String variable) throws Exception {
        try (FakeTokenEndpoint login = new FakeTokenEndpoint(CloudKmsTest.TOKEN)) {
            login.writeCredentials(
                    nothing.resolve("application_default_credentials.json"), FakeTokenEndpoint.Kind.AUTHORIZED_USER);
            assertThat(process.run(Unwrap.class, variable.formatted(nothing), "NO_GCE_CHECK=true"))
                    .containsExactly("[Encrypt " + CloudKmsTest.KEY + ", Decrypt " + CloudKmsTest.KEY + "]");
            assertThat(login.calls).hasValue(1);
            assertThat(process.asked()).isEmpty();
        }
    }

    @Test
    void otherCodeOfTheApplicationSharesNeitherCredentialsNorTransport() throws Exception {
        try (FakeTokenEndpoint node = new FakeTokenEndpoint(CloudKmsTest.TOKEN)) {
            assertThat(process.run(Shared.class, "GCE_METADATA_HOST=" + node.address()))
                    .containsExactly(
                            "the application's own transport",
                            "[Encrypt " + CloudKmsTest.KEY + ", Decrypt " + CloudKmsTest.KEY + "]");
        }
    }

    /** The same in an application that has found the application default credentials before. */
    public static final class Shared {
        public static void main(String[] args) throws Exception {
            HttpTransport direct =
                    new NetHttpTransport.Builder().setProxy(Proxy.NO_PROXY).build();
            boolean[] found = new boolean[1];
            GoogleCredentials.getApplicationDefault(() -> {
                System.out.println(found[0] ? "used by Podseal" : "the application's own transport");
                return direct;
            });
            found[0] = true;
            unwrap(GcpKms.builder());
        }
    }

    /** Wraps and unwraps with credentials that it finds, and prints which calls that were. */
    public static final class Unwrap {
        public static void main(String[] args) throws Exception {
            unwrap(GcpKms.builder());
        }
    }

    /** The same over the channel that the SDK makes. */
    public static final class Obedient {
        public static void main(String[] args) throws Exception {
            unwrap(GcpKms.builder()
                    .channel(KeyManagementServiceSettings.defaultGrpcTransportProviderBuilder()
                            .build()));
        }
    }

    private static void unwrap(GcpKms.Builder client) throws Exception {
        try (FakeCloudKms server = CloudKmsTest.cloudKms();
                GcpKms kms = client.endpoint(server.endpoint()).build()) {
            byte[] wrapped = kms.getAead(CloudKmsTest.KEK).encrypt(new byte[1], CloudKmsTest.DATA);
            kms.getAead(CloudKmsTest.KEK).decrypt(wrapped, CloudKmsTest.DATA);
            System.out.println(server.calls);
        } catch (PodsealException e) {
            System.out.println(e.getMessage());
        }
        System.exit(0);
    }
}
