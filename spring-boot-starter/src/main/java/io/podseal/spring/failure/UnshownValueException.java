// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.failure;

/** Stands for a failure whose own message, or that of a cause, would show a sealed value; so it has no cause. */
final class UnshownValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnshownValueException(String message) {
        super(message);
    }
}
