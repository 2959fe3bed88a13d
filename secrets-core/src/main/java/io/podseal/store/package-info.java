// SPDX-License-Identifier: Apache-2.0
/**
 * Run time: carriers deliver items, a {@link io.podseal.store.SecretStore} opens them as a
 * {@link io.podseal.store.Generation}, readers read the current one.
 *
 * <p>A generation is all or nothing: one value that cannot be opened refuses the whole new generation, and the last good one
 * stays. Long-term keys are in memory only while a generation is built, unless they are retained on request; the values of a
 * generation lie in memory under a random key of this process. Every type is thread-safe unless it says otherwise. Ages are
 * taken from the monotonic clock.
 */
@NullMarked
package io.podseal.store;

import org.jspecify.annotations.NullMarked;
