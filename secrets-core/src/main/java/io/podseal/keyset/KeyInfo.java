// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

/**
 * What may be said of one key.
 *
 * @param id the key id, unsigned
 * @param type its type
 * @param enabled whether it opens and, where primary, seals
 * @param primary whether new values are sealed with it
 */
public record KeyInfo(long id, KeyType type, boolean enabled, boolean primary) {}
