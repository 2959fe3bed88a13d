// SPDX-License-Identifier: Apache-2.0
/**
 * The test vectors of the format as a source for parameterised tests: what {@code docs/spec/vectors} of Podseal holds, one
 * claim each, with what it takes to check it. Their keys are derived from a published seed and protect nothing. Immutable and
 * thread-safe, {@link io.podseal.testkit.vectors.VectorKms} included.
 */
@NullMarked
package io.podseal.testkit.vectors;

import org.jspecify.annotations.NullMarked;
