// SPDX-License-Identifier: Apache-2.0
package io.podseal;

/**
 * Opens what was sealed for one ServiceAccount. Whoever holds an opener can read that account's values. Thread-safe.
 *
 * <p>The ciphers that open keep key copies in the calling thread: where the key must not outlive the work, open on a
 * thread that ends with it.
 */
public interface SecretOpener {
    /**
     * Opens a parsed value (specification, section 2, checks 8 to 10). Whether it stands in the right place was checked
     * by {@link SealedValue#parse(String, Scope)}, or is the caller's to check.
     *
     * @throws PodsealException {@code CONTEXT_MISMATCH} for another account, {@code UNKNOWN_KEY}, {@code SIZE},
     *     {@code KEYSET_POLICY} for a kind of key that is not accepted, {@code AUTHENTICATION}
     */
    SecretValue open(SealedValue sealed);

    /**
     * Opens a token found in a place.
     *
     * @throws PodsealException any code of the specification's section 2, in its order
     */
    default SecretValue open(String token, Scope place) {
        return open(SealedValue.parse(token, place));
    }
}
