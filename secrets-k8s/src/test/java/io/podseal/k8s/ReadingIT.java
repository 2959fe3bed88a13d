// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.store.SecretSource;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reading gives, on a real API server. */
@ControlPlane
class ReadingIT {
    private final LocalControlPlane plane;

    @TempDir
    private Path folder;

    private Tenant tenant;

    ReadingIT(LocalControlPlane plane) {
        this.plane = plane;
    }

    @BeforeEach
    void tenant() {
        tenant = new Tenant(plane, folder);
    }

    @AfterEach
    void close() {
        tenant.close();
    }

    @Test
    void aSecretIsReadWithOneGetAndTheLeastRight() {
        tenant.put("db", Map.of("password", "token", "user", "another"));
        tenant.mayGet("db");
        try (SecretSource source = tenant.sources().build().secret(null, "db", null)) {
            assertThat(Tenant.texts(source.read())).isEqualTo(Map.of("password", "token", "user", "another"));
            assertThat(source.secretName()).isEqualTo("db");
        }
        assertThat(tenant.calls()).containsExactly("get secrets db 200");
    }
}
