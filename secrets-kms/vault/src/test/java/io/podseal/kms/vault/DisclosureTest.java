// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.kms.Logs;
import io.podseal.kms.LoopbackTls;
import io.podseal.kms.Refusal;
import io.podseal.testkit.Canary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is logged, at every level, while Vault is logged in to and asked. */
class DisclosureTest {
    private static final byte[] ACCOUNT = {1, 2, 3};

    /** The imitation of Vault is in this process too, and the JDK's server logs what it reads. */
    private static final String SERVER = "com.sun.net.httpserver";

    @TempDir
    private Path folder;

    @Test
    void nothingLoggedHoldsACredentialOrAKeyset() throws Exception {
        Canary keyset = Canary.random("keyset");
        Canary secretId = Canary.random("secret id");
        Canary token = Canary.of("token and foreign words", Refusal.CANARY);
        Path file = Files.writeString(folder.resolve("secret-id"), secretId.text());
        LoopbackTls certificate = LoopbackTls.of("dns:localhost");
        try (Logs logs = Logs.all();
                FakeVault vault = FakeVault.https(certificate);
                VaultKms kms = VaultKms.builder()
                        .endpoint(vault.url())
                        .caFile(certificate.certificate())
                        .auth(VaultAuth.appRole("approle", "role-id", file))
                        .nanoTime(vault.nanos::get)
                        .build()) {
            vault.transit.create("k", "aes256-gcm96", false);
            vault.logins
                    .policy("p", "transit/encrypt/k", "update")
                    .policy("p", "transit/decrypt/k", "update")
                    .role("approle", "role-id", secretId.text(), "p", Duration.ofSeconds(90), true);
            Aead aead = kms.getAead(vault.kek("k"));
            byte[] wrapped = aead.encrypt(keyset.bytes(), ACCOUNT);
            vault.nanos.addAndGet(Duration.ofSeconds(61).toNanos());
            assertThat(aead.decrypt(wrapped, ACCOUNT)).isEqualTo(keyset.bytes());
            assertThat(vault.calls("auth/token/renew-self")).isEqualTo(1);
            Refusal.of(ErrorCode.AUTHENTICATION, () -> aead.decrypt(wrapped, new byte[1]));
            vault.logins.revokeAll();
            Files.writeString(file, secretId.text() + "x");
            Refusal.of(ErrorCode.KMS_DENIED, () -> aead.decrypt(wrapped, ACCOUNT));
            assertThat(logs.whoSaid(keyset, secretId, token))
                    .filteredOn(logger -> !logger.startsWith(SERVER))
                    .isEmpty();
        }
    }
}
