// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that a call is refused with a code, and that nothing that is nobody's business stands in what was thrown. */
public final class Refusal {
    /** In every credential of these tests, and in the texts that servers send. */
    public static final String CANARY = "canary-Zw7qP9xL2";

    private Refusal() {}

    /** Runs the call, and gives what it threw. */
    public static PodsealException of(ErrorCode code, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("refusal with " + code).isInstanceOf(PodsealException.class);
        PodsealException refusal = (PodsealException) thrown;
        assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
        StringWriter trace = new StringWriter();
        refusal.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(CANARY);
        assertThat(refusal.detail()).as("one line").doesNotContain("\n", "\r");
        return refusal;
    }
}
