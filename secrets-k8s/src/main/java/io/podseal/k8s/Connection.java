// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.fabric8.kubernetes.client.Config;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the API server is reached, and as whom: what was set, and the pod for what was not; or one kubeconfig. The client
 * library's own search for settings is never used, since a developer's kubeconfig and a dozen environment variables would win
 * there.
 *
 * @param config the client library's form of it
 * @param ca what alone is trusted, or null where the kubeconfig decides
 * @param token the file with what is shown, or null where the kubeconfig holds it
 * @param namespace of objects that are named without one, or null where nothing says it
 * @param origin for messages
 */
record Connection(
        Config config,
        @Nullable CaFile ca,
        @Nullable TokenFile token,
        @Nullable String namespace,
        String origin) {

    /** @throws PodsealException where the settings and the pod do not suffice */
    static Connection of(KubernetesSourcesBuilder options) {
        Connection connection = options.kubeconfig == null ? ofPod(options) : ofKubeconfig(options.kubeconfig, options);
        Config config = connection.config();
        int millis = Math.toIntExact(options.callTimeout.toMillis());
        config.setConnectionTimeout(millis);
        config.setRequestTimeout(millis);
        config.setRequestRetryBackoffLimit(0); // its own retries ignore Retry-After and outlast every deadline
        config.setWatchReconnectLimit(0); // a watch that ended is opened again after a reading, from what that found
        config.setUserAgent("podseal");
        // HTTP/2 would send the next calls over a connection that has just gone silent, and on JDK 17 loses a 401.
        config.setHttp2Disable(true);
        return connection;
    }

    private static Connection ofPod(KubernetesSourcesBuilder options) {
        URI server = options.apiServer != null ? options.apiServer : options.pod.apiServer();
        if (server == null) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because("no API server is configured: this process runs in no pod"
                    + " (KUBERNETES_SERVICE_HOST is not set); set podseal.kubernetes.kubeconfig, or"
                    + " podseal.kubernetes.api-server with .token-file and .ca-file");
        }
        TokenFile token = new TokenFile(options.tokenFile != null ? options.tokenFile : options.pod.tokenFile());
        Config config = Config.empty();
        config.setMasterUrl(server.toString());
        config.setOauthTokenProvider(token);
        return new Connection(
                config,
                new CaFile(options.caFile != null ? options.caFile : options.pod.caFile()),
                token,
                options.namespace != null ? options.namespace : namespaceIn(options.pod.namespaceFile()),
                "the API server at " + server);
    }

    private static @Nullable String namespaceIn(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException nothingSaysIt) {
            return null;
        }
    }

    private static Connection ofKubeconfig(Path file, KubernetesSourcesBuilder options) {
        Kubeconfig kubeconfig = Kubeconfig.read(file);
        Config config = Config.empty();
        TokenFile token = kubeconfig.applyTo(config);
        return new Connection(
                config,
                null,
                token,
                options.namespace != null ? options.namespace : kubeconfig.namespace(),
                "the API server of the kubeconfig " + file);
    }

    /** Below which the objects lie, without a slash at its end. */
    String url() {
        return config.getMasterUrl().replaceFirst("/+$", "");
    }

    /** How long one answer may take. */
    Duration callTimeout() {
        return Duration.ofMillis(config.getRequestTimeout());
    }

    /** What is wrong where the server does not know who asks. */
    String credentials() {
        return token == null
                ? "the credentials of the kubeconfig's current context"
                : "the token in " + token.toString().replaceFirst("^the token file ", "");
    }

    /** The namespace of an object. */
    String namespaceOf(@Nullable String named) {
        String resolved = named != null ? named : namespace;
        if (resolved == null) {
            throw ErrorCode.CONFIGURATION.because(
                    "nothing says which namespace is meant: write <namespace>/<name>, or set"
                            + " podseal.kubernetes.namespace");
        }
        Namespace.require(resolved);
        return resolved;
    }

    /** Without credentials. */
    @Override
    public String toString() {
        return origin;
    }
}
