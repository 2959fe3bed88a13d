// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.property;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;

/**
 * Where a property came from; its type tells that the value was sealed.
 *
 * @param item the item's name
 * @param location the imported location
 */
public record SealedOrigin(String item, String location) implements Origin {
    /** The sealed item behind a property, or null where it was not sealed. */
    public static @Nullable SealedOrigin of(@Nullable ConfigurationProperty property) {
        Origin origin = property == null ? null : property.getOrigin();
        if (origin instanceof PropertySourceOrigin wrapped) {
            origin = wrapped.getOrigin();
        }
        return origin instanceof SealedOrigin sealed ? sealed : null;
    }

    /** For reports: where to look, never what is there. */
    @Override
    public String toString() {
        return "item '" + item + "' of " + location;
    }
}
