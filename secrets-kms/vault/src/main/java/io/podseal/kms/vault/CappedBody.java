// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Collects an answer up to a size, wiping what it outgrows; a longer one is cut off at its connection. */
final class CappedBody implements HttpResponse.BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final int maxBytes;
    private byte[] collected = new byte[4096];
    private int length;
    private Flow.@Nullable Subscription subscription;

    CappedBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The answer is longer than allowed. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription incoming) {
        subscription = incoming;
        incoming.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            int more = buffer.remaining();
            if (length + more > maxBytes) {
                if (subscription != null) {
                    subscription.cancel();
                }
                onError(new TooLongException());
                return;
            }
            if (length + more > collected.length) {
                byte[] larger =
                        Arrays.copyOf(collected, Math.min(maxBytes, Math.max(2 * collected.length, length + more)));
                wipe();
                collected = larger;
            }
            buffer.get(collected, length, more);
            length += more;
        }
    }

    @Override
    public void onError(Throwable failure) {
        wipe();
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(Arrays.copyOf(collected, length));
        wipe();
    }

    private void wipe() {
        Arrays.fill(collected, (byte) 0);
    }
}
