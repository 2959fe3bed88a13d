// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;

/** The kinds of objects that are read. */
enum ObjectKind {
    SECRET("secret", Secret.class) {
        @Override
        Resource<Secret> resource(KubernetesClient client, ObjectReference object) {
            return client.secrets().inNamespace(object.namespace()).withName(object.name());
        }
    },
    CONFIG_MAP("configmap", ConfigMap.class) {
        @Override
        Resource<ConfigMap> resource(KubernetesClient client, ObjectReference object) {
            return client.configMaps().inNamespace(object.namespace()).withName(object.name());
        }
    };

    private final String word;
    private final Class<? extends HasMetadata> type;

    ObjectKind(String word, Class<? extends HasMetadata> type) {
        this.word = word;
        this.type = type;
    }

    abstract Resource<? extends HasMetadata> resource(KubernetesClient client, ObjectReference object);

    /** As locations write it. */
    String word() {
        return word;
    }

    /** As the API server calls it. */
    String resource() {
        return word + 's';
    }

    Class<? extends HasMetadata> type() {
        return type;
    }
}
