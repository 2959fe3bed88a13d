// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.kms.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What NSS's softoken answers leads to the same codes as what SoftHSM2 answers. */
class SoftokenTest {
    private static final byte[] ACCOUNT = {1, 2, 3};

    @TempDir
    private Path folder;

    @Test
    void keysetOpensForItsOwnAccountAlone() throws Exception {
        Aead kek = NssDatabase.kms().getAead(NssDatabase.uri("kek"));
        byte[] wrapped = kek.encrypt(new byte[4], ACCOUNT);
        assertThat(kek.decrypt(wrapped, ACCOUNT)).hasSize(4);
        Refusal.of(ErrorCode.AUTHENTICATION, () -> kek.decrypt(wrapped, new byte[] {1, 2, 4}));
        for (int i = 0; i < wrapped.length; i++) {
            byte[] altered = wrapped.clone();
            altered[i] ^= 1;
            Refusal.of(ErrorCode.AUTHENTICATION, () -> kek.decrypt(altered, ACCOUNT));
        }
    }

    @Test
    void keyThatCanBeTakenOutWrappedIsRefused() {
        assertThat(Refusal.of(
                                ErrorCode.KEYSET_POLICY,
                                () -> NssDatabase.kms()
                                        .getAead(NssDatabase.uri("takeable"))
                                        .encrypt(new byte[1], ACCOUNT))
                        .detail())
                .contains("not extractable");
    }

    @Test
    void absentKeyAndSlotAreNamed() {
        Pkcs11Kms kms = NssDatabase.kms();
        assertThat(Refusal.of(
                                ErrorCode.KMS_DENIED,
                                () -> kms.getAead(NssDatabase.uri("absent")).encrypt(new byte[1], ACCOUNT))
                        .detail())
                .contains("no key labelled 'absent'");
        assertThat(Refusal.of(
                                ErrorCode.CONFIGURATION,
                                () -> kms.getAead("pkcs11:slot-id=4711;object=kek")
                                        .encrypt(new byte[1], ACCOUNT))
                        .detail())
                .contains("slot-id");
    }

    @Test
    void wrongPinIsTriedOnce() throws Exception {
        Path pin = Files.writeString(folder.resolve("pin"), "wrong+" + Refusal.CANARY);
        Path document = Documents.of(folder, NssDatabase.uri("kek"));
        try (TokenProcess process =
                TokenProcess.start(Map.of(), NssDatabase.library(), pin, document, NssDatabase.name())) {
            assertThat(process.says("wrap")).startsWith("KMS_DENIED").contains("CKR_PIN_INCORRECT");
            assertThat(process.says("wrap")).startsWith("KMS_DENIED").contains("not tried again");
            Files.writeString(pin, NssDatabase.PIN);
            assertThat(process.says("wrap")).isEqualTo("ok");
        }
    }
}
