// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import org.jspecify.annotations.Nullable;

/**
 * One object by its name.
 *
 * @param namespace null while only the pod knows it
 */
record ObjectReference(ObjectKind kind, @Nullable String namespace, String name) {
    ObjectReference in(String resolved) {
        return new ObjectReference(kind, resolved, name);
    }

    /** Below the API server's URL. Both names were checked: neither needs an escape. */
    String path() {
        return "/api/v1/namespaces/" + namespace + '/' + kind.resource() + '/' + name;
    }

    /** As a location writes it. */
    @Override
    public String toString() {
        return kind.word() + ' ' + (namespace == null ? "" : namespace + '/') + name;
    }
}
