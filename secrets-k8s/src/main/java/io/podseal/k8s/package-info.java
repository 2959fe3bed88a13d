// SPDX-License-Identifier: Apache-2.0
/**
 * Kubernetes: {@link io.podseal.k8s.KubernetesSources} reads Secrets and ConfigMaps, each by its name, through the API server,
 * and Secret manifests from disk.
 *
 * <p>How the API server is reached is said by the pod that the process runs in, or by the application; never by a developer's
 * kubeconfig, an environment variable of the client library, or anything that was read from a cluster. What is read is
 * ciphertext, and only the maps of items are looked at: no annotation, label or type. Every type is thread-safe unless it says
 * otherwise.
 */
@NullMarked
package io.podseal.k8s;

import org.jspecify.annotations.NullMarked;
