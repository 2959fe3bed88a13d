// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import org.junit.jupiter.api.Assumptions;

/** A part of the system that a test needs and this machine does not have: it skips the test, but not silently, nor under CI. */
public final class MissingPart {
    private MissingPart() {}

    /**
     * Skips the test, or the class, with that line, which is logged as well.
     *
     * @param line what is missing, and how to get it
     * @throws IllegalStateException with that line, where {@code CI=true}: there nothing may be missing
     */
    public static void abort(String line) {
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(line);
        }
        // Build tools count skipped tests, and say nowhere why.
        System.getLogger(MissingPart.class.getName()).log(System.Logger.Level.WARNING, "Skipped: {0}", line);
        Assumptions.abort(line);
    }
}
