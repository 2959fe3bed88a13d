// SPDX-License-Identifier: Apache-2.0
/**
 * Azure Key Vault as the KEK of keysets: {@code azure-kv://<vault-host>/keys/<name>/<version>}, an RSA key (specification,
 * section 5). {@link io.podseal.kms.azure.AzureKms} is the Tink {@code KmsClient}. A keyset is wrapped here, with the public
 * key, and unwrapped by the vault alone; since anybody can wrap with a public key, the core trusts what comes back by pinned
 * fingerprint only. Nothing is retried here.
 */
@NullMarked
package io.podseal.kms.azure;

import org.jspecify.annotations.NullMarked;
