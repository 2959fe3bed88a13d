// SPDX-License-Identifier: Apache-2.0

/**
 * KEKs in the Transit engine of HashiCorp Vault or OpenBao, over the JDK's own HTTP client.
 * {@link io.podseal.kms.vault.VaultKms} is the Tink {@code KmsClient}, {@link io.podseal.kms.vault.VaultAuth} says how it logs
 * in; both are thread-safe. Only keys that authenticate associated data are used, so a keyset opens for its own account alone.
 */
@NullMarked
package io.podseal.kms.vault;

import org.jspecify.annotations.NullMarked;
