// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Asserts that a call is refused with a code, and that nothing of the canary stands in what was thrown. */
public final class Refusal {
    private Refusal() {}

    /** What is expected to be refused. */
    @FunctionalInterface
    public interface Call {
        /** Runs it. */
        void run() throws Exception;
    }

    /** Runs the call, which must throw a {@link PodsealException} of that code, and gives the exception. */
    public static PodsealException of(ErrorCode code, Call call) {
        return of("call", code, call);
    }

    /** As {@link #of(ErrorCode, Call)}, where a failure says which of many calls it was. */
    public static PodsealException of(String what, ErrorCode code, Call call) {
        Throwable thrown = catchThrowable(call::run);
        assertThat(thrown).as("%s: refusal with %s", what, code).isInstanceOf(PodsealException.class);
        PodsealException refusal = (PodsealException) thrown;
        assertThat(refusal.code()).as("%s: %s", what, refusal.getMessage()).isEqualTo(code);
        assertThat(refusal.getMessage()).isEqualTo(code + ": " + refusal.detail());
        assertThat(refusal.detail()).as("one line").doesNotContain("\n", "\r");
        StringWriter trace = new StringWriter();
        refusal.printStackTrace(new PrintWriter(trace));
        assertThat(Plaintext.leaksIn(trace.toString()))
                .as("the canary in %s", trace)
                .isEmpty();
        return refusal;
    }
}
