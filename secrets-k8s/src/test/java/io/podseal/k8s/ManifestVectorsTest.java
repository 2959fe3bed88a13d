// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.SecretValue;
import io.podseal.store.Generation;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.store.SecretStoreBuilder;
import io.podseal.testkit.vectors.ItemsVector;
import io.podseal.testkit.vectors.VectorKms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the specification says of items, of those that stand in a manifest; {@code docs/testing.md} shows it. */
class ManifestVectorsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("io.podseal.testkit.vectors.TestVectors#items")
    void itemsOpenThroughTheCarrierAsTheSpecificationSays(ItemsVector vector) throws IOException {
        SecretSource source = manifest(vector.secret().orElse(null), vector.items());
        SecretStoreBuilder store = vector.reader().store(source, new VectorKms());
        ErrorCode refused = vector.code().orElse(null);
        if (refused != null) {
            assertThatExceptionOfType(PodsealException.class)
                    .isThrownBy(store::open)
                    .extracting(PodsealException::code)
                    .isEqualTo(refused);
            return;
        }
        try (SecretStore opened = store.open()) {
            Generation generation = opened.current();
            assertThat(generation.names()).isEqualTo(vector.values().keySet());
            vector.values().forEach((name, bytes) -> {
                try (SecretValue value = Objects.requireNonNull(generation.get(name))) {
                    assertThat(value.revealBytes()).isEqualTo(bytes);
                }
            });
        }
    }

    private SecretSource manifest(@Nullable String secret, Map<String, byte[]> items) throws IOException {
        String yaml =
                Serialization.asYaml(Tenant.secret("payments", secret, items).build());
        Path file = Files.writeString(folder.resolve("secret.yaml"), yaml);
        return KubernetesSources.builder().build().manifest(file, null, null);
    }
}
