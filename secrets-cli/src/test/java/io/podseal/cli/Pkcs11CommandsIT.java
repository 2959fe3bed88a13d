// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.kms.SoftHsm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** With two keys in a token of SoftHSM2. */
final class Pkcs11CommandsIT extends KmsCommands {
    @Override
    protected Kms kms(Path folder) throws Exception {
        SoftHsm hsm = SoftHsm.in(Files.createDirectory(folder.resolve("hsm")))
                .token("one")
                .key("one", "kek", "AES:32", "--sensitive")
                .key("one", "second", "AES:32", "--sensitive");
        return new Kms(hsm.uri("one", "kek"), hsm.uri("one", "second"), environment(hsm));
    }

    /** What {@code podseal} needs to reach its tokens. */
    static Map<String, String> environment(SoftHsm hsm) {
        Map<String, String> environment = new HashMap<>(hsm.environment());
        environment.put("PODSEAL_KMS_PKCS11_MODULE", SoftHsm.library().toString());
        environment.put(
                "PODSEAL_KMS_PKCS11_PIN_FILE",
                hsm.pinFile("pin", SoftHsm.PIN + "\n").toString());
        return environment;
    }
}
