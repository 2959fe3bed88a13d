// SPDX-License-Identifier: Apache-2.0
/**
 * The way of the data begins here, and goes on in {@link io.podseal.micronaut.property}; an application calls nothing of
 * either, it has the artifact on its class path and names a location in {@code podseal.import[0]}.
 *
 * <p>From settings to property sources: reads {@code podseal.*} where it can be read early enough, opens the stores of the
 * named locations before the application's own configuration is complete, refuses settings that came too late, and closes
 * the stores with the application context.
 */
@NullMarked
package io.podseal.micronaut.source;

import org.jspecify.annotations.NullMarked;
