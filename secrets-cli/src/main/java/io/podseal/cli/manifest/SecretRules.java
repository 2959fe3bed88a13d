// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import io.podseal.ErrorCode;
import io.podseal.Scope;
import io.podseal.ServiceAccount;
import java.util.Set;

/** Secrets that must not be sealed, or not like this. */
final class SecretRules {
    private static final Set<String> READ_BY_KUBERNETES = Set.of(
            "kubernetes.io/dockerconfigjson",
            "kubernetes.io/dockercfg",
            "kubernetes.io/service-account-token",
            "bootstrap.kubernetes.io/token");

    private SecretRules() {}

    static void check(SecretObject secret, ServiceAccount account, boolean accountBound) {
        String label = secret.label();
        if (secret.namespace() != null && !secret.namespace().equals(account.namespace())) {
            throw ErrorCode.CONTEXT_MISMATCH.because(
                    label + " is of another namespace than the keyset's account " + account.namespacedName()
                            + "; seal it with a keyset of its own namespace, or correct the manifest");
        }
        if (Scope.INLINE.equals(secret.name())) {
            throw ErrorCode.CONFIGURATION.because("no Secret may be called 'inline': that name stands for values in the"
                    + " application's own properties; rename the Secret");
        }
        if (secret.type() != null && READ_BY_KUBERNETES.contains(secret.type())) {
            throw ErrorCode.CONFIGURATION.because(
                    label + " is of type " + secret.type()
                            + ", which Kubernetes itself reads and cannot open; leave it unsealed, and protect it by other means");
        }
        if (secret.lastApplied() != null) {
            throw ErrorCode.CONFIGURATION.because(label + " has the annotation " + SecretObject.LAST_APPLIED
                    + ", which still holds the old values; add --strip-last-applied to remove it");
        }
        if (!accountBound && secret.hasGeneratedName()) {
            throw ErrorCode.CONFIGURATION.because(
                    "a Secret with generateName has no fixed name to bind its items to; give"
                            + " it a name, or seal with --account-bound");
        }
        if (!accountBound && secret.name() == null) {
            throw ErrorCode.FORMAT.because(
                    "a Secret without metadata.name: its items are bound to that name; add it, or seal with --account-bound");
        }
    }
}
