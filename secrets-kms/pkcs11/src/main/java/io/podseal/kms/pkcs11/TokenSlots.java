// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import java.security.AuthProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/**
 * The providers of a module's slots. Each lookup gets a new one, since one whose token failed is of no use any more; but one
 * that found its slot empty is asked again, since the JDK has a thread wait for the token in each of those.
 */
final class TokenSlots {
    private final String library;
    private final IntFunction<AuthProvider> maker;
    private final Map<Integer, AuthProvider> waiting = new ConcurrentHashMap<>();

    TokenSlots(String library, IntFunction<AuthProvider> maker) {
        this.library = library;
        this.maker = maker;
    }

    AuthProvider provider(int slot) {
        AuthProvider provider = waiting.remove(slot);
        return provider != null ? provider : maker.apply(slot);
    }

    /** That slot has no token, so this provider waits for one. */
    void keepEmpty(int slot, AuthProvider provider) {
        waiting.put(slot, provider);
    }

    /** The slot in messages, and in the memory of PINs. */
    String name(int slot) {
        return "slot " + slot + " of " + library;
    }
}
