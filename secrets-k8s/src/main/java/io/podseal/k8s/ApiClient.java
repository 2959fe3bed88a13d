// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.Watchable;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import java.io.ByteArrayInputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The client library, bound to one API server: one call is one request, under one time limit. Thread-safe. */
final class ApiClient implements AutoCloseable {
    /** For what watches tell and for opening them; nothing stays there. */
    private static final int THREADS = 4;

    private static final int IDLE_SECONDS = 10;

    private final Connection connection;
    private final @Nullable Supplier<ServiceAccount> identity;
    private final Patience patience;
    private final KubernetesSerialization json = new KubernetesSerialization(new ObjectMapper(), false);
    private final ThreadPoolExecutor threads;
    private final KubernetesClient client;

    /** @throws PodsealException where what was set, and the pod, do not suffice */
    ApiClient(KubernetesSourcesBuilder options) {
        this.connection = Connection.of(options);
        this.identity = options.identity;
        this.patience = new Patience(options.nanoTime);
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons());
        threads.allowCoreThreadTimeOut(true);
        // Only these: otherwise an answer's kind could name any class that the class path registers.
        json.registerKubernetesResource(Secret.class);
        json.registerKubernetesResource(ConfigMap.class);
        json.registerKubernetesResource(Status.class);
        this.client = new KubernetesClientBuilder()
                .withConfig(connection.config())
                .withHttpClientFactory(new ApiHttpClients(connection, patience))
                .withKubernetesSerialization(json)
                .withTaskExecutor(threads)
                .build();
    }

    private static ThreadFactory daemons() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "podseal-kubernetes-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    Connection connection() {
        return connection;
    }

    /** What to grant so that calls for that object are allowed. */
    Rights rights(ObjectReference object) {
        return new Rights(object, identity);
    }

    private Answers answers(ObjectReference object) {
        return new Answers(object, connection, rights(object));
    }

    /** One {@code get}. */
    KubernetesObject get(ObjectReference object) throws CallFailure {
        requireReady(object);
        Answers answers = answers(object);
        AnswerBody body = new AnswerBody();
        int code;
        try {
            code = send(object, body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw answers.interrupted();
        } catch (ExecutionException e) {
            throw body.isTooLong() ? answers.tooLong() : answers.silent(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException | RuntimeException e) {
            throw body.isTooLong() ? answers.tooLong() : answers.silent(e);
        }
        byte[] content = body.bytes();
        if (code != 200) {
            throw answers.refused(code, parse(content, Status.class), patience.remaining());
        }
        HasMetadata found = parse(content, object.kind().type());
        if (found == null || found.getMetadata() == null) {
            throw answers.refused(code, null, patience.remaining());
        }
        return KubernetesObject.of(found);
    }

    /** Before anything is sent. */
    private void requireReady(ObjectReference object) throws CallFailure {
        if (!patience.remaining().isZero()) {
            throw answers(object).busy(patience.remaining());
        }
        if (connection.token() != null) {
            try {
                var unused = connection.token().getToken();
            } catch (PodsealException e) {
                throw new CallFailure(CallFailure.Kind.FINAL, e.at(object.toString()));
            }
        }
    }

    private int send(ObjectReference object, AnswerBody body)
            throws InterruptedException, ExecutionException, TimeoutException {
        long limit = connection.callTimeout().toNanos();
        long begun = System.nanoTime();
        HttpRequest request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(connection.url() + object.path())
                .header("Accept", "application/json")
                .timeout(limit, TimeUnit.NANOSECONDS)
                .build();
        CompletableFuture<HttpResponse<AsyncBody>> call = client.getHttpClient().consumeBytes(request, body);
        AsyncBody stream = null;
        try {
            HttpResponse<AsyncBody> response = call.get(limit, TimeUnit.NANOSECONDS);
            stream = response.body();
            stream.consume();
            var unused = stream.done().get(limit - (System.nanoTime() - begun), TimeUnit.NANOSECONDS);
            return response.code();
        } finally {
            // Where it did not come to its end, its connection must not be used again.
            call.cancel(true);
            if (stream != null) {
                stream.cancel();
            }
        }
    }

    private <T> @Nullable T parse(byte[] content, Class<T> type) {
        try {
            return json.unmarshal(new ByteArrayInputStream(content), type);
        } catch (RuntimeException notThat) {
            return null;
        }
    }

    /**
     * Opens a watch of that object alone, and returns when the server has agreed to a web socket or refused one. Where that got
     * no answer, or 200 or 503, the client library watches over plain HTTP and returns at once: if that is refused too, the watch
     * ends without a reason, and the next one has to find it. It begins with the object that is there, and not with the version
     * that was read: the server forgets what it was at an older object's version, and would refuse (410).
     */
    Watch watch(ObjectReference object, Watcher<HasMetadata> watcher) throws CallFailure {
        requireReady(object);
        ListOptions options =
                new ListOptionsBuilder().withAllowWatchBookmarks(false).build();
        @SuppressWarnings("unchecked") // what it delivers is read as HasMetadata only
        Watchable<HasMetadata> watched = (Watchable<HasMetadata>) object.kind().resource(client, object);
        return watched.watch(options, watcher);
    }

    /** Runs a short task beside the caller; drops it where this is closed. */
    void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException closed) {
            // nothing is to be done any more
        }
    }

    @Override
    public void close() {
        client.close();
        threads.shutdownNow();
    }
}
