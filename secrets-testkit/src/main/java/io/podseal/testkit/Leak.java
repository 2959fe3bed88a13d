// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

/**
 * One place where a canary stands.
 *
 * @param canary its label
 * @param form how it is written there, for example {@code base64, shifted by 1}
 * @param place the file, the mapping, …
 * @param offset of its first byte, in bytes; in a memory, the address
 */
public record Leak(String canary, String form, String place, long offset) {
    /** In words, without the value. */
    @Override
    public String toString() {
        return canary + " (" + form + ") in " + place + " at " + offset;
    }
}
