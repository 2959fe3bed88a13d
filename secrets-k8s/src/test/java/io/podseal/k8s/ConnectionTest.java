// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.SecretSource;
import io.podseal.store.Settings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the way to the API server comes from; nobody is asked here. */
class ConnectionTest {
    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private KubernetesSourcesBuilder builder;

    @BeforeEach
    void pod() throws Exception {
        environment.put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
        environment.put("KUBERNETES_SERVICE_PORT", "6443");
        Path files = Files.createDirectory(folder.resolve("pod"));
        Files.writeString(files.resolve("token"), "token");
        Files.writeString(files.resolve("namespace"), "payments\n");
        Files.write(files.resolve("ca.crt"), Certificates.pem(folder));
        builder = in(files);
    }

    private KubernetesSourcesBuilder in(Path files) {
        KubernetesSourcesBuilder other = KubernetesSources.builder();
        other.pod = new Pod(files, environment::get);
        return other;
    }

    private static KubernetesSources of(Map<String, String> settings) {
        return KubernetesSources.of(
                Settings.of(settings, text -> Duration.parse("PT" + text), ConnectionTest.class.getClassLoader()));
    }

    private PodsealException refusal(KubernetesSourcesBuilder options) {
        try (SecretSource source = options.build().secret(null, "db", null)) {
            source.read();
        } catch (PodsealException refusal) {
            return refusal;
        }
        throw new AssertionError("read");
    }

    @Test
    void thePodSaysAll() {
        Connection connection = Connection.of(builder);
        assertThat(connection.url()).isEqualTo("https://10.0.0.1:6443");
        assertThat(connection.namespaceOf(null)).isEqualTo("payments");
        assertThat(connection.namespaceOf("named")).isEqualTo("named");
        assertThat(connection.credentials())
                .contains(folder.resolve("pod/token").toString());
        assertThat(connection).hasToString("the API server at https://10.0.0.1:6443");
    }

    @Test
    void theLibraryLooksForNothingByItself() {
        var config = Connection.of(builder).config();
        assertThat(config.getAutoConfigure()).isFalse();
        assertThat(config.getRequestRetryBackoffLimit()).isZero();
        assertThat(config.getWatchReconnectLimit()).isZero();
        assertThat(config.isHttp2Disable()).isTrue();
        assertThat(config.isTrustCerts()).isFalse();
        assertThat(config.getRequestTimeout()).isEqualTo(5000);
    }

    @Test
    void addressesOfSixOctetPairsGetTheirBrackets() {
        environment.put("KUBERNETES_SERVICE_HOST", "fd00::1");
        environment.remove("KUBERNETES_SERVICE_PORT");
        assertThat(Connection.of(builder).url()).isEqualTo("https://[fd00::1]:443");
    }

    @Test
    void whatIsSetWinsOneByOne() {
        builder.apiServer(URI.create("https://api.example.com/k8s/clusters/one"))
                .namespace("other");
        Connection connection = Connection.of(builder);
        assertThat(connection.url()).isEqualTo("https://api.example.com/k8s/clusters/one");
        assertThat(connection.namespaceOf(null)).isEqualTo("other");
        assertThat(connection.credentials())
                .contains(folder.resolve("pod/token").toString());
    }

    @Test
    void outsideOfAPodNothingIsConfiguredAndTheMessageSaysWhatToSet() {
        environment.clear();
        assertThat(builder.build().secret(null, "db", null).isConfigured()).isFalse();
        PodsealException refusal = refusal(builder);
        assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        assertThat(refusal).hasMessageContainingAll("podseal.kubernetes.kubeconfig", "podseal.kubernetes.api-server");
    }

