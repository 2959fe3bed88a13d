// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.OAuth2Credentials;
import io.podseal.kms.LoopbackTls;
import io.podseal.kms.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A fake of Google Cloud KMS with one key, and a client whose token may seal and open with it. */
abstract class CloudKmsTest {
    static final String KEY = "projects/shop/locations/europe-west3/keyRings/podseal/cryptoKeys/payments-api";
    static final String KEK = "gcp-kms://" + KEY;
    static final String TOKEN = "ya29." + Refusal.CANARY;
    static final byte[] DATA = "podseal:v1:keyset:spiffe://cluster.local/ns/payments/sa/api".getBytes(UTF_8);

    /** Whose notes on servers that are away are no news here. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    static {
        GRPC.setLevel(Level.SEVERE);
    }

    @TempDir
    Path temp;

    FakeCloudKms server;
    GcpKms kms;

    @BeforeEach
    final void start() throws Exception {
        server = cloudKms();
        kms = client(TOKEN).build();
    }

    @AfterEach
    final void stop() {
        kms.close();
        server.close();
        LoopbackTls.distrust();
    }

    /** A fake, trusted by this process, where {@link #TOKEN} has every right on the key. */
    static FakeCloudKms cloudKms() throws Exception {
        FakeCloudKms.TLS.trust();
        return new FakeCloudKms()
                .key(KEY)
                .grant(TOKEN, FakeCloudKms.USE_TO_ENCRYPT, KEY)
                .grant(TOKEN, FakeCloudKms.USE_TO_DECRYPT, KEY);
    }

    static OAuth2Credentials credentials(String token) {
        return OAuth2Credentials.create(new AccessToken(token, new Date(Long.MAX_VALUE)));
    }

    GcpKms.Builder client(String token) {
        return GcpKms.builder()
                .endpoint(server.endpoint())
                // no limit that a slow machine could reach
                .connectTimeout(Duration.ofMinutes(1))
                .callTimeout(Duration.ofMinutes(1))
                .credentials(() -> credentials(token));
    }
}
