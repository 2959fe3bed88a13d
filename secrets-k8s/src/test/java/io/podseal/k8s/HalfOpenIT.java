// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static io.podseal.k8s.Tenant.password;
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

/** Connections that are lost without a sign, on the way to a real API server. */
@ControlPlane
@Timeout(240)
class HalfOpenIT {
    private static final Duration RECOVERY = Duration.ofSeconds(35);

    private final LocalControlPlane plane;

    @TempDir
    private Path folder;

    private Tenant tenant;
    private TcpProxy proxy;

    HalfOpenIT(LocalControlPlane plane) {
        this.plane = plane;
    }

    @BeforeEach
    void tenant() throws Exception {
        tenant = new Tenant(plane, folder);
        proxy = new TcpProxy(plane.apiServer());
        tenant.putPassword("db", "first");
        tenant.mayWatch("db");
    }

    @AfterEach
    void close() {
        proxy.close();
        tenant.close();
    }

    private SecretStore open(Duration poll) {
        return tenant.store(tenant.sources(proxy.uri())
                        .callTimeout(Duration.ofSeconds(2))
                        .build()
                        .secret(null, "db", null))
                .refresh(new RefreshPolicy(
                        true, poll, Duration.ZERO, Duration.ofMinutes(10), RefreshPolicy.OnDelete.KEEP))
                .open();
    }

    private long watches() {
        return tenant.calls().stream().filter(call -> call.startsWith("watch")).count();
    }

    @Test
    void readingsRecoverAndTheWatchIsNotTrustedAfterASilence() {
        try (SecretStore store = open(Duration.ofSeconds(3))) {
            Awaitility.await().until(() -> watches() == 1);
            assertThat(store.refresh()).isTrue();
            assertThat(proxy.connections())
                    .as("the watch's, and one for readings")
                    .isEqualTo(2);
            proxy.goSilent();
            tenant.putPassword("db", "second");
            Awaitility.await().atMost(RECOVERY).until(() -> store.status().problem() != null);
            assertThat(store.status().problem()).hasMessageContaining("call-timeout");
            Awaitility.await().atMost(RECOVERY).until(() -> password(store).equals("second"));
            Awaitility.await().atMost(RECOVERY).until(() -> watches() == 2);
            assertThat(store.status().problem()).isNull();
        }
    }

    @Test
    void aWatchThatDoesNotTellWhatAReadingFoundIsReplaced() {
        try (SecretStore store = open(Duration.ofDays(1))) {
            Awaitility.await().until(() -> watches() == 1);
            assertThat(proxy.connections())
                    .as("the first reading's became the watch's")
                    .isEqualTo(1);
            proxy.goSilent();
            tenant.putPassword("db", "second");
            assertThat(store.refresh()).isTrue();
            assertThat(password(store)).as("a reading finds it").isEqualTo("second");
            Awaitility.await().atMost(RECOVERY).until(() -> watches() == 2);
            tenant.putPassword("db", "third");
            Awaitility.await().atMost(RECOVERY).until(() -> password(store).equals("third"));
        }
    }
}
