// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static io.podseal.spring.Starts.refusal;
import static io.podseal.spring.Starts.start;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import io.podseal.spring.property.PodsealPropertySource;
import io.podseal.testkit.AuditEvent;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** {@code spring.config.import=podseal:secret:…} against a real API server, with the rights of one ServiceAccount. */
@ControlPlane
class KubernetesImportIT {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");

    @TempDir
    static Path root;

    private static LocalControlPlane plane;
    private static Workload workload;
    private static Path pod;

    @BeforeAll
    static void anAccountThatMayGetAndWatchNamedSecrets(LocalControlPlane started) throws IOException {
        plane = started;
        workload = Workload.in(root);
        plane.createNamespace("payments");
        plane.createServiceAccount(API);
        plane.kubectlWithInput("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: api, namespace: payments}
                rules:
                  - {apiGroups: [""], resources: [secrets], verbs: [get, watch], resourceNames: [one, two, later, names, absent]}
                  - {apiGroups: [""], resources: [configmaps], verbs: [get, watch], resourceNames: [api-keyset]}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: api, namespace: payments}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: api}
                subjects: [{kind: ServiceAccount, name: api, namespace: payments}]
                """, "apply", "-f", "-");
        pod = plane.podFiles(API, root.resolve("pod"));
    }

    private static ClusterSecret secret(String name) {
        return new ClusterSecret(plane, workload, name);
    }

    private static String[] args(String imports, String... more) {
        return argsFor(plane.apiServer().toString(), imports, more);
    }

    private static String[] argsFor(String apiServer, String imports, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--spring.config.import=" + imports,
                "--podseal.kubernetes.api-server=" + apiServer,
                "--podseal.kubernetes.token-file=" + pod.resolve("token"),
                "--podseal.kubernetes.ca-file=" + pod.resolve("ca.crt"),
                "--podseal.kubernetes.namespace=payments",
                "--podseal.refresh.min-interval=0s"));
        args.addAll(List.of(more));
        return workload.args(args.toArray(String[]::new));
    }

    private static List<String> requestsOfTheAccount(int from) {
        List<AuditEvent> all = plane.auditEvents().stream()
                .filter(event -> event.user().equals("system:serviceaccount:payments:api"))
                .toList();
        return all.subList(from, all.size()).stream()
                .map(event -> event.verb() + " " + event.resource() + "/" + event.name())
                .toList();
    }

    private static Set<Thread> threads(String begin) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(begin))
                .collect(Collectors.toSet());
    }

    private static PodsealPropertySource source(ConfigurableApplicationContext context) {
        return PodsealPropertySource.in(context.getEnvironment()).get(0);
    }

    @Test
    void severalImportsTakeOneGetAndOneWatchEachAndShareAClient() {
        secret("one").withKeyset().sealed("password", "correct horse").applied();
        secret("two").withKeyset().sealed("user", "api").applied();
        int before = requestsOfTheAccount(0).size();
        Set<Thread> clients = threads("HttpClient-");
        try (var context = start(
                Starts.Empty.class, args("podseal:secret:one?prefix=db.,podseal:secret:payments/two?prefix=db."))) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("correct horse");
            assertThat(context.getEnvironment().getProperty("db.user")).isEqualTo("api");
            await().atMost(ofMinutes(1))
                    .untilAsserted(() -> assertThat(requestsOfTheAccount(before))
                            .containsExactlyInAnyOrder(
                                    "get secrets/one", "get secrets/two", "watch secrets/one", "watch secrets/two"));
            Set<Thread> selectors = threads("HttpClient-");
            selectors.removeAll(clients);
            assertThat(selectors)
                    .filteredOn(thread -> thread.getName().endsWith("SelectorManager"))
                    .hasSize(1);
        }
    }

    @Test
    void theEnvironmentFollowsTheSecret() {
        ClusterSecret secret =
                secret("one").withKeyset().sealed("password", "first").applied();
        try (var context = start(Starts.Empty.class, args("podseal:secret:one?prefix=db."))) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("first");
            secret.sealed("password", "second").sealed("host", "new").applied();
            await().atMost(ofMinutes(1))
                    .untilAsserted(() -> assertThat(context.getEnvironment().getProperty("db.password"))
                            .isEqualTo("second"));
            assertThat(context.getEnvironment().getProperty("db.host")).isEqualTo("new");
        }
    }

    @Test
    void theKeysetMayBeInAConfigMap() throws IOException {
        Path document = workload.file("api.keyset.json", new String(workload.keysetDocument()));
        String configMap = plane.kubectl(
                "create",
                "configmap",
                "api-keyset",
                "-n",
                "payments",
                "--from-file=" + document,
                "--dry-run=client",
                "-oyaml");
        plane.kubectlWithInput(configMap, "apply", "-f", "-");
        secret("two").sealed("user", "api").applied();
        try (var context = start(
                Starts.Empty.class, args("podseal:secret:two?prefix=db.&keysets=configmap:payments/api-keyset"))) {
            assertThat(context.getEnvironment().getProperty("db.user")).isEqualTo("api");
        }
    }

    @Test
    void anOptionalSecretThatAppearsLaterShowsUpInTheEnvironment() {
        try (var context = start(Starts.Empty.class, args("optional:podseal:secret:later?prefix=later."))) {
            assertThat(context.getEnvironment().getProperty("later.password")).isNull();
            assertThat(source(context).getPropertyNames()).isEmpty();
            ClusterSecret secret =
                    secret("later").withKeyset().sealed("password", "there now").applied();
            await().atMost(ofMinutes(1))
                    .untilAsserted(() -> assertThat(context.getEnvironment().getProperty("later.password"))
                            .isEqualTo("there now"));
            secret.deleted();
        }
    }

    @Test
    void aSecretThatIsNotThereStopsTheStartAndNothingIsLeftRunning() {
        secret("one").withKeyset().sealed("password", "x").applied();
        Set<Thread> before = threads("podseal-");
        PodsealException refusal = refusal(args("podseal:secret:one,podseal:secret:absent"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_MISSING);
        assertThat(refusal).hasMessageContaining("absent");
        await().atMost(ofMinutes(1))
                .untilAsserted(() -> assertThat(threads("podseal-")).isSubsetOf(before));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "optional:"})
    void aSecretThatTheAccountMayNotGetStopsTheStartWithTheRoleItNeeds(String optional) {
        PodsealException refusal = refusal(args(optional + "podseal:secret:forbidden"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_DENIED);
        assertThat(refusal)
                .hasMessageContainingAll("serviceaccount:payments:api", "resourceNames", "forbidden", "RoleBinding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "optional:"})
    void anApiServerThatCannotBeReachedStopsTheStart(String optional) {
        PodsealException refusal = refusal(argsFor(
                "https://127.0.0.1:1", optional + "podseal:secret:one", "--podseal.kubernetes.start-deadline=1s"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        assertThat(refusal).hasMessageContaining("127.0.0.1:1");
    }

    @Test
    void awayFromAClusterASecretIsUnavailableUnlessItIsOptional() {
        String[] required = workload.args("--spring.config.import=podseal:secret:one");
        assertThat(refusal(required).code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        String[] optional = workload.args("--spring.config.import=optional:podseal:secret:one");
        try (var context = start(Starts.Empty.class, optional)) {
            assertThat(PodsealPropertySource.in(context.getEnvironment())).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.config.import",
                "SPRING.CONFIG.IMPORT",
                "logging.config",
                "spring.profiles.active",
                "management.endpoints.web.exposure.include",
                "podseal.keks"
            })
    void anItemThatLooksLikeConfigurationIsRefusedWithoutAPrefix(String item) {
        ClusterSecret secret =
                secret("names").withKeyset().sealed(item, "file:/nowhere").applied();
        PodsealException refusal = refusal(args("podseal:secret:names"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIGURATION);
        assertThat(refusal)
                .hasMessageContainingAll("'" + item + "'", "?prefix=")
                .hasMessageNotContaining("nowhere");
        try (var context = start(Starts.Empty.class, args("podseal:secret:names?prefix=app."))) {
            assertThat(context.getEnvironment().getProperty("app." + item)).isEqualTo("file:/nowhere");
            assertThat(context.getEnvironment().getActiveProfiles()).isEmpty();
        }
        secret.deleted();
    }

    @Test
    void anItemThatLooksLikeConfigurationIsRefusedWhileRunningToo() {
        ClusterSecret secret =
                secret("names").withKeyset().sealed("password", "good").applied();
        try (var context = start(Starts.Empty.class, args("podseal:secret:names"))) {
            secret.sealed("logging.config", "/nowhere")
                    .sealed("password", "other")
                    .applied();
            await().atMost(ofMinutes(1))
                    .until(() -> source(context).getSource().status().problem() != null);
            assertThat(Objects.requireNonNull(
                            source(context).getSource().status().problem()))
                    .hasMessageContaining("'logging.config'");
            assertThat(context.getEnvironment().getProperty("password")).isEqualTo("good");
            assertThat(context.getEnvironment().getProperty("logging.config")).isNull();
        }
        secret.deleted();
    }
}
