// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.PodsealException;
import io.podseal.ServiceAccount;

/** What may be a namespace's name, and so a part of a path. */
final class Namespace {
    private Namespace() {}

    /** @throws PodsealException {@code CONFIGURATION} where it is none */
    static void require(String name) {
        // An account's grammar holds that of its namespace.
        var unused = new ServiceAccount(ServiceAccount.DEFAULT_TRUST_DOMAIN, name, "any");
    }
}
