// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

/** Words that stand in every credential of these tests, and must stand in nothing that is thrown. */
final class Canary {
    static final String TOKEN = "canary-token-7391-";
    static final String SECRET_ID = "canary-secret-id-2846";

    private Canary() {}
}
