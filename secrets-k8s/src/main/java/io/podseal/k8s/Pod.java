// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import java.net.URI;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What every pod says about its API server: two environment variables and three mounted files. */
final class Pod {
    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final String HTTPS_PORT = "443";

    private final Path serviceAccount;
    private final UnaryOperator<@Nullable String> environment;

    Pod(Path serviceAccount, UnaryOperator<@Nullable String> environment) {
        this.serviceAccount = serviceAccount;
        this.environment = environment;
    }

    static Pod ofThisProcess() {
        return new Pod(SERVICE_ACCOUNT, System::getenv);
    }

    /** Null outside of a pod. */
    @Nullable
    URI apiServer() {
        String host = environment.apply("KUBERNETES_SERVICE_HOST");
        if (host == null || host.isBlank()) {
            return null;
        }
        String port = environment.apply("KUBERNETES_SERVICE_PORT");
        String authority = host.indexOf(':') < 0 ? host : '[' + host + ']';
        return ApiServerUrl.parse(
                "https://" + authority + ':' + (port == null ? HTTPS_PORT : port),
                "KUBERNETES_SERVICE_HOST with KUBERNETES_SERVICE_PORT");
    }

    Path tokenFile() {
        return serviceAccount.resolve("token");
    }

    Path caFile() {
        return serviceAccount.resolve("ca.crt");
    }

    Path namespaceFile() {
        return serviceAccount.resolve("namespace");
    }
}
