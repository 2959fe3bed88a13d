// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.kms.SoftHsm;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that go away, in processes of their own. */
class LostTokenTest {
    @TempDir
    private Path folder;

    private SoftHsm hsm;
    private Path document;
    private Path pin;

    @BeforeEach
    void token() throws Exception {
        hsm = SoftHsm.in(folder.resolve("hsm")).token("one").key("one", "kek", "AES:32", "--sensitive");
        pin = hsm.pinFile("pin", SoftHsm.PIN);
        document = Documents.of(folder, hsm.uri("one", "kek"));
    }

    @Test
    void tokenThatGoesAwayInUseAsksForARestart() throws Exception {
        try (TokenProcess process = start()) {
            assertThat(process.says("wrap")).isEqualTo("ok");
            Path away = away();
            assertThat(process.says("wrap")).startsWith("KMS_UNAVAILABLE").contains("restart the process");
            back(away);
            assertThat(process.says("wrap")).startsWith("KMS_UNAVAILABLE").contains("restart the process");
        }
        try (TokenProcess restarted = start()) {
            assertThat(restarted.says("wrap")).isEqualTo("ok");
        }
    }

    @Test
    void alteredBytesAreNotBlamedOnATokenThatAnswers() throws Exception {
        try (TokenProcess process = start()) {
            assertThat(process.says("wrap")).isEqualTo("ok");
            // wrapped by another token
            assertThat(process.says("unwrap")).startsWith("AUTHENTICATION");
        }
    }

    @Test
    void lostTokenIsNotTakenForAlteredBytes() throws Exception {
        try (TokenProcess process = start()) {
            assertThat(process.says("wrap")).isEqualTo("ok");
            away();
            assertThat(process.says("unwrap")).startsWith("KMS_UNAVAILABLE").contains("restart the process");
        }
    }

    @Test
    void tokenThatWasAwayWhileNobodyAskedServesOn() throws Exception {
        try (TokenProcess process = start()) {
            assertThat(process.says("wrap")).isEqualTo("ok");
            back(away());
            assertThat(process.says("wrap")).isEqualTo("ok");
        }
    }

    private TokenProcess start() {
        return TokenProcess.start(hsm, pin, document);
    }

    private Path away() throws Exception {
        Path away = Files.move(hsm.tokens(), hsm.tokens().resolveSibling("away"));
        Files.createDirectory(hsm.tokens());
        return away;
    }

    private void back(Path away) throws Exception {
        Files.delete(hsm.tokens());
        Files.move(away, hsm.tokens());
    }
}
