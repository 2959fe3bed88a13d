// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.podseal.store.SecretSource;
import io.podseal.testkit.SecretSourceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The one Secret of a manifest, as a tool writes it. */
class ManifestContractTest extends SecretSourceContract {
    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("secret.yaml");
    }

    @Override
    protected SecretSource source() {
        return KubernetesSources.builder().build().manifest(file(), null, null);
    }

    @Override
    protected String secretName() {
        return "db";
    }

    @Override
    protected void deliver(Map<String, byte[]> items) throws IOException {
        Files.writeString(
                file(),
                Serialization.asYaml(Tenant.secret("payments", "db", items).build()));
    }

    @Override
    protected void remove() throws IOException {
        Files.deleteIfExists(file());
    }

    @Override
    protected AutoCloseable obstruct() throws IOException {
        Path aside = Files.move(file(), folder.resolve("aside"));
        Files.createDirectory(file());
        return () -> {
            Files.delete(file());
            Files.move(aside, file());
        };
    }
}
