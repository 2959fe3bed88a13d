// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.kms.OpenBao;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** With two keys of OpenBao's Transit engine, the second one derived for each account. */
final class VaultCommandsIT extends KmsCommands {
    @Override
    protected Kms kms(Path folder) throws Exception {
        OpenBao bao = OpenBao.running();
        String key = "payments_api-" + UUID.randomUUID();
        bao.write("transit/keys/" + key, "{'type':'aes256-gcm96'}");
        bao.write("transit/keys/" + key + "-2", "{'type':'chacha20-poly1305','derived':true}");
        bao.policy(key, """
                path "transit/encrypt/%1$s*" { capabilities = ["update"] }
                path "transit/decrypt/%1$s*" { capabilities = ["update"] }
                """.formatted(key));
        Path token = Files.writeString(folder.resolve("token"), bao.token(key));
        return new Kms(
                bao.kek(key),
                bao.kek(key + "-2"),
                Map.of(
                        "PODSEAL_KMS_VAULT_AUTH", "token",
                        "PODSEAL_KMS_VAULT_TOKEN_FILE", token.toString(),
                        "PODSEAL_KMS_VAULT_CA_FILE", bao.caFile().toString()));
    }
}
