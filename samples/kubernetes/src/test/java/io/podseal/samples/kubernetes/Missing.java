// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A part of the system that a test needs and this machine does not have. */
final class Missing {
    private Missing() {}

    /** Skips the test with that line; fails it where {@code CI=true}. */
    static void part(String line) {
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(line);
        }
        Assumptions.abort(line);
    }
}
