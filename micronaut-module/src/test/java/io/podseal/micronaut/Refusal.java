// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micronaut.context.ApplicationContext;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;

/** An application context that must not come to be. */
final class Refusal {
    private Refusal() {}

    /** Starts, expects that code, and gives the message to look at. */
    static AbstractStringAssert<?> of(Map<String, Object> settings, ErrorCode code) {
        return of(code, catchThrowable(() -> ApplicationContext.run(settings).close()));
    }

    static AbstractStringAssert<?> of(ErrorCode code, Throwable thrown) {
        assertThat(thrown).isInstanceOf(PodsealException.class);
        assertThat(((PodsealException) thrown).code()).as(thrown.getMessage()).isEqualTo(code);
        return assertThat(thrown.getMessage());
    }
}
