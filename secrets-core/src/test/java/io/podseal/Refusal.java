// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that a call is refused with a code, and that nothing of the canary stands in what was thrown. */
public final class Refusal {
    private Refusal() {}

    /** Runs the call, which must throw a {@link PodsealException} of that code, and gives the exception. */
    public static PodsealException of(ErrorCode code, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("refusal with " + code).isInstanceOf(PodsealException.class);
        PodsealException refusal = (PodsealException) thrown;
        assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
        assertThat(refusal.getMessage()).isEqualTo(code + ": " + refusal.detail());
        assertThat(refusal.detail()).as("one line").doesNotContain("\n", "\r");
        StringWriter trace = new StringWriter();
        refusal.printStackTrace(new PrintWriter(trace));
        assertThat(Canary.formIn(trace.toString()))
                .as("the canary in %s", trace)
                .isEmpty();
        return refusal;
    }
}
