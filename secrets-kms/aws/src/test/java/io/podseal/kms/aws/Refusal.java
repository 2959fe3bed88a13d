// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** An expected refusal, for its message. */
final class Refusal {
    private Refusal() {}

    static PodsealException of(ErrorCode code, ThrowingCallable call) {
        PodsealException refusal = catchThrowableOfType(PodsealException.class, call);
        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
        return refusal;
    }
}
