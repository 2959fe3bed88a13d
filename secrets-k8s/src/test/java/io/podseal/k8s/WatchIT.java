// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.store.RefreshPolicy;
import io.podseal.store.SecretStore;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a store makes of a watch, on a real API server. */
@ControlPlane
@Timeout(120)
class WatchIT {
    /** No reading but the first and those that a watch causes. */
    private static final RefreshPolicy NO_POLL =
            new RefreshPolicy(true, Duration.ofDays(1), Duration.ZERO, Duration.ofDays(2), RefreshPolicy.OnDelete.KEEP);

    private final LocalControlPlane plane;

    @TempDir
    private Path folder;

    private Tenant tenant;

    WatchIT(LocalControlPlane plane) {
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

    private SecretStore open(String secret) {
        return tenant.store(tenant.sources().build().secret(null, secret, null))
                .refresh(NO_POLL)
                .open();
    }

    @Test
    void aStartIsOneGetAndOneWatchAndAChangeIsOneGetMore() {
        tenant.putPassword("db", "first");
        tenant.mayWatch("db");
        try (SecretStore store = open("db")) {
            assertThat(Tenant.password(store)).isEqualTo("first");
            Awaitility.await()
                    .untilAsserted(() -> assertThat(tenant.calls())
                            .containsExactlyInAnyOrder("get secrets db 200", "watch secrets db 101"));
            tenant.putPassword("db", "second");
            Awaitility.await().until(() -> Tenant.password(store).equals("second"));
            assertThat(tenant.calls())
                    .filteredOn(call -> call.startsWith("get"))
                    .hasSize(2);
        }
    }
}
