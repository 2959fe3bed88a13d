// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

/** PINs that must turn up nowhere. */
final class Pins {
    static final String WRONG = "wrong+5512";

    private Pins() {}
}
