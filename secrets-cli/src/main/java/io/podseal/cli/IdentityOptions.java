// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ServiceAccount;
import picocli.CommandLine.Option;

/** Which workload it is about. */
final class IdentityOptions {
    @Option(names = "--identity", required = true, paramLabel = "<ns>/<sa>", description = "The ServiceAccount.")
    @SuppressWarnings("NullAway.Init")
    private ServiceAccount identity;

    @Option(
            names = "--trust-domain",
            paramLabel = "<td>",
            defaultValue = Word.TrustDomain.DEFAULT,
            description = "The cluster's trust domain; default ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init")
    private Word.TrustDomain trustDomain;

    ServiceAccount identity() {
        return new ServiceAccount(trustDomain.text(), identity.namespace(), identity.name());
    }
}
