// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micronaut.context.ApplicationContext;
import io.podseal.ErrorCode;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code podseal.import[0]=podseal:secret:…} against a real API server, with the rights of one ServiceAccount. */
@ControlPlane
class KubernetesImportIT {
    private static final String SECRET = "podseal:secret:db-credentials?prefix=db.";

    private static LocalControlPlane plane;
    private static Path pod;

    @TempDir
    Path folder;

    private SealedMount secret;

    @BeforeAll
    static void anAccountThatMayGetAndWatchNamedSecrets(LocalControlPlane started, @TempDir Path root) {
        plane = started;
        plane.createNamespace("payments");
        plane.createServiceAccount(SealedMount.API);
        plane.kubectlWithInput("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: api, namespace: payments}
                rules:
                  - {apiGroups: [""], resources: [secrets], verbs: [get, watch], resourceNames: [db-credentials, other, absent]}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: api, namespace: payments}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: api}
                subjects: [{kind: ServiceAccount, name: api, namespace: payments}]
                """, "apply", "-f", "-");
        pod = plane.podFiles(SealedMount.API, root.resolve("pod"));
    }

    @BeforeEach
    void noSecretYet() {
        plane.kubectl("delete", "secrets", "--all", "-n", "payments");
        secret = SealedMount.in(folder).sealed("password", "correct horse");
    }

    /** Creates the object, or gives it exactly these items. */
    private static void apply(SealedMount items) {
        String name = items.directory.getFileName().toString();
        String data = items.items().entrySet().stream()
                .map(item ->
                        "\"" + item.getKey() + "\":\"" + Base64.getEncoder().encodeToString(item.getValue()) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        String object = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"" + name + "\"},\"data\":"
                + data + "}";
        String path = "/api/v1/namespaces/payments/secrets/" + name + "?fieldManager=test&force=true";
        assertThat(plane.request(plane.adminToken(), "PATCH", path, "application/apply-patch+yaml", object)
                        .statusCode())
                .isBetween(200, 201);
    }

    private Map<String, Object> settings(String... imports) {
        Map<String, Object> settings = new LinkedHashMap<>(secret.settings("", "podseal.refresh.min-interval", "0s"));
        settings.put("podseal.kubernetes.api-server", plane.apiServer().toString());
        settings.put("podseal.kubernetes.token-file", pod.resolve("token").toString());
        settings.put("podseal.kubernetes.ca-file", pod.resolve("ca.crt").toString());
        settings.put("podseal.kubernetes.namespace", "payments");
        for (int i = 0; i < imports.length; i++) {
            settings.put("podseal.import[" + i + "]", imports[i]);
        }
        return settings;
    }

    private static List<String> requestsOfTheAccount() {
        return plane.auditEvents().stream()
                .filter(event -> event.user().equals("system:serviceaccount:payments:api"))
                .map(event -> event.verb() + " " + event.resource() + "/" + event.name())
                .toList();
    }

    /** A client has one such thread, which may outlive it. */
    private static Set<Thread> clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("HttpClient-.*SelectorManager"))
                .collect(Collectors.toSet());
    }

    @Test
    void severalImportsTakeOneGetAndOneWatchEachAndShareAClient() {
        apply(secret);
        apply(SealedMount.of(folder, "other", SealedMount.API).sealed("user", "api"));
        Map<String, Object> settings = settings(SECRET, "podseal:secret:payments/other?prefix=other.");
        settings.put("podseal.keks[1]", "local-kms:" + folder.resolve("other.kek"));
        int before = requestsOfTheAccount().size();
        Set<Thread> clients = clientThreads();
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            assertThat(context.getProperty("db.password", String.class)).hasValue("correct horse");
            assertThat(context.getProperty("other.user", String.class)).hasValue("api");
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(
                            () -> assertThat(requestsOfTheAccount().stream().skip(before))
                                    .containsExactlyInAnyOrder(
                                            "get secrets/db-credentials",
                                            "get secrets/other",
                                            "watch secrets/db-credentials",
                                            "watch secrets/other"));
            assertThat(clientThreads())
                    .filteredOn(thread -> !clients.contains(thread))
                    .hasSize(1);
        }
        Threads.assertNoneOfPodseal();
    }

    @Test
    void propertiesFollowTheSecret() {
        apply(secret);
        try (ApplicationContext context = ApplicationContext.run(settings(SECRET))) {
            assertThat(context.getProperty("db.password", String.class)).hasValue("correct horse");
            apply(secret.sealed("password", "rotated"));
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(context.getProperty("db.password", String.class))
                            .hasValue("rotated"));
        }
    }

    @Test
    void anOptionalSecretThatAppearsLaterIsThereAfterARefreshOfTheEnvironment() {
        try (ApplicationContext context = ApplicationContext.run(settings("optional:" + SECRET))) {
            assertThat(context.getProperty("db.password", String.class)).isEmpty();
            apply(secret);
            context.getEnvironment().refresh();
            assertThat(context.getProperty("db.password", String.class)).hasValue("correct horse");
        }
        Threads.assertNoneOfPodseal();
    }

    @Test
    void aSecretThatIsNotThereStopsTheStartAndNothingIsLeftRunning() {
        apply(secret);
        Refusal.of(settings(SECRET, "podseal:secret:absent"), ErrorCode.SOURCE_MISSING)
                .contains("absent");
        Threads.assertNoneOfPodseal();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "optional:"})
    void aSecretThatTheAccountMayNotGetStopsTheStartWithTheRoleItNeeds(String optional) {
        Refusal.of(settings(optional + "podseal:secret:forbidden"), ErrorCode.SOURCE_DENIED)
                .contains("serviceaccount:payments:api", "resourceNames", "forbidden", "RoleBinding");
        Threads.assertNoneOfPodseal();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "optional:"})
    void anApiServerThatCannotBeReachedStopsTheStart(String optional) {
        Map<String, Object> settings = settings(optional + SECRET);
        settings.put("podseal.kubernetes.api-server", "https://127.0.0.1:1");
        settings.put("podseal.kubernetes.start-deadline", "1s");
        Refusal.of(settings, ErrorCode.SOURCE_UNAVAILABLE).contains("127.0.0.1:1");
        Threads.assertNoneOfPodseal();
    }

    @Test
    void awayFromAClusterASecretIsUnavailableUnlessItIsOptional() {
        Refusal.of(secret.settings("", "podseal.import[0]", SECRET), ErrorCode.SOURCE_UNAVAILABLE)
                .contains("no API server is configured");
        try (ApplicationContext context =
                ApplicationContext.run(secret.settings("", "podseal.import[0]", "optional:" + SECRET))) {
            assertThat(context.getEnvironment().getPropertySources())
                    .noneMatch(source -> source.toString().contains("podseal:"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.config.import", "logging.config", "micronaut.config.import", "logger.levels.root"})
    void anItemThatLooksLikeConfigurationIsRefusedWithoutAPrefix(String item) {
        apply(secret.sealed(item, "file:/nowhere"));
        Refusal.of(settings("podseal:secret:db-credentials"), ErrorCode.CONFIGURATION)
                .contains("'" + item + "'", "?prefix=")
                .doesNotContain("nowhere");
        try (ApplicationContext context = ApplicationContext.run(settings(SECRET))) {
            assertThat(context.getProperty("db." + item, String.class)).hasValue("file:/nowhere");
            assertThat(context.getProperty(item, String.class)).isEmpty();
        }
    }
}
