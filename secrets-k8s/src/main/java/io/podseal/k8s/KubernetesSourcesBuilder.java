// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects how the API server is reached; the names and defaults are those of the settings. What is not set comes from the
 * pod that the process runs in, unless a kubeconfig is named: then nothing does. Not thread-safe.
 */
public final class KubernetesSourcesBuilder {
    private static final Duration LONGEST = Duration.ofDays(1);

    @Nullable
    URI apiServer;

    @Nullable
    Path tokenFile;

    @Nullable
    Path caFile;

    @Nullable
    String namespace;

    @Nullable
    Path kubeconfig;

    Duration startDeadline = Duration.ofSeconds(30);
    Duration waitForObjects = Duration.ZERO;
    Duration callTimeout = Duration.ofSeconds(5);

    Pod pod = Pod.ofThisProcess();
    LongSupplier nanoTime = System::nanoTime;
    Duration watchBackoff = Duration.ofMillis(500);

    @Nullable
    Supplier<ServiceAccount> identity;

    KubernetesSourcesBuilder() {}

    KubernetesSourcesBuilder settings(Settings settings) {
        settings.find(Setting.KUBERNETES_API_SERVER)
                .map(url -> ApiServerUrl.parse(url, Setting.KUBERNETES_API_SERVER.fullName()))
                .ifPresent(this::apiServer);
        settings.findPath(Setting.KUBERNETES_TOKEN_FILE).ifPresent(this::tokenFile);
        settings.findPath(Setting.KUBERNETES_CA_FILE).ifPresent(this::caFile);
        settings.find(Setting.KUBERNETES_NAMESPACE).ifPresent(this::namespace);
        settings.findPath(Setting.KUBERNETES_KUBECONFIG).ifPresent(this::kubeconfig);
        return startDeadline(settings.duration(Setting.KUBERNETES_START_DEADLINE))
                .waitForObjects(settings.duration(Setting.KUBERNETES_WAIT_FOR_OBJECTS))
                .callTimeout(settings.duration(Setting.KUBERNETES_CALL_TIMEOUT))
                .identity(settings::identity);
    }

    /** The URL of the API server; it begins with {@code https://}. */
    public KubernetesSourcesBuilder apiServer(URI url) {
        this.apiServer = url;
        return this;
    }

    /** The file with the ServiceAccount token, which is read again when it changes. */
    public KubernetesSourcesBuilder tokenFile(Path file) {
        this.tokenFile = file;
        return this;
    }

    /** The file with the certificates that the API server's is checked against (PEM), and no others. */
    public KubernetesSourcesBuilder caFile(Path file) {
        this.caFile = file;
        return this;
    }

    /** The namespace of objects that are named without one. */
    public KubernetesSourcesBuilder namespace(String name) {
        this.namespace = name;
        return this;
    }

    /** A kubeconfig file whose current context says how to reach the API server; nothing then comes from the pod. */
    public KubernetesSourcesBuilder kubeconfig(Path file) {
        this.kubeconfig = file;
        return this;
    }

    /** How long the first reading of a source asks again where the API server cannot be reached or is too busy. */
    public KubernetesSourcesBuilder startDeadline(Duration deadline) {
        this.startDeadline = deadline;
        return this;
    }

    /** How long the first reading of a source waits for an object that does not exist yet. */
    public KubernetesSourcesBuilder waitForObjects(Duration wait) {
        this.waitForObjects = wait;
        return this;
    }

    /** How long one answer of the API server may take, connecting included. */
    public KubernetesSourcesBuilder callTimeout(Duration timeout) {
        this.callTimeout = timeout;
        return this;
    }

    /** Who this process runs as, for the rights that a message proposes; asked only for such a message. */
    public KubernetesSourcesBuilder identity(Supplier<ServiceAccount> account) {
        this.identity = account;
        return this;
    }

    private static void require(Duration duration, Duration least, String setting) {
        if (duration.compareTo(least) < 0 || duration.compareTo(LONGEST) > 0) {
            throw ErrorCode.CONFIGURATION.because("podseal.kubernetes." + setting + " must be "
                    + (least.isZero() ? "zero or longer" : "longer than zero") + ", and at most " + LONGEST.toDays()
                    + " day");
        }
    }

    /** Whether there is an API server to ask. */
    boolean isConfigured() {
        return apiServer != null || kubeconfig != null || pod.apiServer() != null;
    }

    /**
     * The sources.
     *
     * @throws PodsealException {@code CONFIGURATION} where options contradict each other
     */
    public KubernetesSources build() {
        if (apiServer != null) {
            ApiServerUrl.check(apiServer, "podseal.kubernetes.api-server");
        }
        if (namespace != null) {
            Namespace.require(namespace);
        }
        require(callTimeout, Duration.ofMillis(1), "call-timeout");
        require(startDeadline, Duration.ZERO, "start-deadline");
        require(waitForObjects, Duration.ZERO, "wait-for-objects");
        if (kubeconfig != null && (apiServer != null || tokenFile != null || caFile != null)) {
            throw ErrorCode.CONFIGURATION.because("podseal.kubernetes.kubeconfig says how the API server is reached, so"
                    + " api-server, token-file and ca-file must not be set beside it; keep one or the others");
        }
        return new KubernetesSources(this);
    }
}
