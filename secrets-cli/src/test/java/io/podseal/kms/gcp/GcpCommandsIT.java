// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import io.podseal.cli.KmsCommands;
import io.podseal.cli.Trust;
import io.podseal.kms.Refusal;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** With the fake of Google Cloud KMS, and credentials of a service account in a file. */
final class GcpCommandsIT extends KmsCommands {
    private static final String KEY = "projects/shop/locations/europe-west3/keyRings/podseal/cryptoKeys/payments-api";
    private static final String TOKEN = "ya29." + Refusal.CANARY;

    private FakeCloudKms server;
    private FakeTokenEndpoint login;

    @Override
    protected Kms kms(Path folder) throws Exception {
        login = new FakeTokenEndpoint(TOKEN);
        server = new FakeCloudKms();
        for (String key : new String[] {KEY, KEY + "-2"}) {
            server.key(key)
                    .grant(TOKEN, FakeCloudKms.USE_TO_ENCRYPT, key)
                    .grant(TOKEN, FakeCloudKms.USE_TO_DECRYPT, key);
        }
        return new Kms(
                "gcp-kms://" + KEY,
                "gcp-kms://" + KEY + "-2",
                Map.of(
                        "PODSEAL_KMS_GCP_ENDPOINT",
                        server.endpoint(),
                        "PODSEAL_KMS_GCP_CREDENTIALS_FILE",
                        login.writeCredentials(folder.resolve("credentials.json"))
                                .toString(),
                        "JDK_JAVA_OPTIONS",
                        Trust.options(FakeCloudKms.TLS)));
    }

    @AfterEach
    void stop() {
        login.close();
        server.close();
    }
}
