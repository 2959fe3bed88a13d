// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.kms.Logs;
import io.podseal.kms.Refusal;
import io.podseal.kms.SoftHsm;
import io.podseal.testkit.Canary;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is logged, at every level, while a token is logged in to and used. */
class DisclosureTest {
    private static final byte[] ACCOUNT = {1, 2, 3};

    @TempDir
    private Path folder;

    @Test
    void nothingLoggedHoldsAPinOrAKeyset() throws Exception {
        Canary keyset = Canary.random("keyset");
        Canary pin = Canary.of("PIN", SoftHsm.PIN);
        Canary wrongPin = Canary.random("wrong PIN");
        String kek = Tokens.hsm().uri("four", "kek");
        Path pinFile = Files.writeString(folder.resolve("pin"), wrongPin.text());
        try (Logs logs = Logs.all();
                Pkcs11Kms kms = Pkcs11Kms.builder()
                        .module(SoftHsm.library())
                        .pinFile(pinFile)
                        .build()) {
            Aead aead = kms.getAead(kek);
            assertThat(Refusal.of(ErrorCode.KMS_DENIED, () -> aead.encrypt(keyset.bytes(), ACCOUNT))
                            .detail())
                    .contains("CKR_PIN_INCORRECT");
            Files.writeString(pinFile, pin.text());
            byte[] wrapped = aead.encrypt(keyset.bytes(), ACCOUNT);
            assertThat(aead.decrypt(wrapped, ACCOUNT)).isEqualTo(keyset.bytes());
            Refusal.of(ErrorCode.AUTHENTICATION, () -> aead.decrypt(wrapped, new byte[1]));
            assertThat(logs.whoSaid(keyset, pin, wrongPin)).isEmpty();
        }
    }
}
