// SPDX-License-Identifier: Apache-2.0
/**
 * Who may open: keyset documents, the KEKs that unwrap them, and the policy that an unwrapped keyset must meet.
 *
 * <p>The types that carry danger are {@link io.podseal.keyset.TrustedKeyset}, which holds keys in the clear, and
 * {@link io.podseal.keyset.Keks}, which can have them unwrapped; neither prints nor exports a secret key. Only the KEK URIs
 * that the application itself names are ever asked; a document chooses nothing. No global registry is read or written: KMS
 * clients are handed in. Documents and keysets are immutable and thread-safe.
 */
@NullMarked
package io.podseal.keyset;

import org.jspecify.annotations.NullMarked;
