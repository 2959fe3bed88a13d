// SPDX-License-Identifier: Apache-2.0
/** The vectors of the specification against what a user can call: no package-private type is in reach here. */
@NullMarked
package io.podseal.vectors;

import org.jspecify.annotations.NullMarked;
