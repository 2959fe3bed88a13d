// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.podseal.PodsealException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

final class Refusals {
    private Refusals() {}

    /** Refused with that code; gives the message. */
    static String assertRefused(String code, ThrowingCallable work) {
        PodsealException refusal = catchThrowableOfType(PodsealException.class, work);
        assertThat(refusal).as("refusal").isNotNull();
        assertThat(refusal.code()).hasToString(code);
        return refusal.detail();
    }
}
