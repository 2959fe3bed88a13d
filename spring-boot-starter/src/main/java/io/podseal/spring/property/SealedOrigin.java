// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.property;

import org.springframework.boot.origin.Origin;

/**
 * Where a property came from; its type tells that the value was sealed.
 *
 * @param item the item's name
 * @param location the imported location
 */
public record SealedOrigin(String item, String location) implements Origin {
    /** For reports: where to look, never what is there. */
    @Override
    public String toString() {
        return "item '" + item + "' of " + location;
    }
}
