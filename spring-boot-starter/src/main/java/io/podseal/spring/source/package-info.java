// SPDX-License-Identifier: Apache-2.0
/**
 * From the text of a location to a carrier: {@code spring.config.import=podseal:…}. Resolving reads settings only; loading
 * opens the store. Nothing here is for applications to call.
 */
@NullMarked
package io.podseal.spring.source;

import org.jspecify.annotations.NullMarked;
