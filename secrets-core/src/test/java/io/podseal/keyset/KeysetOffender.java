// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import io.podseal.store.SecretStore;

/** A class that knows of a room above its own, to show that the rule is able to fail. Never run. */
public final class KeysetOffender {
    private KeysetOffender() {}

    static Class<?> upwards() {
        return SecretStore.class;
    }
}
