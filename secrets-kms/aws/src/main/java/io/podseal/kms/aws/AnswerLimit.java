// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Refuses an answer that is longer than any of AWS KMS, before it is parsed. */
final class AnswerLimit implements ExecutionInterceptor {
    private static final int MAX_BYTES = 64 * 1024;

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        return context.responseBody().map(AnswerLimit::whole);
    }

    private static InputStream whole(InputStream body) {
        try (body) {
            // Not what makes arrays of its own: they may hold a keyset, and would stay.
            byte[] bytes = new byte[MAX_BYTES + 1];
            int length = body.readNBytes(bytes, 0, bytes.length);
            if (length > MAX_BYTES) {
                Arrays.fill(bytes, (byte) 0);
                throw new IOException("an answer of more than " + MAX_BYTES + " bytes");
            }
            return new Wiped(bytes, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer, until the SDK has parsed it. */
    private static final class Wiped extends ByteArrayInputStream {
        private Wiped(byte[] answer, int length) {
            super(answer, 0, length);
        }

        @Override
        public synchronized void close() {
            Arrays.fill(buf, (byte) 0);
        }
    }
}
