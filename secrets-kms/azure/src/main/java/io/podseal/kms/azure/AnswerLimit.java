// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Refuses an answer that is longer than any of the vault or its login, or whose body takes longer than it may. */
record AnswerLimit(HttpClient http, Duration bodyTimeout) implements HttpClient {
    private static final int MAX_BYTES = 256 * 1024;

    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        // without the SDK's context, which would have the answer read as a whole
        try (HttpResponse answer = http.sendSync(request, Context.NONE);
                InputStream body = answer.getBodyAsInputStreamSync()) {
            return new Read(answer, read(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The time-out of the HTTP client is one of each read: what trickles would never reach it. */
    private byte[] read(InputStream body) throws IOException {
        long started = System.nanoTime();
        byte[] bytes = new byte[MAX_BYTES];
        try {
            for (int length = 0; ; ) {
                // the byte after the last one that may come is read for its absence alone
                int read = length < MAX_BYTES ? body.read(bytes, length, MAX_BYTES - length) : body.read();
                if (read < 0) {
                    return Arrays.copyOf(bytes, length);
                }
                if (length == MAX_BYTES) {
                    throw new IOException("an answer of more than " + MAX_BYTES + " bytes");
                }
                length += read;
                if (System.nanoTime() - started > bodyTimeout.toNanos()) {
                    throw new HttpTimeoutException("a body that takes too long");
                }
            }
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return Mono.fromCallable(() -> sendSync(request, Context.NONE));
    }

    private static final class Read extends HttpResponse {
        private final int status;
        private final HttpHeaders headers;
        private final byte[] body;

        private Read(HttpResponse answer, byte[] body) {
            super(answer.getRequest());
            this.status = answer.getStatusCode();
            this.headers = answer.getHeaders();
            this.body = body;
        }

        @Override
        public int getStatusCode() {
            return status;
        }

        @Override
        @Deprecated
        public @Nullable String getHeaderValue(String name) {
            return headers.getValue(HttpHeaderName.fromString(name));
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }

        @Override
        public Flux<ByteBuffer> getBody() {
            return Flux.just(ByteBuffer.wrap(body));
        }

        @Override
        public Mono<byte[]> getBodyAsByteArray() {
            return Mono.just(body);
        }

        @Override
        public Mono<String> getBodyAsString() {
            return getBodyAsString(UTF_8);
        }

        @Override
        public Mono<String> getBodyAsString(Charset charset) {
            return Mono.just(new String(body, charset));
        }
    }
}
