// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.store.ObjectSources;
import io.podseal.store.SecretSource;
import io.podseal.store.Settings;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The carriers that read Kubernetes objects: named Secrets and ConfigMaps through the API server, and Secret manifests from
 * disk. Making a source asks nobody; its first reading connects. All sources share one connection, which ends when the last of
 * them is closed. Thread-safe.
 */
public final class KubernetesSources implements ObjectSources {
    private final KubernetesSourcesBuilder options;
    private final SharedClient client;

    KubernetesSources(KubernetesSourcesBuilder options) {
        this.options = options;
        this.client = new SharedClient(() -> new ApiClient(options));
    }

    /**
     * What an application's {@code podseal.kubernetes.*} settings say; what they leave open comes from the pod.
     *
     * @throws PodsealException {@code CONFIGURATION} where settings contradict each other
     */
    public static KubernetesSources of(Settings settings) {
        return new KubernetesSourcesBuilder().settings(settings).build();
    }

    /** A builder that takes everything from the pod that is not set. */
    public static KubernetesSourcesBuilder builder() {
        return new KubernetesSourcesBuilder();
    }

    @Override
    public SecretSource secret(@Nullable String namespace, String name, @Nullable String sealedAs) {
        return source(ObjectKind.SECRET, namespace, name, Objects.requireNonNullElse(sealedAs, name), false);
    }

    @Override
    public SecretSource keysetsOfSecret(@Nullable String namespace, String name) {
        return source(ObjectKind.SECRET, namespace, name, null, true);
    }

    @Override
    public SecretSource keysetsOfConfigMap(@Nullable String namespace, String name) {
        return source(ObjectKind.CONFIG_MAP, namespace, name, null, true);
    }

    private SecretSource source(
            ObjectKind kind,
            @Nullable String namespace,
            String name,
            @Nullable String secretName,
            boolean documentsOnly) {
        if (!Scope.isSecretName(name)) {
            throw ErrorCode.CONFIGURATION.because(
                    "not the name of an object; it must be an RFC 1123 subdomain, 1 to 253 of a-z 0-9 - .");
        }
        if (namespace != null) {
            Namespace.require(namespace);
        }
        return new ObjectSource(new ObjectReference(kind, namespace, name), secretName, documentsOnly, client, options);
    }

    @Override
    public SecretSource manifest(Path file, @Nullable String objectName, @Nullable String sealedAs) {
        return new ManifestSource(file, objectName, sealedAs);
    }
}
