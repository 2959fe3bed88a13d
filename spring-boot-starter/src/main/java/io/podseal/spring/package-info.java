// SPDX-License-Identifier: Apache-2.0
/**
 * Podseal under Spring Boot: {@code spring.config.import=podseal:mount:/etc/podseal/db-credentials?prefix=db.} makes the items
 * of a sealed Secret ordinary properties. The environment gives the current values; beans keep those that they were injected
 * with until they are made anew. What an application needs is in its configuration; there is nothing to call.
 *
 * <p>Four rooms, in the order of the data: {@code source} (location to carrier), {@code property} (value to framework),
 * {@code failure} (what a failed start may say), {@code observation} (health and meters).
 */
@NullMarked
package io.podseal.spring;

import org.jspecify.annotations.NullMarked;
