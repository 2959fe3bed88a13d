// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import io.podseal.testkit.Canary;
import io.podseal.testkit.Leak;
import io.podseal.testkit.LeakSearch;
import java.util.List;

/** The plaintext of these tests, with characters of all kinds; it must turn up in nothing that is printed. */
public final class Plaintext {
    private static final Canary CANARY = Canary.of("plaintext", "canary/Zw7+qP9$xL&2");
    private static final LeakSearch SEARCH = LeakSearch.of(CANARY);

    private Plaintext() {}

    /** A fresh copy. */
    public static byte[] bytes() {
        return CANARY.bytes();
    }

    /** Where it stands in a text, in whatever form. */
    public static List<Leak> leaksIn(String text) {
        return SEARCH.inText(text).leaks();
    }
}
