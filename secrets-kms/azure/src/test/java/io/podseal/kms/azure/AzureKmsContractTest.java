// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import com.azure.core.credential.AccessToken;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.kms.Refusal;
import io.podseal.testkit.Canary;
import io.podseal.testkit.KmsClientContract;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import reactor.core.publisher.Mono;

/** On a fake of Azure Key Vault. */
final class AzureKmsContractTest extends KmsClientContract {
    private static final String OTHER = "other/fedcba9876543210fedcba9876543210";

    private final List<AzureKms> others = new ArrayList<>();
    private FakeKeyVault server;
    private SSLContext ordinary;

    @BeforeEach
    void start() throws Exception {
        ordinary = SSLContext.getDefault();
        server = KeyVaultTest.keyVault().key(OTHER, 2048);
    }

    @AfterEach
    void stop() {
        others.forEach(AzureKms::close);
        server.close();
        SSLContext.setDefault(ordinary);
    }

    @Override
    protected KmsClient client() {
        return azureKms();
    }

    private AzureKms azureKms() {
        return AzureKms.builder()
                .proxy(server.proxy().address())
                // no limit that a slow machine could reach
                .connectTimeout(Duration.ofMinutes(1))
                .callTimeout(Duration.ofMinutes(1))
                .credentials(request -> Mono.just(new AccessToken(KeyVaultTest.TOKEN, OffsetDateTime.MAX)))
                .build();
    }

    @Override
    protected String kekUri() {
        return KeyVaultTest.KEK;
    }

    @Override
    protected Aead otherKek() {
        AzureKms kms = azureKms();
        others.add(kms);
        return kms.getAead("azure-kv://" + FakeKeyVault.VAULT + "/keys/" + OTHER);
    }

    @Override
    protected int unwraps() {
        return (int) server.calls.stream()
                .filter(call -> call.endsWith("/unwrapkey"))
                .count();
    }

    @Override
    protected int requests() {
        return server.calls.size() + server.logins.size();
    }

    @Override
    protected List<Canary> secrets() {
        return List.of(Canary.of("credentials and texts", Refusal.CANARY));
    }
}
