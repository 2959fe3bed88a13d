// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.cloudkms.v1.CloudKMS;
import com.google.cloud.kms.v1.DecryptRequest;
import com.google.cloud.kms.v1.EncryptRequest;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;

/** The same fake behind the HTTP/JSON transcoding of its API, which is what Tink's own client speaks. */
final class FakeCloudKmsRest implements AutoCloseable {
    private final FakeCloudKms service;
    private final HttpServer http;

    FakeCloudKmsRest(FakeCloudKms service) throws IOException {
        this.service = service;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        http.createContext("/v1/", this::handle);
        http.start();
    }

    CloudKMS api(String token) {
        return new CloudKMS.Builder(
                        new NetHttpTransport(),
                        GsonFactory.getDefaultInstance(),
                        request -> request.getHeaders().setAuthorization("Bearer " + token))
                .setRootUrl("http://127.0.0.1:" + http.getAddress().getPort() + "/")
                .setApplicationName("tests")
                .build();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/v1/".length());
        String key = path.substring(0, path.lastIndexOf(':'));
        InputStream sent = exchange.getRequestBody();
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        String json = new String((zipped ? new GZIPInputStream(sent) : sent).readAllBytes(), UTF_8);
        Answer answer = new Answer();
        FakeCloudKms.called(exchange.getRequestHeaders().getFirst("Authorization"), key)
                .run(() -> {
                    if (path.endsWith(":encrypt")) {
                        answer.of(EncryptRequest.newBuilder().setName(key), json, service::encrypt);
                    } else {
                        answer.of(DecryptRequest.newBuilder().setName(key), json, service::decrypt);
                    }
                });
        byte[] body = answer.json.get().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private static final class Answer {
        private final AtomicReference<String> json = new AtomicReference<>();
        private int status = 200;

        @SuppressWarnings("unchecked")
        private <Q extends Message, A extends Message> void of(
                Message.Builder request, String body, BiConsumer<Q, StreamObserver<A>> call) {
            try {
                JsonFormat.parser().merge(body, request);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            call.accept((Q) request.build(), new StreamObserver<>() {
                @Override
                public void onNext(A answer) {
                    try {
                        json.set(JsonFormat.printer().print(answer));
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }

                @Override
                public void onError(Throwable refused) {
                    Status.Code code = Status.fromThrowable(refused).getCode();
                    status = httpStatus(code);
                    json.set("{\"error\":{\"code\":" + status + ",\"message\":\""
                            + Status.fromThrowable(refused).getDescription() + "\",\"status\":\"" + code + "\"}}");
                }

                @Override
                public void onCompleted() {}
            });
        }

        /** As google/rpc/code.proto maps them. */
        private static int httpStatus(Status.Code code) {
            return switch (code) {
                case INVALID_ARGUMENT, FAILED_PRECONDITION -> 400;
                case UNAUTHENTICATED -> 401;
                case PERMISSION_DENIED -> 403;
                case NOT_FOUND -> 404;
                case RESOURCE_EXHAUSTED -> 429;
                case UNAVAILABLE -> 503;
                default -> 500;
            };
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
