// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import io.podseal.spring.observation.ObservationAutoConfiguration;
import io.podseal.testkit.Canary;
import io.podseal.testkit.FakeKms;
import io.podseal.testkit.LeakSearch;
import io.podseal.testkit.TestAccount;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** What runs, and who served it, over HTTP and in Micrometer. */
class ObservationTest {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");

    private final Canary password = Canary.random("password");
    private final LeakSearch search = LeakSearch.of(password);
    private final FakeKms preferred = new FakeKms("fake-kms://preferred");
    private final FakeKms second = new FakeKms("fake-kms://second");
    private TestAccount account;

    @BeforeEach
    void seal() {
        account = TestAccount.of(API, KeyType.AES256_GCM, preferred, second).seal("db", "password", password.bytes());
    }

    @AfterEach
    void close() {
        account.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private String location() {
        return account.location("db") + "?prefix=db.";
    }

    private String[] args(String... more) {
        String[] arguments = account.arguments(
                "spring.config.import", location(),
                "podseal.refresh.min-interval", "0s",
                "server.port", "0",
                "management.endpoints.web.exposure.include", "*",
                "management.endpoint.health.show-details", "always");
        return Stream.of(arguments, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    private ConfigurableApplicationContext start(String... more) {
        return new SpringApplicationBuilder(Application.class).run(args(more));
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext context, String endpoint) {
        String port = context.getEnvironment().getProperty("local.server.port");
        URI uri = URI.create("http://localhost:" + port + "/actuator/" + endpoint);
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private double counted(ConfigurableApplicationContext context, String name, String... tags) {
        return context.getBean(MeterRegistry.class)
                .get(name)
                .tags("location", location())
                .tags(tags)
                .functionCounter()
                .count();
    }

    @Test
    void healthShowsTheGenerationAndWhoServedIt() {
        preferred.answers(FakeKms.DENIES);
        try (var context = start()) {
            HttpResponse<String> health = get(context, "health/podseal");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body())
                    .contains("\"status\":\"UP\"")
                    .contains(location())
                    .contains("\"generation\":1", "\"values\":1", "\"secondsSinceConfirmed\":")
                    .contains("\"servedBy\":[\"fake-kms://second\"]")
                    .doesNotContain("problem", "lastRefusal", "fake-kms://preferred");
            assertThat(get(context, "health").body()).contains("\"podseal\":{");
        }
    }

    @Test
    void refusedUpdateIsShownByItsCodeWhileTheLastGoodValuesAreUp() {
        try (var context = start()) {
            account.put("db", "password", "hunter2".getBytes(StandardCharsets.UTF_8));
            await().untilAsserted(
                            () -> assertThat(get(context, "health/podseal").body())
                                    .contains("\"lastRefusal\":\"FORMAT\"", "\"problem\":\"FORMAT\""));
            HttpResponse<String> health = get(context, "health/podseal");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).contains("\"generation\":1").doesNotContain("hunter2", "item 'password'");
            assertThat(counted(context, "podseal.generation.refused", "code", "FORMAT"))
                    .isPositive();

            account.seal("db", "password", password.bytes());
            await().untilAsserted(
                            () -> assertThat(get(context, "health/podseal").body())
                                    .contains("\"generation\":2")
                                    .doesNotContain("problem"));
        }
    }

    @Test
    void staleGenerationIsDown() {
        try (var context =
                start("--podseal.refresh.max-staleness=1ns", "--management.endpoint.health.probes.enabled=true")) {
            HttpResponse<String> health = get(context, "health/podseal");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("\"status\":\"DOWN\"", "\"problem\":\"STALE\"");
            assertThat(get(context, "health").statusCode()).isEqualTo(503);
            assertThat(get(context, "health/readiness").statusCode()).isEqualTo(200);
            assertThat(get(context, "health/liveness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void metersCountWhatHappenedBeforeThereWasARegistry() {
        preferred.answers(FakeKms.DENIES);
        try (var context = start()) {
            assertThat(counted(context, "podseal.unwrap", "kek", preferred.uri(), "outcome", "KMS_DENIED"))
                    .isEqualTo(1);
            assertThat(counted(context, "podseal.unwrap", "kek", second.uri(), "outcome", "SUCCESS"))
                    .isEqualTo(1);
            assertThat(counted(context, "podseal.unwrap", "kek", second.uri(), "outcome", "KMS_DENIED"))
                    .isZero();
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            assertThat(registry.get("podseal.generation.number").gauge().value())
                    .isEqualTo(1);
            assertThat(registry.get("podseal.generation.age").timeGauge().value())
                    .isNotNegative();
            assertThat(get(context, "metrics/podseal.unwrap").body()).contains("fake-kms://second", "KMS_DENIED");
        }
    }

    @Test
    void metersAreAsManyAsTheSettingsAllowHoweverOftenValuesChange() {
        try (var context = start()) {
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            List<Meter.Id> before = ours(registry);
            for (int i = 1; i <= 3; i++) {
                account.seal("db", "item-" + i, "x");
                String name = "db.item-" + i;
                await().until(() -> context.getEnvironment().containsProperty(name));
            }
            assertThat(ours(registry)).isEqualTo(before).hasSizeLessThan(40);
            assertThat(before.stream().flatMap(id -> id.getTags().stream()).map(Tag::getKey))
                    .containsOnly("location", "kek", "outcome", "code");
            assertThat(before.toString()).doesNotContain("item-1").doesNotContain("'password'");
        }
    }

    private static List<Meter.Id> ours(MeterRegistry registry) {
        return registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("podseal."))
                .toList();
    }

    @Test
    void noValueIsShown() {
        try (var context = start()) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo(password.text());
            List<String> shown = new ArrayList<>(List.of(
                    get(context, "health").body(), get(context, "metrics").body()));
            ours(context.getBean(MeterRegistry.class))
                    .forEach(id ->
                            shown.add(get(context, "metrics/" + id.getName()).body()));
            search.inText(String.join("\n", shown)).requireNone();
        }
    }

    @Test
    void contributorCanBeSwitchedOff() {
        try (var context = start("--management.health.podseal.enabled=false")) {
            assertThat(get(context, "health/podseal").statusCode()).isEqualTo(404);
        }
        try (var context = start("--management.health.defaults.enabled=false")) {
            assertThat(get(context, "health/podseal").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void withoutAnImportNothingIsShown() {
        try (var context = start("--spring.config.import=optional:podseal:mount:/nowhere", "--podseal.enabled=false")) {
            assertThat(get(context, "health/podseal").statusCode()).isEqualTo(404);
            assertThat(ours(context.getBean(MeterRegistry.class))).isEmpty();
        }
    }

    @Test
    void withoutActuatorAndMicrometerTheValuesAreThereAllTheSame() {
        ApplicationContextRunner runner = new ApplicationContextRunner()
                .withInitializer(new ConfigDataApplicationContextInitializer())
                .withInitializer(new PodsealContextInitializer())
                .withConfiguration(
                        AutoConfigurations.of(PodsealAutoConfiguration.class, ObservationAutoConfiguration.class))
                .withPropertyValues(account.settings("spring.config.import", location()).entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
        runner.withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.actuate", "org.springframework.boot.health", "io.micrometer"))
                .run(context -> {
                    assertThat(context.getEnvironment().getProperty("db.password"))
                            .isEqualTo(password.text());
                    assertThat(context.getBeanDefinitionNames()).noneMatch(name -> name.startsWith("podseal"));
                });
        runner.run(context -> assertThat(context.getBeanDefinitionNames())
                .contains("podsealHealthIndicator", "podsealMeters", "podsealSanitizingFunction"));
    }
}
