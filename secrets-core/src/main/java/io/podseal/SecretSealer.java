// SPDX-License-Identifier: Apache-2.0
package io.podseal;

/** Seals values for one ServiceAccount. Thread-safe. */
public interface SecretSealer {
    /** The longest plaintext, in bytes (700 KiB: its token still fits a Secret). */
    int MAX_PLAINTEXT_BYTES = 716_800;

    /**
     * Seals a value.
     *
     * @param scope where it will stand; must be of this sealer's account
     * @param plaintext 0 to 716,800 bytes, not kept and not zeroed
     * @throws PodsealException {@code CONTEXT_MISMATCH} for another account's scope, {@code SIZE} over the limit
     */
    SealedValue seal(Scope scope, byte[] plaintext);
}
