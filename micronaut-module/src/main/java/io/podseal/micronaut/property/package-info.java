// SPDX-License-Identifier: Apache-2.0
/**
 * From values to properties: an opaque object stands for each value in the environment, so that Micronaut interpolates,
 * prints and compares it without ever holding the plaintext; it is decrypted only when a {@code String}, {@code char[]},
 * {@code byte[]} or another type is asked for.
 */
@NullMarked
package io.podseal.micronaut.property;

import org.jspecify.annotations.NullMarked;
