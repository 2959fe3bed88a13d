// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static io.podseal.k8s.Tenant.password;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.store.RefreshPolicy;
import io.podseal.store.SecretStore;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A running store, while the API server dies, freezes and returns. */
@ControlPlane(exclusive = true)
@Timeout(240)
class OutageIT {
    /** What is promised from the server's return on. */
    private static final Duration RECOVERY = Duration.ofSeconds(35);

    private final LocalControlPlane plane;

    @TempDir
    private Path folder;

    private Tenant tenant;
    private final AtomicLong ahead = new AtomicLong();

    OutageIT(LocalControlPlane plane) {
        this.plane = plane;
    }

    @BeforeEach
    void tenant() {
        tenant = new Tenant(plane, folder);
        tenant.putPassword("db", "first");
        tenant.mayWatch("db");
    }

    @AfterEach
    void close() {
        tenant.close();
    }

    private SecretStore open(Duration poll) {
        return tenant.store(tenant.sources()
                        .callTimeout(Duration.ofSeconds(2))
                        .build()
                        .secret(null, "db", null))
                .refresh(new RefreshPolicy(
                        true, poll, Duration.ZERO, Duration.ofMinutes(10), RefreshPolicy.OnDelete.KEEP))
                .nanoTime(() -> System.nanoTime() + ahead.get())
                .open();
    }

    private static void awaitProblem(SecretStore store) {
        Awaitility.await()
                .atMost(RECOVERY)
                .until(() -> store.status().problem() != null
                        && store.status().problem().code() == ErrorCode.SOURCE_UNAVAILABLE);
    }

    private static void awaitPassword(SecretStore store, String expected) {
        long begun = System.nanoTime();
        Awaitility.await().atMost(RECOVERY).until(() -> password(store).equals(expected));
        System.out.printf("recovered after %d ms%n", (System.nanoTime() - begun) / 1_000_000);
        Awaitility.await().atMost(RECOVERY).until(() -> store.status().problem() == null);
    }

    /** A watch works again: nothing but it can tell of a change so soon. */
    private void requireWatched(SecretStore store) {
        tenant.putPassword("db", "watched");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> password(store).equals("watched"));
    }

    @Test
    void aKilledServerIsNoticedThroughTheWatchAndRecoveredFrom() {
        try (SecretStore store = open(Duration.ofDays(1))) {
            Awaitility.await().until(() -> tenant.calls().contains("watch secrets db 101"));
            plane.kill();
            awaitProblem(store);
            assertThat(password(store)).isEqualTo("first");
            plane.restart();
            tenant.putPassword("db", "second");
            awaitPassword(store, "second");
            requireWatched(store);
        }
    }

    @Test
    void aFrozenServerIsNoticedByAReadingAndRecoveredFrom() {
        try (SecretStore store = open(Duration.ofSeconds(1))) {
            plane.freeze();
            awaitProblem(store);
            assertThat(store.status().problem()).hasMessageContaining("call-timeout");
            assertThat(password(store)).isEqualTo("first");
            plane.thaw();
            tenant.putPassword("db", "second");
            awaitPassword(store, "second");
        }
    }

    @Test
    void aHealthyIdleWatchIsNeverStaleAndADeadServerIs() {
        try (SecretStore store = open(Duration.ofSeconds(1))) {
            for (int quarter = 0; quarter < 5; quarter++) {
                ahead.addAndGet(Duration.ofMinutes(9).toNanos());
                Awaitility.await().until(() -> store.status().sinceConfirmed().compareTo(Duration.ofMinutes(1)) < 0);
                assertThat(store.status().problem()).isNull();
            }
            plane.kill();
            ahead.addAndGet(Duration.ofMinutes(11).toNanos());
            assertThat(store.status().problem())
                    .satisfies(problem -> assertThat(problem.code()).isEqualTo(ErrorCode.STALE));
            assertThat(password(store)).isEqualTo("first");
            plane.restart();
            Awaitility.await().atMost(RECOVERY).until(() -> store.status().problem() == null);
        }
    }
}