    @Test
    void whatThePodLacksIsNamed() throws Exception {
        Files.delete(folder.resolve("pod/ca.crt"));
        assertThat(refusal(builder)).hasMessageContainingAll("pod/ca.crt", "podseal.kubernetes.ca-file");
        Files.writeString(folder.resolve("pod/ca.crt"), "no certificate");
        assertThat(refusal(builder)).hasMessageContainingAll("pod/ca.crt", "holds no certificates");
        Files.write(folder.resolve("pod/ca.crt"), Certificates.pem(folder));
        Files.delete(folder.resolve("pod/token"));
        assertThat(refusal(builder)).hasMessageContainingAll("pod/token", "automountServiceAccountToken");
        Files.writeString(folder.resolve("pod/token"), "token");
        Files.delete(folder.resolve("pod/namespace"));
        PodsealException refusal = refusal(builder);
        assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIGURATION);
        assertThat(refusal).hasMessageContaining("podseal.kubernetes.namespace");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1:80",
                "10.0.0.1",
                "https:///path",
                "https://user:pass@host",
                "https://host?query",
                "https://host#fragment",
                "ftp://host",
                "not a url"
            })
    void aUrlThatCouldGiveTheTokenAwayIsRefusedWhenItIsSet(String url) {
        assertThatThrownBy(() -> of(Map.of("kubernetes.api-server", url)))
                .hasMessageContaining("podseal.kubernetes.api-server")
                .hasMessageNotContaining("pass")
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION));
    }

    @ParameterizedTest
    @CsvSource({"kubernetes.api-server, https://host", "kubernetes.token-file, /t", "kubernetes.ca-file, /c"})
    void aKubeconfigStandsAlone(String name, String value) {
        assertThatThrownBy(() -> of(Map.of("kubernetes.kubeconfig", "/k", name, value)))
                .hasMessageContaining("podseal.kubernetes.kubeconfig")
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION));
        assertThat(of(Map.of("kubernetes.kubeconfig", "/k", "kubernetes.namespace", "n"))
                        .secret(null, "db", null)
                        .isConfigured())
                .isTrue();
    }

    @Test
    void allSettingsAreTaken() throws Exception {
        String claims = "{\"sub\":\"system:serviceaccount:payments:api\"}";
        Path token = Files.writeString(
                folder.resolve("named-token"),
                "head." + Base64.getUrlEncoder().encodeToString(claims.getBytes(UTF_8)) + ".signature");
        KubernetesSourcesBuilder taken = KubernetesSources.builder()
                .settings(Settings.of(
                        Map.of(
                                "kubernetes.api-server", "https://host",
                                "kubernetes.token-file", token.toString(),
                                "kubernetes.ca-file", "/c",
                                "kubernetes.namespace", "n",
                                "kubernetes.start-deadline", "1s",
                                "kubernetes.wait-for-objects", "2s",
                                "kubernetes.call-timeout", "3s",
                                "identity", "payments/api"),
                        text -> Duration.parse("PT" + text),
                        ConnectionTest.class.getClassLoader()));
        assertThat(taken.apiServer).isEqualTo(URI.create("https://host"));
        assertThat(taken.tokenFile).isEqualTo(token);
        assertThat(taken.caFile).isEqualTo(Path.of("/c"));
        assertThat(taken.namespace).isEqualTo("n");
        assertThat(taken.startDeadline).isEqualTo(Duration.ofSeconds(1));
        assertThat(taken.waitForObjects).isEqualTo(Duration.ofSeconds(2));
        assertThat(taken.callTimeout).isEqualTo(Duration.ofSeconds(3));
        assertThat(Objects.requireNonNull(taken.identity).get().namespacedName())
                .isEqualTo("payments/api");
    }

    /** A parser's message shows the line that it does not understand. */
    @Test
    void aKubeconfigThatCannotBeReadIsNotShown() throws Exception {
        Path file = Files.writeString(folder.resolve("kubeconfig"), "users: [{token: hunter2, {{{");
        environment.clear();
        assertThat(refusal(builder.kubeconfig(file)))
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: v1\nkind: Config\n",
                "apiVersion: v1\nkind: Config\ncurrent-context: absent\n",
                "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: absent}}]\n"
            })
    void aKubeconfigWithoutACurrentClusterLeadsNowhere(String content) throws Exception {
        Path file = Files.writeString(folder.resolve("kubeconfig"), content);
        assertThat(refusal(builder.kubeconfig(file))).hasMessageContainingAll("current context", "use-context");
    }

    @Test
    void whatAKubeconfigNamesAndCannotBeUsedIsNotShown() throws Exception {
        Path file = Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: a, cluster: {server: "https://127.0.0.1:1", certificate-authority-data: "aHVudGVyMg=="}}]
                users: [{name: a, user: {client-certificate-data: "aHVudGVyMg==", client-key-data: "aHVudGVyMg=="}}]
                contexts: [{name: a, context: {cluster: a, user: a}}]
                current-context: a
                """);
        PodsealException refusal = refusal(builder.kubeconfig(file));
        assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        assertThat(refusal).hasMessageNotContainingAny("hunter2", "aHVudGVyMg").hasNoCause();
    }

    private Path kubeconfig(String cluster, String user, String context) throws Exception {
        return Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: a, cluster: {%s}}]
                users: [{name: a, user: {%s}}, {name: b, user: {token: other}}]
                contexts: [{name: a, context: {cluster: a, user: a%s}}]
                current-context: a
                """.formatted(cluster, user, context));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            server: "http://127.0.0.1:1"                                   | token: hunter2                    | https
            server: "127.0.0.1:1"                                          | token: hunter2                    | https
            server: "https://u:hunter2@127.0.0.1:1"                        | token: hunter2                    | no user
            server: "https://127.0.0.1:1", insecure-skip-tls-verify: true  | token: hunter2                    | insecure-skip-tls-verify
            server: "https://127.0.0.1:1"                                  | exec: {command: hunter2}          | exec
            server: "https://127.0.0.1:1"                                  | auth-provider: {name: oidc}       | auth-provider
            server: "https://127.0.0.1:1"                                  | username: u, password: hunter2    | password
            server: "https://127.0.0.1:1"                                  | token: hunter2, as: root          | impersonation
            """)
    void whatOfAKubeconfigIsNotFollowedIsRefused(String cluster, String user, String word) throws Exception {
        PodsealException refusal = refusal(builder.kubeconfig(kubeconfig(cluster, user, "")));
        assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIGURATION);
        assertThat(refusal)
                .hasMessageContainingAll(folder.resolve("kubeconfig").toString(), word)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void noCommandOfAKubeconfigIsRun() throws Exception {
        Path trace = folder.resolve("trace");
        String user = "exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [\"" + trace + "\"]}";
        assertThat(refusal(builder.kubeconfig(kubeconfig("server: \"https://127.0.0.1:1\"", user, ""))))
                .hasMessageContainingAll("exec", "client certificate");
        assertThat(trace).doesNotExist();
    }

    /** Its own refresh would ask the environment; with a provider, or with nothing to start from, it does not. */
    @Test
    void theLibraryKnowsNoFileAndNoContextToRefreshFrom() throws Exception {
        Path file = kubeconfig("server: \"https://127.0.0.1:1\"", "token: one", "");
        Config config = Connection.of(builder.kubeconfig(file)).config();
        assertThat(config.getAutoConfigure()).isFalse();
        assertThat(config.getCurrentContext()).isNull();
        assertThat(config.getOauthToken()).isNull();
        assertThat(config.refresh()).isSameAs(config);
    }

    @Test
    void theTokenOfAKubeconfigIsReadAgainWhenItChanges() throws Exception {
        String server = "server: \"https://127.0.0.1:1\"";
        Path file = kubeconfig(server, "token: one", "");
        OAuthTokenProvider token =
                Connection.of(builder.kubeconfig(file)).config().getOauthTokenProvider();
        assertThat(token.getToken()).isEqualTo("one");
        kubeconfig(server, "token: number-two", "");
        assertThat(token.getToken()).isEqualTo("number-two");
        Files.writeString(file, "{{{");
        assertThat(token.getToken()).as("while it is being written").isEqualTo("number-two");
        Files.writeString(
                file, Files.readString(kubeconfig(server, "token: third", "")).replace("user: a}", "user: b}"));
        assertThat(token.getToken()).as("not another user's").isEqualTo("third");
        assertThat(token.toString()).doesNotContain("third");
    }

    @Test
    void aTokenFileOfAKubeconfigLiesBesideItAndWins() throws Exception {
        Files.writeString(folder.resolve("its-token"), "of-the-file\n");
        Path file = kubeconfig("server: \"https://127.0.0.1:1\"", "token: one, tokenFile: its-token", "");
        Connection connection = Connection.of(builder.kubeconfig(file));
        assertThat(connection.config().getOauthTokenProvider().getToken()).isEqualTo("of-the-file");
        assertThat(connection.credentials())
                .contains(folder.resolve("its-token").toString());
    }

    @Test
    void aProxyOfAKubeconfigIsTaken() throws Exception {
        Path file = kubeconfig("server: \"https://127.0.0.1:1\", proxy-url: \"http://127.0.0.1:2\"", "token: one", "");
        assertThat(Connection.of(builder.kubeconfig(file)).config().getHttpsProxy())
                .isEqualTo("http://127.0.0.1:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/../x", "a b", "a.b", "A", "-a", "a%2fb"})
    void aNamespaceThatIsNoneReachesNoPathWhereverItComesFrom(String name) throws Exception {
        Files.writeString(folder.resolve("pod/namespace"), name);
        assertThat(refusal(builder).code()).isEqualTo(ErrorCode.CONFIGURATION);
        if (!name.isEmpty()) { // then it is kubectl's default
            Path file = kubeconfig("server: \"https://127.0.0.1:1\"", "token: one", ", namespace: \"" + name + '"');
            assertThat(refusal(in(folder).kubeconfig(file)).code()).isEqualTo(ErrorCode.CONFIGURATION);
        }
        assertThatThrownBy(() -> in(folder).namespace(name).build())
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION));
        assertThatThrownBy(() -> builder.build().secret(name, "db", null))
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "a/b", "a?b", "A", "a b", "a%2f"})
    void aNameThatIsNoneReachesNoPath(String name) {
        KubernetesSources sources = builder.build();
        assertThatThrownBy(() -> sources.secret(null, name, null))
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION));
        assertThatThrownBy(() -> sources.keysetsOfConfigMap(name, "keysets")).isInstanceOf(PodsealException.class);
        assertThatThrownBy(() -> sources.keysetsOfSecret("payments", name)).isInstanceOf(PodsealException.class);
    }

    @Test
    void timeLimitsMustBePositive() {
        assertThatThrownBy(() -> builder.callTimeout(Duration.ZERO).build())
                .hasMessageContaining("podseal.kubernetes.call-timeout");
        assertThatThrownBy(
                        () -> in(folder).startDeadline(Duration.ofSeconds(-1)).build())
                .hasMessageContaining("podseal.kubernetes.start-deadline");
    }
}
