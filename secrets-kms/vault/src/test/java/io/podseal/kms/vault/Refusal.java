// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that a call is refused with a code, and that no credential and no word of the server stands in what was thrown. */
final class Refusal {
    private Refusal() {}

    static PodsealException of(ErrorCode code, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("refusal with " + code).isInstanceOf(PodsealException.class);
        PodsealException refusal = (PodsealException) thrown;
        assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
        StringWriter trace = new StringWriter();
        refusal.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(Canary.TOKEN, Canary.SECRET_ID, "words of the server", "eyJ");
        assertThat(refusal.detail()).as("one line").doesNotContain("\n", "\r");
        return refusal;
    }
}
