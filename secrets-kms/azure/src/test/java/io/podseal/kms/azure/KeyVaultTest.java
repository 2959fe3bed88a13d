// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.core.credential.AccessToken;
import io.podseal.kms.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** A fake of Azure Key Vault with one key, and a client whose token may read it and unwrap with it. */
abstract class KeyVaultTest {
    static final String KEY = "payments-api/0123456789abcdef0123456789abcdef";
    static final String KEK = "azure-kv://" + FakeKeyVault.VAULT + "/keys/" + KEY;
    static final String UNWRAP = "POST /keys/" + KEY + "/unwrapkey";
    static final String GET = "GET /keys/" + KEY;
    static final String TOKEN = "eyJ." + Refusal.CANARY;
    static final byte[] DATA = "podseal:v1:keyset:spiffe://cluster.local/ns/payments/sa/api".getBytes(UTF_8);

    /** Whose notes on logins that are refused are no news here. */
    private static final List<Logger> SDK =
            List.of(Logger.getLogger("com.azure"), Logger.getLogger("com.microsoft.aad.msal4j"));

    static {
        SDK.forEach(logger -> logger.setLevel(Level.OFF));
    }

    @TempDir
    Path temp;

    FakeKeyVault server;
    AzureKms kms;

    private SSLContext ordinary;

    @BeforeEach
    final void start() throws Exception {
        ordinary = SSLContext.getDefault();
        server = keyVault();
        kms = client(TOKEN).build();
    }

    @AfterEach
    final void stop() {
        kms.close();
        server.close();
        SSLContext.setDefault(ordinary);
    }

    /** A fake, trusted by this process, where {@link #TOKEN} may read the key and unwrap with it. */
    static FakeKeyVault keyVault() throws Exception {
        SSLContext.setDefault(FakeKeyVault.TLS.context());
        return new FakeKeyVault().key(KEY, 2048).grant(TOKEN, FakeKeyVault.READ, FakeKeyVault.UNWRAP);
    }

    AzureKms.Builder client(String token) {
        return AzureKms.builder()
                .proxy(server.proxy().address())
                // no limit that a slow machine could reach
                .connectTimeout(Duration.ofMinutes(1))
                .callTimeout(Duration.ofMinutes(1))
                .credentials(request -> Mono.just(new AccessToken(token, OffsetDateTime.MAX)));
    }
}
