// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One call of a KMS, which may hang, on a key thread of its own. */
final class KmsCall {
    private KmsCall() {}

    /**
     * What the KMS answers within a time.
     *
     * @param kek whom the call asks
     * @param discard gets an answer that comes when nobody waits any more
     * @throws PodsealException what the KMS answered instead; {@code KMS_UNAVAILABLE} where it did not answer in time, or the
     *     waiting thread was interrupted, which it stays
     */
    static <T> T ask(String kek, long nanos, Callable<T> call, Consumer<T> discard) {
        HandOver<T> handOver = new HandOver<>(discard);
        try {
            return KeyThread.call("podseal-kms", Duration.ofNanos(nanos), () -> handOver.offer(call.call()));
        } catch (ExecutionException failure) {
            throw KmsFailure.of(kek, failure.getCause() == null ? failure : failure.getCause());
        } catch (TimeoutException hanging) {
            handOver.giveUp();
            throw KmsFailure.of(kek, hanging);
        } catch (InterruptedException e) {
            handOver.giveUp();
            Thread.currentThread().interrupt();
            throw ErrorCode.KMS_UNAVAILABLE.because("KEK " + kek + ": interrupted while waiting for the KMS");
        }
    }

    /** That there is no time left to ask. */
    static PodsealException notAsked(String kek) {
        return ErrorCode.KMS_UNAVAILABLE.because("KEK " + kek + ": not asked, since no time was left");
    }
}
