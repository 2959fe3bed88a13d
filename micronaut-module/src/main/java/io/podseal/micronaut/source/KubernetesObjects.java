// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.source;

import io.micronaut.core.reflect.ClassUtils;
import io.podseal.k8s.KubernetesSources;
import io.podseal.store.ObjectSources;
import io.podseal.store.Settings;
import org.jspecify.annotations.Nullable;

/** What reads Kubernetes objects, where {@code podseal-k8s} is on the class path. */
final class KubernetesObjects {
    private static final boolean PRESENT =
            ClassUtils.isPresent("io.podseal.k8s.KubernetesSources", KubernetesObjects.class.getClassLoader());

    private KubernetesObjects() {}

    /** Null where {@code podseal-k8s} is not there. */
    static @Nullable ObjectSources of(Settings settings) {
        return PRESENT ? Present.of(settings) : null;
    }

    /** The only class that names one of {@code podseal-k8s}: it is loaded where that is there. */
    private static final class Present {
        static ObjectSources of(Settings settings) {
            return KubernetesSources.of(settings);
        }
    }
}
