// SPDX-License-Identifier: Apache-2.0

/**
 * KEKs in a PKCS#11 token: an HSM, a smart card, SoftHSM or NSS's softoken, through the JDK's own provider SunPKCS11.
 * {@link io.podseal.kms.pkcs11.Pkcs11Kms} is the Tink {@code KmsClient}; it is thread-safe. The key stays in the token; the PIN
 * is read from a file when the token asks for it, and wiped; a PIN that was refused is not tried again in the same process.
 */
@NullMarked
package io.podseal.kms.pkcs11;

import org.jspecify.annotations.NullMarked;
