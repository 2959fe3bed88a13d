// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static io.podseal.k8s.Tenant.password;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.RefreshPolicy;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.store.SecretStoreBuilder;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

    private SecretStoreBuilder store(RefreshPolicy policy) {
        return tenant.store(tenant.sources().build().secret(null, "db", null)).refresh(policy);
    }

    private static RefreshPolicy onDelete(RefreshPolicy.OnDelete policy) {
        return new RefreshPolicy(true, Duration.ofDays(1), Duration.ZERO, Duration.ofDays(2), policy);
    }

    private void awaitWatch() {
        Awaitility.await().until(() -> tenant.calls().contains("watch secrets db 101"));
    }

    private long gets() {
        return tenant.calls().stream().filter(call -> call.startsWith("get")).count();
    }

    @Test
    void aStartIsOneGetAndOneWatchAndAChangeIsOneGetMore() {
        tenant.putPassword("db", "first");
        tenant.mayWatch("db");
        try (SecretStore store = store(NO_POLL).open()) {
            assertThat(password(store)).isEqualTo("first");
            awaitWatch();
            assertThat(tenant.calls()).containsExactlyInAnyOrder("get secrets db 200", "watch secrets db 101");
            tenant.putPassword("db", "second");
            Awaitility.await().until(() -> password(store).equals("second"));
            assertThat(gets()).isEqualTo(2);
        }
    }

    /** Two objects, two stores: each object costs the same, and they share one client. */
    @Test
    void aStartWithAKeysetElsewhereIsOneGetAndOneWatchForEachObject() {
        tenant.put("db", Map.of("password", tenant.token("db", "password", "first")));
        tenant.putConfigMap("keysets", Map.of("api.keyset.json", tenant.document()), Map.of());
        tenant.mayWatch("db").may(List.of("get", "watch"), "configmaps", "keysets");
        KubernetesSources sources = tenant.sources().build();
        try (SecretStore store = tenant.store(sources.secret(null, "db", null))
                .keysets(sources.keysetsOfConfigMap(null, "keysets"))
                .refresh(NO_POLL)
                .open()) {
            assertThat(password(store)).isEqualTo("first");
            Awaitility.await().until(() -> tenant.calls().size() >= 4);
            assertThat(tenant.calls())
                    .containsExactlyInAnyOrder(
                            "get secrets db 200",
                            "get configmaps keysets 200",
                            "watch secrets db 101",
                            "watch configmaps keysets 101");
        }
    }

    @Test
    void aRotationInTheSecretOfTheKeysetsIsFollowed() {
        tenant.put("db", Map.of("password", tenant.token("db", "password", "first")));
        tenant.put("keysets", Map.of("api.keyset.json", tenant.document()));
        tenant.mayWatch("db").mayWatch("keysets");
        KubernetesSources sources = tenant.sources().build();
        try (SecretStore store = tenant.store(sources.secret(null, "db", null))
                .keysets(sources.keysetsOfSecret(null, "keysets"))
                .refresh(NO_POLL)
                .open()) {
            assertThat(password(store)).isEqualTo("first");
            awaitWatch();
            Awaitility.await().until(() -> tenant.calls().contains("watch secrets keysets 101"));
            tenant.rotate();
            tenant.put("keysets", Map.of("api.keyset.json", tenant.document()));
            tenant.put("db", Map.of("password", tenant.token("db", "password", "second")));
            Awaitility.await().until(() -> password(store).equals("second"));
            assertThat(store.status().problem()).isNull();
        }
    }

    @Test
    void anEventThatChangesNoItemIsDropped() {
        Secret first = tenant.putPassword("db", "first");
        tenant.mayWatch("db");
        try (SecretStore store = store(NO_POLL).open()) {
            awaitWatch();
            for (int i = 0; i < 5; i++) {
                tenant.put(new SecretBuilder(first)
                        .editMetadata()
                        .withResourceVersion(null)
                        .addToLabels("touched", "n" + i)
                        .endMetadata()
                        .build());
            }
            tenant.putPassword("db", "second");
            Awaitility.await().until(() -> password(store).equals("second"));
            assertThat(gets())
                    .as("events come in order, and only the last one was news")
                    .isEqualTo(2);
        }
    }

    @Test
    void aDeletedSecretKeepsItsValuesAndARecreatedOneIsSeen() {
        tenant.putPassword("db", "first");
        tenant.mayWatch("db");
        try (SecretStore store = store(NO_POLL).open()) {
            awaitWatch();
            tenant.delete("db");
            Awaitility.await().until(() -> store.status().problem() != null);
            assertThat(store.status().problem()).hasMessageStartingWith("SOURCE_MISSING");
            assertThat(password(store)).isEqualTo("first");
            tenant.putPassword("db", "second");
            Awaitility.await().until(() -> password(store).equals("second"));
            assertThat(store.status().problem()).isNull();
        }
    }

    @Test
    void aDeletedSecretFailsItsReadersWhereThePolicySaysSo() {
        tenant.putPassword("db", "first");
        tenant.mayWatch("db");
        try (SecretStore store = store(onDelete(RefreshPolicy.OnDelete.FAIL)).open()) {
            awaitWatch();
            tenant.delete("db");
            Awaitility.await()
                    .untilAsserted(() -> assertThatThrownBy(store::current)
                            .isInstanceOfSatisfying(
                                    PodsealException.class,
                                    e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_MISSING)));
            tenant.putPassword("db", "second");
            Awaitility.await().ignoreExceptions().until(() -> password(store).equals("second"));
        }
    }

    @Test
    void anOptionalSecretThatAppearsIsOpened() {
        tenant.mayWatch("db");
        try (SecretStore store = store(NO_POLL).openIfPresent().orElseThrow()) {
            assertThat(store.current().names()).isEmpty();
            assertThat(store.status().problem()).isNull();
            awaitWatch();
            tenant.putPassword("db", "late");
            Awaitility.await().until(() -> password(store).equals("late"));
        }
    }

    @Test
    void withoutTheRightToWatchPollingGoesOnAndTheRightIsNamedOnce() {
        tenant.putPassword("db", "first");
        tenant.mayGet("db");
        try (Told told = new Told(ObjectWatch.class);
                SecretStore store = store(new RefreshPolicy(
                                true,
                                Duration.ofMillis(200),
                                Duration.ZERO,
                                Duration.ofMinutes(10),
                                RefreshPolicy.OnDelete.KEEP))
                        .open()) {
            tenant.putPassword("db", "second");
            Awaitility.await().until(() -> password(store).equals("second"));
            Awaitility.await().until(() -> gets() > 4);
            assertThat(tenant.calls())
                    .filteredOn(call -> call.startsWith("watch"))
                    .as("not tried again at every reading")
                    .containsExactly("watch secrets db 403");
            assertThat(store.status().problem()).isNull();
            assertThat(told.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains(
                                    "secret " + tenant.namespace() + "/db",
                                    "403",
                                    "polling",
                                    RbacManifest.of(tenant.account)
                                            .secret(null, "db")
                                            .watch(true)
                                            .toYaml()));
        }
    }

    @Test
    void aRightThatIsTakenAwayIsNoticedAtTheNextReadingThoughTheWatchGoesOn() {
        tenant.putPassword("db", "first");
        tenant.mayWatch("db");
        try (SecretStore store = store(NO_POLL).open()) {
            awaitWatch();
            tenant.mayNotAnyMore("db");
            tenant.putPassword("db", "second");
            Awaitility.await().until(() -> store.status().problem() != null);
            assertThat(store.status().problem()).hasMessageStartingWith("SOURCE_DENIED");
            assertThat(password(store)).isEqualTo("first");
            tenant.mayWatch("db");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> password(store).equals("second"));
        }
    }

    @Test
    void aSecretOfOneMebibyteIsSeenThroughItsWatch() {
        tenant.putPassword("db", "x".repeat(700_000));
        tenant.mayWatch("db");
        try (SecretStore store = store(NO_POLL).open()) {
            awaitWatch();
            tenant.putPassword("db", "y".repeat(700_000));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> password(store).startsWith("y"));
        }
    }

    /** The promise; what a quiet machine does is in the benchmarks. */
    @Test
    void ofTwoHundredChangesNinetyNineInAHundredAreSeenWithinTwoSeconds() throws Exception {
        tenant.putPassword("db", "0");
        tenant.mayWatch("db");
        long[] nanos = new long[200];
        try (SecretStore store = store(NO_POLL).open()) {
            awaitWatch();
            for (int i = 0; i < nanos.length; i++) {
                String next = String.valueOf(i + 1);
                long begun = System.nanoTime();
                tenant.putPassword("db", next);
                while (!password(store).equals(next)) {
                    assertThat(System.nanoTime() - begun).as("change %s", next).isLessThan(60_000_000_000L);
                    Thread.onSpinWait();
                }
                nanos[i] = System.nanoTime() - begun;
            }
        }
        Arrays.sort(nanos);
        assertThat(Duration.ofNanos(nanos[nanos.length * 99 / 100 - 1])).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void anImmutableSecretIsNotWatchedAndItsReplacementIs() {
        Secret sealed = tenant.secret(
                        "db",
                        Map.of(
                                "password",
                                tenant.token("db", "password", "first"),
                                "api.keyset.json",
                                tenant.document()))
                .withImmutable(true)
                .build();
        tenant.put(sealed);
        tenant.mayWatch("db");
        try (SecretStore store = store(new RefreshPolicy(
                        true,
                        Duration.ofMillis(200),
                        Duration.ZERO,
                        Duration.ofMinutes(10),
                        RefreshPolicy.OnDelete.KEEP))
                .open()) {
            Awaitility.await().until(() -> gets() > 3);
            assertThat(tenant.calls()).containsOnly("get secrets db 200");
            tenant.delete("db");
            tenant.putPassword("db", "second");
            Awaitility.await().until(() -> password(store).equals("second"));
            awaitWatch();
        }
    }

    @Test
    void nothingOfOursIsLeftOnceTheLastSourceIsClosed() {
        tenant.putPassword("db", "first");
        tenant.mayWatch("db");
        KubernetesSources sources = tenant.sources().build();
        SecretStore one = tenant.store(sources.secret(null, "db", null)).open();
        SecretStore two = tenant.store(sources.secret(null, "db", null)).open();
        awaitWatch();
        one.close();
        assertThat(two.refresh()).as("the other still has its client").isTrue();
        two.close();
        Awaitility.await()
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .filteredOn(Thread::isAlive)
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("podseal") || name.startsWith("ApiHttpClients")));
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().contains("HttpClient"))
                .allMatch(Thread::isDaemon);
        try (SecretStore again = tenant.store(sources.secret(null, "db", null)).open()) {
            assertThat(password(again)).as("a new source makes a new client").isEqualTo("first");
        }
    }

    @Test
    void aClosedSourceReadsNothing() {
        tenant.putPassword("db", "first");
        tenant.mayGet("db");
        SecretSource source = tenant.sources().build().secret(null, "db", null);
        source.read();
        source.close();
        source.close();
        assertThatThrownBy(source::read).hasMessageContaining("closed");
        assertThat(gets()).isEqualTo(1);
    }
}
