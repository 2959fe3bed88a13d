// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import io.podseal.PodsealException;
import io.podseal.kms.ProxiedProcess;
import io.podseal.kms.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.helpers.NOP_FallbackServiceProvider;

/** What a process takes from its environment: who it is, as Workload Identity says, and nothing of how the vault is reached. */
final class AzureEnvironmentTest {
    private static final String CLIENT = "99999999-8888-7777-6666-555555555555";
    private static final String ASSERTION = "federated." + Refusal.CANARY;

    @TempDir
    private Path home;

    private ProxiedProcess process;

    @BeforeEach
    void start() throws Exception {
        process = new ProxiedProcess(home);
    }

    @AfterEach
    void end() throws Exception {
        process.close();
    }

    @Test
    void workloadIdentityOpensAndNoProxyOfTheEnvironmentIsObeyed() throws Exception {
        Path token = Files.writeString(home.resolve("azure-identity-token"), ASSERTION);
        List<String> printed = process.run(
                Unwrap.class,
                "AZURE_TENANT_ID=" + FakeKeyVault.TENANT,
                "AZURE_CLIENT_ID=" + CLIENT,
                "AZURE_FEDERATED_TOKEN_FILE=" + token,
                "AZURE_AUTHORITY_HOST=https://" + FakeKeyVault.LOGIN + "/",
                "AZURE_HTTP_LOG_DETAIL_LEVEL=body_and_headers",
                "AZURE_LOG_LEVEL=verbose");
        assertThat(printed)
                .endsWith("[" + KeyVaultTest.GET + ", " + KeyVaultTest.UNWRAP + "]")
                .as("what the SDK logs")
                .hasSizeGreaterThan(1)
                .noneMatch(line -> line.contains(Refusal.CANARY));
        assertThat(process.asked()).isEmpty();
    }

    @Test
    void whatTheSdkWouldDoByItselfIsToObeyThem() throws Exception {
        assertThat(process.run(Obedient.class)).singleElement().asString().startsWith("KMS_UNAVAILABLE");
        assertThat(process.asked()).contains("CONNECT " + FakeKeyVault.VAULT + ":443 HTTP/1.1");
    }

    @Test
    void withoutAnyCredentialsItIsAMatterOfConfiguration() throws Exception {
        assertThat(process.run(Unwrap.class))
                .singleElement()
                .asString()
                .startsWith("CONFIGURATION")
                .contains("azure.workload.identity/use", "token-file");
        assertThat(process.asked()).isEmpty();
    }

    /** Wraps and unwraps with credentials that it finds, and prints which calls that were. */
    public static final class Unwrap {
        public static void main(String[] args) throws Exception {
            // otherwise the SDK logs to the binding of these tests, and not as AZURE_LOG_LEVEL says
            System.setProperty("slf4j.provider", NOP_FallbackServiceProvider.class.getName());
            try (FakeKeyVault vault = KeyVaultTest.keyVault().identity(CLIENT, ASSERTION, KeyVaultTest.TOKEN)) {
                unwrap(AzureKms.builder().proxy(vault.proxy().address()));
                System.out.println(vault.calls);
            } catch (PodsealException e) {
                System.out.println(e.getMessage());
            }
            System.exit(0);
        }
    }

    /** The same over the HTTP client that the SDK makes. */
    public static final class Obedient {
        public static void main(String[] args) throws Exception {
            try {
                unwrap(AzureKms.builder().httpClient(new JdkHttpClientBuilder().build()));
            } catch (PodsealException e) {
                System.out.println(e.getMessage());
            }
            System.exit(0);
        }
    }

    private static void unwrap(AzureKms.Builder client) throws Exception {
        try (AzureKms kms = client.build()) {
            byte[] wrapped = kms.getAead(KeyVaultTest.KEK).encrypt(new byte[1], KeyVaultTest.DATA);
            kms.getAead(KeyVaultTest.KEK).decrypt(wrapped, KeyVaultTest.DATA);
        }
    }
}
