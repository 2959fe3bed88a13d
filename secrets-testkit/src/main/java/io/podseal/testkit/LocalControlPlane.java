// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.podseal.ServiceAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes API server with its etcd, on loopback, with RBAC, ServiceAccount tokens and an audit log. There are no
 * controllers and no nodes: no default ServiceAccounts, no garbage collection, and pods never run.
 *
 * <p>The programs are those of the folder that {@code KUBEBUILDER_ASSETS} names, else they are built once by Go into the
 * user's cache folder. They end with this JVM, however it ends; their files are removed by {@link #close} or by an orderly
 * end of the JVM. Failures are unchecked. Thread-safe.
 */
public final class LocalControlPlane implements AutoCloseable {
    private static final String JSON = "application/json";
    private static final Duration POD_TOKEN_LIFETIME = Duration.ofHours(1);

    private final Cleanup cleanup;
    private final Etcd etcd;
    private final ApiServer apiServer;
    private final KubernetesApi api;
    private final Kubectl kubectl;

    private LocalControlPlane(Cleanup cleanup, Etcd etcd, ApiServer apiServer, KubernetesApi api, Kubectl kubectl) {
        this.cleanup = cleanup;
        this.etcd = etcd;
        this.apiServer = apiServer;
        this.api = api;
        this.kubectl = kubectl;
    }

