// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Collects an answer, as long as it is no longer than any object can be. Thread-safe. */
final class AnswerBody implements AsyncBody.Consumer<List<ByteBuffer>> {
    /** An object's limit is 1.5 MiB in etcd; base64 and metadata come on top. */
    private static final int MAX_BYTES = 8 * 1024 * 1024;

    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private boolean tooLong;

    @Override
    public synchronized void consume(List<ByteBuffer> buffers, AsyncBody body) {
        for (ByteBuffer buffer : buffers) {
            if (content.size() + buffer.remaining() > MAX_BYTES) {
                tooLong = true;
                body.cancel();
                return;
            }
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            content.write(bytes, 0, bytes.length);
        }
        body.consume();
    }

    synchronized boolean isTooLong() {
        return tooLong;
    }

    synchronized byte[] bytes() {
        return content.toByteArray();
    }
}
