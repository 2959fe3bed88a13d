// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import io.podseal.ServiceAccount;
import java.nio.charset.StandardCharsets;

/** Who the tests are. */
final class Accounts {
    static final ServiceAccount API = ServiceAccount.parse("payments/api", "cluster.local");
    static final ServiceAccount WEB = ServiceAccount.parse("payments/web", "cluster.local");

    private Accounts() {}

    /** What a keyset is bound to (specification, section 3). */
    static byte[] associatedData(ServiceAccount account) {
        return ("podseal:v1:keyset:" + account.spiffeId()).getBytes(StandardCharsets.UTF_8);
    }
}
