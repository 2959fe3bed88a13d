// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.source;

import io.podseal.k8s.KubernetesSources;
import io.podseal.spring.property.SpringSettings;
import io.podseal.store.ObjectSources;
import io.podseal.store.Settings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * What reads Kubernetes objects, where {@code podseal-k8s} is on the class path: one for all imports of a start that have the
 * same settings, so that they share a client.
 */
final class KubernetesObjects {
    private static final boolean PRESENT =
            ClassUtils.isPresent("io.podseal.k8s.KubernetesSources", KubernetesObjects.class.getClassLoader());

    private final Map<Map<String, String>, ObjectSources> bySettings = new HashMap<>();

    /** Null where {@code podseal-k8s} is not there. */
    @Nullable
    ObjectSources of(SpringSettings settings) {
        return PRESENT ? bySettings.computeIfAbsent(settings.flat(), first -> Present.of(settings.settings())) : null;
    }

    /** The only class that names one of {@code podseal-k8s}: it is loaded where that is there. */
    private static final class Present {
        static ObjectSources of(Settings settings) {
            return KubernetesSources.of(settings);
        }
    }
}
