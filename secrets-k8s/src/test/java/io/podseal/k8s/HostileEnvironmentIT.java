// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.podseal.PodsealException;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.testkit.ChildJvm;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything that the client library would follow points to a trap: only what is ours to follow is followed. */
@ControlPlane
@Timeout(120)
class HostileEnvironmentIT {
    private final LocalControlPlane plane;

    @TempDir
    private Path folder;

    private Tenant tenant;
    private TcpProxy trap;

    HostileEnvironmentIT(LocalControlPlane plane) {
        this.plane = plane;
    }

    @BeforeEach
    void tenant() throws Exception {
        tenant = new Tenant(plane, folder);
        tenant.mayWatch("db").put("db", Map.of("a", "1"));
        trap = new TcpProxy(plane.apiServer());
    }

    @AfterEach
    void close() {
        trap.close();
        tenant.close();
    }

    /** Reads as an application does that has set what it must; prints what it found. */
    static final class Ours {
        public static void main(String[] arguments) {
            KubernetesSourcesBuilder builder = KubernetesSources.builder();
            if (arguments.length > 0) {
                builder.apiServer(URI.create(arguments[0]))
                        .tokenFile(Path.of(arguments[1], "token"))
                        .caFile(Path.of(arguments[1], "ca.crt"))
                        .namespace(arguments[2]);
            }
            try (SecretSource source = builder.build().secret(null, "db", null)) {
                System.out.println(source.isConfigured() ? source.read().size() + " read" : "not configured");
                if (source.isConfigured()) {
                    source.watch(Runnable::run, () -> {});
                }
                while (System.in.read() >= 0) {
                    // until it is told to end
                }
            } catch (IOException | RuntimeException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /** As the client library is used by everybody else. */
    static final class Library {
        public static void main(String[] arguments) {
            try (KubernetesClient client = new KubernetesClientBuilder().build()) {
                System.out.println(
                        client.secrets().inNamespace("any").withName("db").get());
            } catch (RuntimeException e) {
                System.out.println("failed");
            }
        }
    }

    private List<String> hostile() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home/.kube"));
        String kubeconfig = """
                apiVersion: v1
                kind: Config
                clusters: [{name: trap, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                users: [{name: trap, user: {token: "trap"}}]
                contexts: [{name: trap, context: {cluster: trap, user: trap, namespace: "trap"}}]
                current-context: trap
                """.formatted(trap.uri());
        Path config = Files.writeString(home.resolve("config"), kubeconfig);
        String proxy = "http://127.0.0.1:" + trap.uri().getPort();
        List<String> command = new ArrayList<>(List.of("env"));
        command.addAll(List.of(
                "HOME=" + home.getParent(),
                "KUBECONFIG=" + config,
                "KUBERNETES_MASTER=" + trap.uri(),
                "KUBERNETES_AUTH_TOKEN=trap",
                "KUBERNETES_OAUTH_TOKEN=trap",
                "KUBERNETES_NAMESPACE=trap",
                "KUBERNETES_TRUST_CERTIFICATES=true",
                "KUBERNETES_DISABLE_HOSTNAME_VERIFICATION=true",
                "KUBERNETES_CERTS_CA_FILE=/nowhere",
                "KUBERNETES_REQUEST_RETRY_BACKOFFLIMIT=0",
                "HTTPS_PROXY=" + proxy,
                "HTTP_PROXY=" + proxy,
                "ALL_PROXY=" + proxy,
                "https_proxy=" + proxy,
                "KUBERNETES_HTTPS_PROXY=" + proxy,
                "JAVA_TOOL_OPTIONS=-Dhttps.proxyHost=127.0.0.1 -Dhttp.nonProxyHosts= -Dhttps.proxyPort="
                        + trap.uri().getPort() + " -Dkubernetes.master=" + trap.uri()));
        return command;
    }

    private void requirePrints(String expected, Class<?> main, String... arguments) throws Exception {
        try (ChildJvm child = ChildJvm.start(hostile(), main, arguments)) {
            assertThat(child.line()).isEqualTo(expected);
            if (arguments.length > 0) {
                Awaitility.await().until(() -> tenant.calls().contains("watch secrets db 101"));
            }
            assertThat(child.end()).isZero();
        }
    }

    @Test
    void theTrapCatchesTheLibrary() throws Exception {
        requirePrints("failed", Library.class);
        assertThat(trap.connections()).isPositive();
    }

    @Test
    void whatIsSetIsFollowedAndNothingElse() throws Exception {
        requirePrints("1 read", Ours.class, plane.apiServer().toString(), tenant.files.toString(), tenant.namespace());
        assertThat(trap.connections()).isZero();
        assertThat(tenant.calls()).containsExactlyInAnyOrder("get secrets db 200", "watch secrets db 101");
    }

    @Test
    void outsideOfAPodNothingIsConfigured() throws Exception {
        requirePrints("not configured", Ours.class);
        assertThat(trap.connections()).isZero();
    }

    /** Another server may be named beside the pod's, and so on: what is set wins over the pod, one by one. */
    @Test
    void whatIsNotSetComesFromThePod() throws Exception {
        KubernetesSourcesBuilder elsewhere = tenant.sources(URI.create("https://127.0.0.1:1"));
        try (SecretSource source =
                elsewhere.apiServer(plane.apiServer()).build().secret(null, "db", null)) {
            assertThat(source.read()).hasSize(1);
        }
    }

    /** Reads twice by a kubeconfig, and goes on to the second reading when it is told. */
    static final class ByKubeconfig {
        public static void main(String[] arguments) throws IOException {
            try (SecretSource source = KubernetesSources.builder()
                    .kubeconfig(Path.of(arguments[0]))
                    .build()
                    .secret(null, "db", null)) {
                for (int i = 0; i < 3; i++) {
                    try {
                        System.out.println(source.read().size() + " read");
                    } catch (PodsealException e) {
                        System.out.println(
                                e.code() + (String.valueOf(e.getMessage()).contains("401") ? " 401" : ""));
                    }
                    var unused = System.in.read();
                }
            }
        }
    }

    private Path kubeconfig(String token) throws Exception {
        return Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: here, cluster: {server: "%s", certificate-authority: "%s"}}]
                users: [{name: api, user: {token: "%s"}}]
                contexts: [{name: here, context: {cluster: here, user: api, namespace: "%s"}}]
                current-context: here
                """.formatted(
                        plane.apiServer(), plane.caFile(), token, tenant.namespace()));
    }

    /** After a refusal the library would look for another token, and find those of the trap. */
    @Test
    void aNamedKubeconfigIsFollowedAloneAlsoAfterARefusal() throws Exception {
        String token = Files.readString(tenant.files.resolve("token")).strip();
        try (ChildJvm child =
                ChildJvm.start(hostile(), ByKubeconfig.class, kubeconfig(token).toString())) {
            assertThat(child.line()).isEqualTo("1 read");
            kubeconfig(token + "x");
            child.proceed();
            assertThat(child.line()).isEqualTo("SOURCE_DENIED 401");
            kubeconfig(token);
            child.proceed();
            assertThat(child.line()).as("read again").isEqualTo("1 read");
            assertThat(child.end()).isZero();
        }
        assertThat(trap.connections()).isZero();
        assertThat(tenant.calls()).containsOnly("get secrets db 200");
    }

    @Test
    void aNamedKubeconfigIsFollowedWithItsNamespaceAndNothingOfThePod() throws Exception {
        Path kubeconfig =
                kubeconfig(Files.readString(tenant.files.resolve("token")).strip());
        KubernetesSourcesBuilder builder =
                tenant.sources(URI.create("https://127.0.0.1:1")).kubeconfig(kubeconfig);
        builder.pod = new Pod(folder.resolve("no pod"), name -> null);
        try (SecretStore store = SecretStore.of(builder.build().secret(null, "db", null))
                .identity(tenant.account)
                .exclude(List.of("*"))
                .open()) {
            assertThat(store.refresh()).isTrue();
        }
        assertThat(tenant.calls()).contains("get secrets db 200");
    }
}
