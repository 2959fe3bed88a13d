// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The actuator with all values shown, over HTTP. */
class ActuatorTest {
    private static final String CANARY = "canary-51cf0b2e";
    private static final String PIN = "90017";

    @TempDir
    Path root;

    private Workload workload;
    private Mount mount;

    @BeforeEach
    void mint() throws IOException {
        workload = Workload.in(root);
        mount = workload.mount("db")
                .withKeyset()
                .sealed("password", CANARY)
                .sealed("pin", PIN)
                .sealed("odd", "x${" + CANARY + "}\\")
                .delivered();
    }

    @ConfigurationProperties("app")
    record App(String url, String password, int pin, String odd, String open) {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties(App.class)
    static class Application {}

    private ConfigurableApplicationContext start(String... more) {
        List<String> args = new ArrayList<>(List.of(more));
        args.addAll(List.of(
                mount.importing("?prefix=db."),
                "--server.port=0",
                "--management.endpoints.web.exposure.include=*",
                "--management.endpoint.env.show-values=always",
                "--management.endpoint.configprops.show-values=always",
                "--podseal.refresh.min-interval=0s",
                "--app.url=jdbc:h2:mem:x;PASSWORD=${db.password}",
                "--app.password=${db.password}",
                "--app.pin=${db.pin}",
                "--app.odd=${db.odd}",
                "--app.open=open-value"));
        return new SpringApplicationBuilder(Application.class).run(workload.args(args.toArray(String[]::new)));
    }

    private static String get(ConfigurableApplicationContext context, String endpoint) {
        String port = context.getEnvironment().getProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/" + endpoint))
                .build();
        try {
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void noEndpointShowsAValueNorWhatHoldsOne() {
        try (var context = start()) {
            assertThat(context.getBean(App.class).url()).contains(CANARY);
            for (String endpoint : List.of(
                    "env",
                    "env/db.password",
                    "env/db.odd",
                    "env/app.url",
                    "configprops",
                    "configprops/app",
                    "beans",
                    "conditions",
                    "mappings",
                    "loggers",
                    "info",
                    "health",
                    "scheduledtasks")) {
                assertThat(get(context, endpoint))
                        .as(endpoint)
                        .doesNotContain(CANARY)
                        .doesNotContain(PIN);
            }
            assertThat(get(context, "env")).contains("db.password", "******", "open-value");
            assertThat(get(context, "configprops")).contains("******", "open-value");
        }
    }

    @Test
    void blankBehindTheSettingDoesNotEndTheMasking() {
        try (var context = start("--podseal.sanitize=true ", "--podseal.enabled=true ")) {
            assertThat(get(context, "env")).contains("db.password").doesNotContain(CANARY);
        }
    }

    @Test
    void withoutMaskingTheSameRequestsShowThem() {
        try (var context = start("--podseal.sanitize=false")) {
            assertThat(get(context, "env")).contains("PASSWORD=" + CANARY).contains(PIN);
            assertThat(get(context, "configprops"))
                    .contains("PASSWORD=" + CANARY)
                    .contains(PIN);
        }
    }

    @Test
    void whatBeansHoldSinceTheStartStaysMaskedAfterARotation() throws IOException {
        try (var context = start()) {
            mount.sealed("password", "rotated-7d61").delivered();
            await().until(() -> "rotated-7d61".equals(context.getEnvironment().getProperty("db.password")));
            assertThat(get(context, "configprops")).doesNotContain(CANARY).doesNotContain("rotated-7d61");
            assertThat(get(context, "env")).doesNotContain(CANARY).doesNotContain("rotated-7d61");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ab", "abc"})
    void aVeryShortValueIsMaskedAloneAndDoesNotMaskWhatContainsIt(String secret) throws IOException {
        mount.sealed("password", secret).delivered();
        try (var context = start("--app.open=abcd-open")) {
            assertThat(get(context, "env")).contains("abcd-open");
            assertThat(get(context, "configprops/app")).doesNotContain("\"password\":\"" + secret + "\"");
        }
    }
}
