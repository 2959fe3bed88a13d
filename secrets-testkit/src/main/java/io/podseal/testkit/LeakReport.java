// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.util.List;

/**
 * What a {@link LeakSearch} found, in a place where it did find its control.
 *
 * @param place what was searched
 * @param leaks where canaries stand
 * @param controls how often the control stands there; one at least
 * @param bytes how much was searched
 */
public record LeakReport(String place, List<Leak> leaks, int controls, long bytes) {
    private static final int SHOWN = 20;

    /**
     * This, where there is no leak.
     *
     * @throws AssertionError with the places of the leaks, where there are any
     */
    public LeakReport requireNone() {
        if (!leaks.isEmpty()) {
            StringBuilder message = new StringBuilder(toString());
            leaks.stream().limit(SHOWN).forEach(leak -> message.append("\n  ").append(leak));
            if (leaks.size() > SHOWN) {
                message.append("\n  and ").append(leaks.size() - SHOWN).append(" more");
            }
            throw new AssertionError(message);
        }
        return this;
    }

    /** In one line, for example {@code 0 leaks in 48213 bytes of /tmp/x (2 controls found)}. */
    @Override
    public String toString() {
        return leaks.size() + " leaks in " + bytes + " bytes of " + place + " (" + controls + " controls found)";
    }
}
