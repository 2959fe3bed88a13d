// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

/**
 * A Secret and what becomes of it.
 *
 * @param says what the refusal says; empty where the Secret is taken
 */
record AdmissionCase(String name, Candidate secret, String says) {
    /** How a test is called in a report. */
    @Override
    public String toString() {
        return name;
    }
}