    /**
     * Starts one, and returns when it is ready.
     *
     * @throws org.opentest4j.TestAbortedException where its programs cannot be had; a failure where {@code CI=true}
     */
    public static LocalControlPlane start() {
        ControlPlanePrograms programs = ControlPlanePrograms.find();
        Cleanup cleanup = new Cleanup();
        try {
            Path folder = Files.createTempDirectory("podseal-control-plane-");
            cleanup.add(() -> TemporaryFolder.delete(folder));
            Etcd etcd = cleanup.add(new Etcd(programs.program("etcd"), folder, cleanup.add(new ReservedPort())));
            ApiServer apiServer = cleanup.add(new ApiServer(
                    programs.program("kube-apiserver"), folder, cleanup.add(new ReservedPort()), etcd.uri()));
            KubernetesApi api = apiServer.awaitReady();
            Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), kubeconfig(apiServer));
            Kubectl kubectl = new Kubectl(
                    programs.program("kubectl"), kubeconfig, Files.createDirectory(folder.resolve("kubectl")));
            return new LocalControlPlane(cleanup, etcd, apiServer, api, kubectl);
        } catch (IOException e) {
            cleanup.close();
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            cleanup.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the control plane was starting", e);
        } catch (RuntimeException e) {
            cleanup.close();
            throw e;
        }
    }

    private static String kubeconfig(ApiServer server) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                  - name: local
                    cluster: {server: "%s", certificate-authority: "%s"}
                users:
                  - name: admin
                    user: {token: "%s"}
                contexts:
                  - name: local
                    context: {cluster: local, user: admin}
                current-context: local
                """.formatted(server.uri(), server.caFile(), server.adminToken());
    }

    /** {@code https://127.0.0.1:<port>}, the same for as long as this lives. */
    public URI apiServer() {
        return apiServer.uri();
    }

    /** The certificates to trust, as PEM. */
    public Path caFile() {
        return apiServer.caFile();
    }

    /** A kubeconfig file of the administrator. */
    public Path kubeconfig() {
        return kubectl.kubeconfig();
    }

    /** The program {@code kubectl} of the same release, which is there where it was built, or lies beside the others. */
    public Path kubectlProgram() {
        return kubectl.program();
    }

    /** The bearer token of the administrator, who may do everything. */
    public String adminToken() {
        return apiServer.adminToken();
    }

    /**
     * Sends one request, and returns the answer whatever its status is.
     *
     * @param token the bearer token, or null to come without one
     * @param path with its query
     * @param contentType of the body, or null
     * @param body or null
     * @throws UncheckedIOException where there is no answer, after 30 seconds at the latest
     */
    public HttpResponse<String> request(
            @Nullable String token, String method, String path, @Nullable String contentType, @Nullable String body) {
        try {
            return api.send(token, method, path, contentType, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs {@code kubectl} as the administrator ({@code --token=…} makes it somebody else), without the user's own settings.
     *
     * @return what it printed
     * @throws IllegalStateException with what it said, where it failed
     */
    public String kubectl(String... arguments) {
        return kubectlWithInput("", arguments);
    }

    /** {@link #kubectl} with a standard input, for {@code apply -f -}. */
    public String kubectlWithInput(String input, String... arguments) {
        return kubectl.run(input, List.of(arguments));
    }

    /** Makes a namespace; one that is there already will do. */
    public void createNamespace(String name) {
        create("/api/v1/namespaces", name);
    }

    /** Makes a ServiceAccount, in a namespace that is there; one that is there already will do. */
    public void createServiceAccount(ServiceAccount account) {
        create("/api/v1/namespaces/" + account.namespace() + "/serviceaccounts", account.name());
    }

    private void create(String collection, String name) {
        JsonObject metadata = new JsonObject();
        metadata.addProperty("name", name);
        JsonObject object = new JsonObject();
        object.add("metadata", metadata);
        HttpResponse<String> answer = request(adminToken(), "POST", collection, JSON, object.toString());
        if (answer.statusCode() != 201 && answer.statusCode() != 409) {
            throw refused("create " + collection + "/" + name, answer);
        }
    }

    /**
     * A token of that account, by TokenRequest: what the kubelet asks for and projects into pods.
     *
     * @param lifetime at least 10 minutes, which the server insists on
     * @param audiences whom it is for; none for the API server itself
     */
    public String token(ServiceAccount account, Duration lifetime, String... audiences) {
        JsonArray names = new JsonArray();
        List.of(audiences).forEach(names::add);
        JsonObject spec = new JsonObject();
        spec.add("audiences", names);
        spec.addProperty("expirationSeconds", lifetime.toSeconds());
        JsonObject request = new JsonObject();
        request.add("spec", spec);
        String path = "/api/v1/namespaces/" + account.namespace() + "/serviceaccounts/" + account.name() + "/token";
        HttpResponse<String> answer = request(adminToken(), "POST", path, JSON, request.toString());
        if (answer.statusCode() != 201) {
            throw refused("create " + path, answer);
        }
        return JsonParser.parseString(answer.body())
                .getAsJsonObject()
                .getAsJsonObject("status")
                .get("token")
                .getAsString();
    }

    private static IllegalStateException refused(String what, HttpResponse<String> answer) {
        return new IllegalStateException(
                "the API server answered " + answer.statusCode() + " to " + what + ": " + answer.body());
    }

    /**
     * Lays {@code token}, {@code ca.crt} and {@code namespace} out as in a pod of that account, at
     * {@code /var/run/secrets/kubernetes.io/serviceaccount} there. Again for the same directory, it rotates the token.
     *
     * @return the directory
     */
    public Path podFiles(ServiceAccount account, Path directory) {
        try {
            return new KubeletMount(directory)
                    .write(Map.of(
                            "token", token(account, POD_TOKEN_LIFETIME).getBytes(UTF_8),
                            "ca.crt", Files.readAllBytes(caFile()),
                            "namespace", account.namespace().getBytes(UTF_8)))
                    .directory();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL of the API server; its etcd stays. */
    public void kill() {
        apiServer.process().kill();
    }

    /** Starts the API server again on the same data, after killing it where it still runs; returns when it is ready. */
    public void restart() {
        try {
            apiServer.restart();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the API server was starting", e);
        }
    }

    /** SIGSTOP of the API server: connections stay open, and nothing answers. */
    public void freeze() {
        apiServer.process().freeze();
    }

    /** SIGCONT: a frozen API server goes on. */
    public void thaw() {
        apiServer.process().thaw();
    }

    /**
     * The bytes that etcd holds.
     *
     * @param key for example {@code /registry/secrets/<namespace>/<name>}
     * @throws java.util.NoSuchElementException where it has none
     */
    public byte[] etcdValue(String key) {
        return etcd.value(key);
    }

    /** The files that etcd has now: its database and its write-ahead log, which keep old values until they are compacted. */
    public List<Path> etcdFiles() {
        return etcd.files();
    }

    /** The audit log, a JSON object in each line, with the bodies of requests and answers, but without tokens. */
    public Path auditLog() {
        return apiServer.auditLog();
    }

    /**
     * The requests of the audit log, each once, in the order in which they came. What the API server asks itself, and its
     * health, are left out. A request is logged before the end of its answer is sent.
     */
    public List<AuditEvent> auditEvents() {
        return AuditLog.read(auditLog());
    }

    /** The numbers of the processes: the API server's, which changes when it is restarted, and etcd's. */
    List<Long> processes() {
        return List.of(apiServer.process().pid(), etcd.process().pid());
    }

    /** Ends the processes and removes their files. */
    @Override
    public void close() {
        cleanup.close();
    }
}
