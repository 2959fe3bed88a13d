// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the current context of a kubeconfig says. The client library would mix the environment into it, whenever a token is a
 * minute old or refused, and would run what the file names; so it is given the outcome alone.
 */
final class Kubeconfig {
    private static final String SETTING = "podseal.kubernetes.kubeconfig";

    private final Path file;
    private final Cluster cluster;
    private final AuthInfo user;
    private final String userName;
    private final @Nullable String namespace;

    private Kubeconfig(io.fabric8.kubernetes.api.model.Config content, Path file) {
        this.file = file;
        Context context = named(
                content.getContexts(), NamedContext::getName, content.getCurrentContext(), NamedContext::getContext);
        Cluster cluster = context == null
                ? null
                : named(content.getClusters(), NamedCluster::getName, context.getCluster(), NamedCluster::getCluster);
        if (context == null || cluster == null || isBlank(cluster.getServer())) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because("the kubeconfig " + file
                    + " has no current context with a cluster; choose one with 'kubectl config use-context'");
        }
        this.cluster = cluster;
        this.userName = Objects.requireNonNullElse(context.getUser(), "");
        this.user = Objects.requireNonNullElseGet(user(content, userName), AuthInfo::new);
        this.namespace = context.getNamespace();
    }

    /** @throws PodsealException where it cannot be read, or says what is not followed */
    static Kubeconfig read(Path file) {
        Kubeconfig kubeconfig = new Kubeconfig(parse(file), file);
        kubeconfig.check();
        return kubeconfig;
    }

    private static io.fabric8.kubernetes.api.model.Config parse(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Objects.requireNonNull(new KubernetesSerialization(new ObjectMapper(), false)
                    .unmarshal(in, io.fabric8.kubernetes.api.model.Config.class));
        } catch (IOException | RuntimeException e) { // its text may show a line of the file, which holds credentials
            throw ErrorCode.SOURCE_UNAVAILABLE.because("the kubeconfig " + file + " cannot be read as one ("
                    + e.getClass().getSimpleName() + "); correct " + SETTING);
        }
    }

    private static <N, T> @Nullable T named(
            @Nullable List<N> all, Function<N, String> nameOf, @Nullable String name, Function<N, T> content) {
        if (all == null || name == null) {
            return null;
        }
        return all.stream()
                .filter(entry -> name.equals(nameOf.apply(entry)))
                .findFirst()
                .map(content)
                .orElse(null);
    }

    private static @Nullable AuthInfo user(io.fabric8.kubernetes.api.model.Config content, String name) {
        return named(content.getUsers(), NamedAuthInfo::getName, name, NamedAuthInfo::getUser);
    }

    /** The token of that user as the file has it now; null where it has none. */
    static @Nullable String token(Path file, String userName) {
        AuthInfo user = user(parse(file), userName);
        return user == null || isBlank(user.getToken()) ? null : user.getToken().strip();
    }

    private void check() {
        var unused = ApiServerUrl.parse(cluster.getServer(), "the server in the kubeconfig " + file);
        refuse(
                Boolean.TRUE.equals(cluster.getInsecureSkipTlsVerify()),
                "insecure-skip-tls-verify",
                "name its certificate-authority, or anybody on the way could read the token");
        String instead = "name a tokenFile, a token or a client certificate there instead";
        refuse(user.getExec() != null, "exec", instead);
        refuse(user.getAuthProvider() != null, "auth-provider", instead);
        refuse(user.getUsername() != null || user.getPassword() != null, "username and password", instead);
        refuse(
                user.getAs() != null
                        || user.getAsUid() != null
                        || isAny(user.getAsGroups())
                        || (user.getAsUserExtra() != null
                                && !user.getAsUserExtra().isEmpty()),
                "impersonation (as)",
                "name that account's own credentials instead");
    }

    private static boolean isAny(@Nullable List<String> names) {
        return names != null && !names.isEmpty();
    }

    private void refuse(boolean present, String what, String instead) {
        if (present) {
            throw ErrorCode.CONFIGURATION.because(
                    "the kubeconfig " + file + " has " + what + ", which is not followed; " + instead);
        }
    }

    /**
     * Tells the client library where to go, and as whom.
     *
     * @return the token file that is named; null where there is none
     */
    @Nullable
    TokenFile applyTo(Config config) {
        config.setMasterUrl(cluster.getServer());
        config.setCaCertData(cluster.getCertificateAuthorityData());
        config.setCaCertFile(resolved(cluster.getCertificateAuthority()));
        config.setTlsServerName(cluster.getTlsServerName());
        config.setHttpsProxy(cluster.getProxyUrl());
        config.setClientCertData(user.getClientCertificateData());
        config.setClientCertFile(resolved(user.getClientCertificate()));
        config.setClientKeyData(user.getClientKeyData());
        config.setClientKeyFile(resolved(user.getClientKey()));
        String algorithm = Config.getKeyAlgorithm(config.getClientKeyFile(), config.getClientKeyData());
        if (algorithm != null) {
            config.setClientKeyAlgo(algorithm);
        }
        String tokenFile = resolved(user.getTokenFile());
        if (tokenFile != null) {
            TokenFile token = new TokenFile(Path.of(tokenFile));
            config.setOauthTokenProvider(token);
            return token;
        }
        if (!isBlank(user.getToken())) {
            config.setOauthTokenProvider(
                    new KubeconfigToken(file, userName, user.getToken().strip()));
        }
        return null;
    }

    private @Nullable String resolved(@Nullable String path) {
        return isBlank(path) ? null : file.resolveSibling(path).toString();
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    /** As kubectl has it. */
    String namespace() {
        return namespace == null || namespace.isEmpty() ? "default" : namespace;
    }

    /** Without credentials. */
    @Override
    public String toString() {
        return "the kubeconfig " + file;
    }
}
