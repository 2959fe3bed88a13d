// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PodsealExceptionTest {
    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasAnExceptionThatKeepsItThroughAPlace(ErrorCode code) {
        PodsealException failure = code.because("what; next step");
        assertThat(failure).hasMessage(code + ": what; next step");
        PodsealException placed = failure.at("item 'password'");
        assertThat(placed).hasSameClassAs(failure).hasMessage(code + ": item 'password': what; next step");
        assertThat(placed.code()).isEqualTo(code);
        assertThat(placed.detail()).isEqualTo("item 'password': what; next step");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void placeOfOtherPeoplesMakingStaysOnItsLine(ErrorCode code) {
        String where = "item 'a\nFORMAT: b\r\u001b[2J\u2028\u202e\ud800é' of mount /x";
        assertThat(code.because("what").at(where).detail())
                .isEqualTo("item 'a<U+000A>FORMAT: b<U+000D><U+001B>[2J<U+2028><U+202E><U+D800>é' of mount /x: what");
    }

    @Test
    void causeOfALocalOperationIsKeptAndThatOfAKmsIsNot() {
        IOException cause = new IOException("disk");
        assertThat(ErrorCode.SOURCE_UNAVAILABLE.because("x", cause).at("here")).hasCause(cause);
        assertThat(ErrorCode.KMS_UNAVAILABLE.because("x", cause)).hasNoCause();
        assertThat(ErrorCode.KMS_DENIED.because("x", cause)).hasNoCause();
    }

    @Test
    void onlyThrottlingAndUnavailabilityAreRetryable() {
        assertThat(((PodsealException.Kms) ErrorCode.KMS_UNAVAILABLE.because("x")).retryable())
                .isTrue();
        assertThat(((PodsealException.Kms) ErrorCode.KMS_THROTTLED.because("x")).retryable())
                .isTrue();
        assertThat(((PodsealException.Kms) ErrorCode.KMS_DENIED.because("x")).retryable())
                .isFalse();
        PodsealException.Kms given = ((PodsealException.Kms) ErrorCode.KMS_UNAVAILABLE.because("x")).notRetryable();
        assertThat(given.retryable()).isFalse();
        assertThat(given.at("KEK").retryable()).isFalse();
    }
}
