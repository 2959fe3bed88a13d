// SPDX-License-Identifier: Apache-2.0
/**
 * From opened values to properties: the live property source, how a value becomes text that Spring leaves alone, and how
 * values are kept out of endpoints. Nothing here is for applications to call.
 */
@NullMarked
package io.podseal.spring.property;

import org.jspecify.annotations.NullMarked;
