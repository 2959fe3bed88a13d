// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.kms.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Documents for other processes. This one has its own tokens, so it names the others only. */
final class Documents {
    private Documents() {}

    /** A keyset that names that KEK, and is wrapped by another one of this process. */
    static Path of(Path folder, String kek) throws IOException {
        String own = Tokens.hsm().uri("one", "kek");
        String json = new String(Workload.wrapped(Tokens.kms(), own).toJson(), UTF_8);
        return Files.writeString(folder.resolve("api.keyset.json"), json.replace(own, kek));
    }
}
