// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.property;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.SecretValue;
import io.podseal.store.SecretStore;
import org.jspecify.annotations.Nullable;

/**
 * What stands in Micronaut's environment for a sealed value. It is no {@link CharSequence}, so nothing in it is
 * interpolated, and it holds no plaintext: each conversion decrypts from the store's current generation. Immutable and
 * thread-safe.
 */
public final class SealedProperty {
    private final String name;
    private final SecretStore store;
    private final String item;
    private final long generation;

    SealedProperty(String name, SecretStore store, String item, long generation) {
        this.name = name;
        this.store = store;
        this.item = item;
        this.generation = generation;
    }

    /** The property's name, for messages. */
    String name() {
        return name;
    }

    /**
     * The value as it is now.
     *
     * @throws PodsealException {@code SOURCE_MISSING} where a later generation no longer has it
     */
    SecretValue open() {
        SecretValue value = store.current().get(item);
        if (value == null) {
            throw ErrorCode.SOURCE_MISSING.because("property " + name + ": item '" + item
                    + "' has left its Secret since the start; put it back, or restart without it");
        }
        return value;
    }

    /** Equal where nothing was sealed anew in between: a refresh of the environment reports what is not equal. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SealedProperty that
                && name.equals(that.name)
                && store == that.store
                && item.equals(that.item)
                && generation == that.generation;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** Always three asterisks. */
    @Override
    public String toString() {
        return "***";
    }
}
