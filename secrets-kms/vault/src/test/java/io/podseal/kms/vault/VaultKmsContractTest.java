// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.kms.Refusal;
import io.podseal.testkit.Canary;
import io.podseal.testkit.KmsClientContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** On an imitation of Vault; what the ciphertext is without is refused without asking. */
class VaultKmsContractTest extends KmsClientContract {
    private static final String DECRYPT = "transit/decrypt/";

    @TempDir
    private Path folder;

    private FakeVault vault;
    private final List<VaultKms> others = new ArrayList<>();

    @BeforeEach
    void server() throws IOException {
        vault = FakeVault.http();
        for (String key : List.of("payments_api", "other")) {
            vault.transit.create(key, "aes256-gcm96", false);
            vault.logins.policy("both", "transit/encrypt/" + key, "update").policy("both", DECRYPT + key, "update");
        }
        Files.writeString(folder.resolve("token"), vault.logins.token("both", Duration.ZERO));
    }

    @AfterEach
    void stop() {
        others.forEach(VaultKms::close);
        vault.close();
    }

    @Override
    protected KmsClient client() {
        return vaultKms();
    }

    private VaultKms vaultKms() {
        return VaultKms.builder()
                .endpoint(vault.url())
                .auth(VaultAuth.token(folder.resolve("token")))
                .build();
    }

    @Override
    protected String kekUri() {
        return vault.kek("payments_api");
    }

    @Override
    protected Aead otherKek() {
        VaultKms kms = vaultKms();
        others.add(kms);
        return kms.getAead(vault.kek("other"));
    }

    @Override
    protected int unwraps() {
        return vault.calls(DECRYPT + "payments_api");
    }

    @Override
    protected int requests() {
        return vault.calls();
    }

    @Override
    protected List<Canary> secrets() {
        return List.of(Canary.of("credentials and texts", Refusal.CANARY));
    }
}
