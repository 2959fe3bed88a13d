// SPDX-License-Identifier: Apache-2.0
/**
 * The words of Podseal: who a secret is for, what a sealed value is, and the two capabilities of sealing and opening.
 *
 * <p>Everything here is plain data and small contracts; no I/O, no threads, no keys. Types are immutable and thread-safe
 * unless they say otherwise. No {@code toString}, message or exception of this package holds plaintext, key bytes or a
 * payload. The bytes are those of {@code docs/spec/format-v1.md}.
 */
@NullMarked
package io.podseal;

import org.jspecify.annotations.NullMarked;
