// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that a call is refused with a code, and that no PIN stands in what was thrown. */
final class Refusal {
    private Refusal() {}

    static PodsealException of(ErrorCode code, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("refusal with " + code).isInstanceOf(PodsealException.class);
        PodsealException refusal = (PodsealException) thrown;
        assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
        StringWriter trace = new StringWriter();
        refusal.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(SoftHsm.PIN, NssDatabase.PIN, Pins.WRONG, "sun.security.pkcs11");
        assertThat(refusal.detail()).as("one line").doesNotContain("\n", "\r");
        return refusal;
    }
}
