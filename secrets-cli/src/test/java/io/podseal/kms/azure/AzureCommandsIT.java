// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import io.podseal.cli.KmsCommands;
import io.podseal.cli.Trust;
import io.podseal.kms.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** With the fake of Azure Key Vault, and a login by Workload Identity. */
final class AzureCommandsIT extends KmsCommands {
    private static final String KEY = "payments-api/0123456789abcdef0123456789abcdef";
    private static final String SECOND = "payments-api/fedcba9876543210fedcba9876543210";
    private static final String CLIENT = "99999999-8888-7777-6666-555555555555";
    private static final String ASSERTION = "federated." + Refusal.CANARY;
    private static final String TOKEN = "eyJ." + Refusal.CANARY;

    private FakeKeyVault vault;

    @Override
    protected Kms kms(Path folder) throws Exception {
        vault = new FakeKeyVault()
                .key(KEY, 2048)
                .key(SECOND, 3072)
                .grant(TOKEN, FakeKeyVault.READ, FakeKeyVault.UNWRAP)
                .identity(CLIENT, ASSERTION, TOKEN);
        return new Kms(
                "azure-kv://" + FakeKeyVault.VAULT + "/keys/" + KEY,
                "azure-kv://" + FakeKeyVault.VAULT + "/keys/" + SECOND,
                Map.of(
                        "PODSEAL_KMS_AZURE_TENANT_ID", FakeKeyVault.TENANT,
                        "PODSEAL_KMS_AZURE_CLIENT_ID", CLIENT,
                        "PODSEAL_KMS_AZURE_TOKEN_FILE",
                                Files.writeString(folder.resolve("federated-token"), ASSERTION)
                                        .toString(),
                        "PODSEAL_KMS_AZURE_PROXY", vault.proxy().url(),
                        "JDK_JAVA_OPTIONS", Trust.options(FakeKeyVault.TLS)));
    }

    /** Whoever has the public key can wrap. */
    @Override
    protected boolean needsFingerprint() {
        return true;
    }

    @AfterEach
    void stop() {
        vault.close();
    }
}
