// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

/** A token and how long it lives. It has no telling {@code toString}. */
final class VaultToken {
    private final String value;
    private final long since;
    private final long nanos;
    private final boolean renewable;

    /**
     * A token.
     *
     * @param since by a clock of nanoseconds
     * @param nanos how long it lives; 0 where it has no end
     */
    VaultToken(String value, long since, long nanos, boolean renewable) {
        this.value = value;
        this.since = since;
        this.nanos = nanos;
        this.renewable = renewable;
    }

    String value() {
        return value;
    }

    boolean isRenewable() {
        return renewable;
    }

    boolean hasEnd() {
        return nanos > 0;
    }

    boolean isOver(long now) {
        return nanos > 0 && now - since >= nanos;
    }

    boolean isTwoThirdsOver(long now) {
        return nanos > 0 && now - since >= nanos / 3 * 2;
    }
}
