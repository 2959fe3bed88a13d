// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.observation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.runtime.server.EmbeddedServer;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import io.podseal.testkit.Canary;
import io.podseal.testkit.FakeKms;
import io.podseal.testkit.LeakSearch;
import io.podseal.testkit.TestAccount;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What runs, and who served it, over HTTP and in Micrometer. */
class ObservationTest {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");

    private final Canary password = Canary.random("password");
    private final LeakSearch search = LeakSearch.of(password);
    private final FakeKms preferred = new FakeKms("fake-kms://preferred");
    private final FakeKms second = new FakeKms("fake-kms://second");
    private TestAccount account;

    @Factory
    static final class Registries {
        @Bean
        @Singleton
        SimpleMeterRegistry simple() {
            return new SimpleMeterRegistry();
        }
    }

    @BeforeEach
    void seal() {
        account = TestAccount.of(API, KeyType.AES256_GCM, preferred, second).seal("db", "password", password.bytes());
    }

    @AfterEach
    void close() {
        account.close();
    }

    private String location() {
        return account.location("db") + "?prefix=db.";
    }

    private EmbeddedServer start(String... more) {
        Map<String, Object> settings = new HashMap<>(account.settings(
                "podseal.import[0]", location(),
                "podseal.refresh.min-interval", "0s",
                "endpoints.health.details-visible", "ANONYMOUS",
                "micronaut.server.port", "-1",
                "micronaut.server.host", "127.0.0.1"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return ApplicationContext.run(EmbeddedServer.class, settings);
    }

    private static HttpResponse<String> health(EmbeddedServer server) throws Exception {
        return health(server, "/health");
    }

    private static HttpResponse<String> health(EmbeddedServer server, String path) throws Exception {
        URI uri = server.getURI().resolve(path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Micronaut binds meters when the registry of all registries is made, which others may not have asked for yet. */
    private static MeterRegistry registry(EmbeddedServer server) {
        server.getApplicationContext().getBean(MeterRegistry.class);
        return server.getApplicationContext().getBean(SimpleMeterRegistry.class);
    }

    private double counted(EmbeddedServer server, String name, String... tags) {
        return registry(server)
                .get(name)
                .tags("location", location())
                .tags(tags)
                .functionCounter()
                .count();
    }

    @Test
    void healthShowsTheGenerationAndWhoServedIt() throws Exception {
        preferred.answers(FakeKms.DENIES);
        try (EmbeddedServer server = start()) {
            HttpResponse<String> health = health(server);
            assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
            assertThat(health.body())
                    .contains("\"podseal\":{")
                    .contains(location())
                    .contains("\"generation\":1", "\"values\":1", "\"secondsSinceConfirmed\":")
                    .contains("\"servedBy\":[\"fake-kms://second\"]")
                    .doesNotContain("problem", "lastRefusal", "fake-kms://preferred");
            search.inText(health.body()).requireNone();
        }
    }

    @Test
    void refusedUpdateIsShownByItsCodeWhileTheLastGoodValuesAreUp() throws Exception {
        try (EmbeddedServer server = start()) {
            account.put("db", "password", "hunter2".getBytes(UTF_8));
            server.getApplicationContext().getEnvironment().refresh();
            HttpResponse<String> health = health(server);
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body())
                    .contains("\"lastRefusal\":\"FORMAT\"", "\"problem\":\"FORMAT\"", "\"generation\":1")
                    .doesNotContain("hunter2", "item 'password'");
            assertThat(counted(server, "podseal.generation.refused", "code", "FORMAT"))
                    .isPositive();
        }
    }

    @Test
    void staleGenerationIsDown() throws Exception {
        try (EmbeddedServer server = start("podseal.refresh.max-staleness", "1ns")) {
            HttpResponse<String> health = health(server);
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("\"status\":\"DOWN\"", "\"problem\":\"STALE\"");
            assertThat(health(server, "/health/readiness").statusCode()).isEqualTo(503);
            assertThat(health(server, "/health/liveness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void metersCountWhatHappenedBeforeThereWasARegistry() {
        preferred.answers(FakeKms.DENIES);
        try (EmbeddedServer server = start()) {
            assertThat(counted(server, "podseal.unwrap", "kek", preferred.uri(), "outcome", "KMS_DENIED"))
                    .isEqualTo(1);
            assertThat(counted(server, "podseal.unwrap", "kek", second.uri(), "outcome", "SUCCESS"))
                    .isEqualTo(1);
            assertThat(registry(server).get("podseal.generation.number").gauge().value())
                    .isEqualTo(1);
            assertThat(registry(server)
                            .get("podseal.generation.age")
                            .timeGauge()
                            .value())
                    .isNotNegative();
        }
    }

    @Test
    void metersAreAsManyAsTheSettingsAllowHoweverOftenValuesChange() {
        try (EmbeddedServer server = start()) {
            List<Meter.Id> before = ours(registry(server));
            for (int i = 1; i <= 3; i++) {
                account.seal("db", "item-" + i, "x");
                server.getApplicationContext().getEnvironment().refresh();
            }
            assertThat(registry(server).get("podseal.generation.number").gauge().value())
                    .isGreaterThan(1);
            assertThat(ours(registry(server))).isEqualTo(before).hasSizeLessThan(40);
            assertThat(before.stream().flatMap(id -> id.getTags().stream()).map(Tag::getKey))
                    .containsOnly("location", "kek", "outcome", "code");
        }
    }

    private static List<Meter.Id> ours(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("podseal."))
                .toList();
    }

    @Test
    void indicatorCanBeSwitchedOff() throws Exception {
        try (EmbeddedServer server = start("endpoints.health.podseal.enabled", "false")) {
            assertThat(health(server).body()).contains("\"status\":\"UP\"").doesNotContain("podseal");
        }
    }

    @Test
    void withoutAnImportNothingIsShown() throws Exception {
        try (EmbeddedServer server = start("podseal.enabled", "false")) {
            assertThat(health(server).body()).contains("\"status\":\"UP\"").doesNotContain("podseal");
            assertThat(ours(registry(server))).isEmpty();
        }
    }
}
