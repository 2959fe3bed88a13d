// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.kms.RealPart;
import io.podseal.kms.SoftHsm;
import io.podseal.kms.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start asks of the token, counted in the calls to it. */
class StartTest {
    @TempDir
    private Path folder;

    @Test
    void startIsOneDecryptionWhateverTheNumberOfValuesAndThreads() throws Exception {
        SoftHsm hsm = Tokens.hsm();
        String kek = hsm.uri("one", "kek");
        Path mount = Files.createDirectory(folder.resolve("db"));
        Workload.mount(mount, Workload.keks(Tokens.kms(), kek), Workload.MANY);
        Path pin = Files.writeString(folder.resolve("pin"), SoftHsm.PIN);
        Map<String, String> environment = new TreeMap<>(hsm.environment());
        environment.putAll(TokenCalls.WAITING);
        try (TokenProcess process =
                TokenProcess.start(environment, SoftHsm.library(), pin, mount.resolve("api.keyset.json"))) {
            TokenCalls calls = TokenCalls.of(process);
            assertThat(process.says("open " + mount)).isEqualTo("ok");
            assertThat(calls.count()).isEqualTo(1);
            assertThat(process.says("unwrap")).isEqualTo("ok");
            assertThat(calls.count()).isEqualTo(2);
        }
    }

    @Test
    void tokenIsNotCalledBeforeItIsNeeded() throws Exception {
        // a key that nobody has, since OpenSC's recorder knows no AES-GCM
        Path recorded = folder.resolve("recorded");
        Map<String, String> environment = new TreeMap<>(Tokens.hsm().environment());
        environment.put("PKCS11SPY", SoftHsm.library().toString());
        environment.put("PKCS11SPY_OUTPUT", recorded.toString());
        Path spy = RealPart.library("pkcs11-spy.so", "opensc-pkcs11");
        Path pin = Files.writeString(folder.resolve("pin"), SoftHsm.PIN);
        Path document = Documents.of(folder, Tokens.hsm().uri("one", "absent"));
        try (TokenProcess process = TokenProcess.start(environment, spy, pin, document)) {
            assertThat(process.says("make")).isEqualTo("ok");
            assertThat(recorded).doesNotExist();
            assertThat(process.says("unwrap")).startsWith("KMS_DENIED");
            assertThat(Files.readString(recorded, ISO_8859_1)).contains(": C_Initialize", ": C_Login");
        }
    }
}
