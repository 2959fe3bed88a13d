// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.source;

import io.podseal.spring.property.SpringSettings;
import io.podseal.store.Location;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataResource;

/** One imported location with the settings that hold for it. Boot resolves a location twice and loads equal resources once. */
final class PodsealConfigDataResource extends ConfigDataResource {
    private final Location location;
    private final boolean optional;
    private final SpringSettings settings;

    PodsealConfigDataResource(Location location, boolean optional, SpringSettings settings) {
        super(optional);
        this.location = location;
        this.optional = optional;
        this.settings = settings;
    }

    Location location() {
        return location;
    }

    boolean isOptional() {
        return optional;
    }

    SpringSettings settings() {
        return settings;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PodsealConfigDataResource that
                && location.equals(that.location)
                && optional == that.optional;
    }

    @Override
    public int hashCode() {
        return Objects.hash(location, optional);
    }

    @Override
    public String toString() {
        return (optional ? "optional:" : "") + location;
    }
}
