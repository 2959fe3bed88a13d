// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static io.podseal.k8s.Tenant.password;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.RefreshPolicy;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers that a healthy API server does not give, injected by a front of a real one. */
@ControlPlane
@Timeout(120)
class FaultyAnswersIT {
    private static final RefreshPolicy NO_POLL =
            new RefreshPolicy(true, Duration.ofDays(1), Duration.ZERO, Duration.ofDays(2), RefreshPolicy.OnDelete.KEEP);

    private final LocalControlPlane plane;

    @TempDir
    private Path folder;

    private Tenant tenant;
    private FaultyFront front;

    FaultyAnswersIT(LocalControlPlane plane) {
        this.plane = plane;
    }

    @BeforeEach
    void tenant() throws Exception {
        tenant = new Tenant(plane, folder);
        front = new FaultyFront(plane.apiServer(), plane.caFile(), folder);
        tenant.putPassword("db", "first");
        tenant.mayWatch("db");
    }

    @AfterEach
    void close() {
        front.close();
        tenant.close();
    }

    private KubernetesSourcesBuilder sources() {
        return tenant.sources(front.uri()).caFile(front.caFile());
    }

    private SecretStore open() {
        return tenant.store(sources().build().secret(null, "db", null))
                .refresh(NO_POLL)
                .open();
    }

    private static ErrorCode code(Throwable thrown) {
        return ((PodsealException) thrown).code();
    }

    private long watches() {
        return front.requests().stream().filter(FaultyFront::isWatch).count();
    }

    private long gets() {
        return front.requests().stream()
                .filter(line -> !FaultyFront.isWatch(line))
                .count();
    }

    @Test
    void aFrontThatPassesOnIsNotNoticed() {
        try (SecretStore store = open()) {
            Awaitility.await().until(() -> watches() == 1);
            tenant.putPassword("db", "second");
            Awaitility.await().until(() -> password(store).equals("second"));
            assertThat(watches()).isEqualTo(1);
        }
    }

    @Test
    void goneInTheHandshakeIsAnotherWatch() {
        front.answer(FaultyFront::isWatch, "HTTP/1.1 410 Gone\nContent-Length: 0\nConnection: close\n\n");
        try (SecretStore store = open()) {
            Awaitility.await().until(() -> watches() == 2);
            front.mend();
            Awaitility.await().until(() -> watches() == 3);
            tenant.putPassword("db", "second");
            Awaitility.await().until(() -> password(store).equals("second"));
        }
    }

    @Test
    void goneInTheStreamIsAnotherWatch() {
        String event = "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":410}}";
        front.answer(
                FaultyFront::isWatch,
                "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n"
                        + "Sec-WebSocket-Accept: {accept}\n\n" + (char) 0x81 + (char) event.length() + event);
        try (SecretStore store = open()) {
            Awaitility.await().until(() -> watches() == 2);
            front.mend();
            Awaitility.await().until(() -> watches() == 3);
            tenant.putPassword("db", "second");
            Awaitility.await().until(() -> password(store).equals("second"));
        }
    }

    @Test
    void aWatchThatNeverBeginsIsGivenUpForAWhile() {
        front.answer(FaultyFront::isWatch, "HTTP/1.1 400 Bad Request\nContent-Length: 0\nConnection: close\n\n");
        KubernetesSourcesBuilder quick = sources();
        quick.watchBackoff = Duration.ofMillis(20);
        try (Told told = new Told(ObjectWatch.class);
                SecretStore store = tenant.store(quick.build().secret(null, "db", null))
                        .refresh(NO_POLL)
                        .open()) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> !told.lines().isEmpty());
            assertThat(told.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("polling"));
            assertThat(watches()).isEqualTo(7);
            assertThat(store.refresh()).isTrue();
            assertThat(watches()).as("not tried again at once").isEqualTo(7);
        }
    }

    @Test
    void aRedirectIsNotFollowed() {
        front.answer(line -> true, "HTTP/1.1 302 Found\nLocation: " + plane.apiServer() + "/\nContent-Length: 0\n\n");
        try (SecretSource source = sources().build().secret(null, "db", null)) {
            assertThatThrownBy(source::read)
                    .hasMessageContainingAll("no API server", "302")
                    .extracting(FaultyAnswersIT::code)
                    .isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        }
        assertThat(front.requests()).hasSize(1);
        assertThat(tenant.calls()).isEmpty();
    }

    @Test
    void notFoundByAnybodyElseIsNoAbsence() {
        front.answer(line -> true, "HTTP/1.1 404 Not Found\nContent-Length: 9\nConnection: close\n\nnot found");
        try (SecretSource source = sources().build().secret(null, "db", null)) {
            assertThatThrownBy(source::read)
                    .hasMessageContainingAll("no API server", "404")
                    .extracting(FaultyAnswersIT::code)
                    .isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        }
        assertThatThrownBy(() ->
                        tenant.store(sources().build().secret(null, "db", null)).openIfPresent())
                .as("optional")
                .extracting(FaultyAnswersIT::code)
                .isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
    }

    @Test
    void noCallIsMadeBeforeTheTimeThatTheServerAskedFor() {
        AtomicLong now = new AtomicLong();
        KubernetesSourcesBuilder stopped = sources();
        stopped.nanoTime = now::get;
        try (SecretStore store = tenant.store(stopped.build().secret(null, "db", null))
                .refresh(NO_POLL)
                .open()) {
            Awaitility.await().until(() -> watches() == 1);
            front.answer(
                    line -> true,
                    "HTTP/1.1 429 Too Many Requests\nRetry-After: 3\nContent-Length: 0\nConnection: close\n\n");
            assertThat(store.refresh()).isFalse();
            long asked = gets();
            front.mend();
            now.addAndGet(Duration.ofSeconds(3).toNanos() - 1);
            assertThat(store.refresh()).as("too early").isFalse();
            assertThat(gets()).isEqualTo(asked);
            assertThat(store.status().problem()).hasMessageContainingAll("Retry-After");
            now.incrementAndGet();
            assertThat(store.refresh()).isTrue();
            assertThat(gets()).isEqualTo(asked + 1);
            assertThat(store.status().problem()).isNull();
        }
    }

    /** After 503 to the web socket, the client library watches over plain HTTP, and keeps what the server says to that. */
    @Test
    void aRefusalOfThePlainWatchIsFoundByTheNextOne() {
        tenant.mayGet("db");
        tenant.awaitRights(false, "watch", "secrets", "db");
        AtomicBoolean first = new AtomicBoolean(true);
        front.answer(
                line -> FaultyFront.isWatch(line) && first.getAndSet(false),
                "HTTP/1.1 503 Service Unavailable\nContent-Length: 0\nConnection: close\n\n");
        try (Told told = new Told(ObjectWatch.class);
                SecretStore store = open()) {
            Awaitility.await().until(() -> !told.lines().isEmpty());
            assertThat(told.lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("403", "verbs: [\"get\", \"watch\"]"));
            assertThat(watches()).isEqualTo(3);
            assertThat(store.status().problem()).isNull();
        }
    }

    @Test
    void thePlainWatchTellsToo() {
        AtomicBoolean first = new AtomicBoolean(true);
        front.answer(
                line -> FaultyFront.isWatch(line) && first.getAndSet(false),
                "HTTP/1.1 503 Service Unavailable\nContent-Length: 0\nConnection: close\n\n");
        try (SecretStore store = open()) {
            Awaitility.await().until(() -> watches() == 2);
            tenant.putPassword("db", "second");
            Awaitility.await().until(() -> password(store).equals("second"));
            assertThat(watches()).isEqualTo(2);
        }
    }

    /** Each reason for doing without is said once, also where another one was said before. */
    @Test
    void aRefusalIsToldAfterAPauseForShortLives() {
        AtomicLong now = new AtomicLong();
        KubernetesSourcesBuilder stopped = sources();
        stopped.nanoTime = now::get;
        front.answer(FaultyFront::isWatch, "HTTP/1.1 400 Bad Request\nContent-Length: 0\nConnection: close\n\n");
        try (Told told = new Told(ObjectWatch.class);
                SecretStore store = tenant.store(stopped.build().secret(null, "db", null))
                        .refresh(NO_POLL)
                        .open()) {
            Awaitility.await().atMost(Duration.ofSeconds(100)).until(() -> {
                now.addAndGet(Duration.ofSeconds(29).toNanos());
                store.refresh();
                return !told.lines().isEmpty();
            });
            assertThat(told.lines()).singleElement().asString().contains("ends as soon as it begins");
            front.answer(FaultyFront::isWatch, "HTTP/1.1 403 Forbidden\nContent-Length: 0\nConnection: close\n\n");
            now.addAndGet(Duration.ofMinutes(11).toNanos());
            assertThat(store.refresh()).isTrue();
            Awaitility.await().until(() -> told.lines().size() == 2);
            assertThat(told.lines().get(1)).contains("403", "verbs: [\"get\", \"watch\"]");
        }
    }

    @Test
    void aStartWaitsAsTheServerAsks() {
        front.answer(
                line -> true,
                "HTTP/1.1 503 Service Unavailable\nRetry-After: 2\nContent-Length: 0\nConnection: close\n\n");
        try (SecretSource source =
                sources().startDeadline(Duration.ofSeconds(1)).build().secret(null, "db", null)) {
            assertThatThrownBy(source::read)
                    .as("the deadline is shorter")
                    .hasMessageContaining("Retry-After")
                    .extracting(FaultyAnswersIT::code)
                    .isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        }
        assertThat(gets()).isEqualTo(1);
    }

    @Test
    void aStartThatWasAskedToWaitSucceedsThereafter() {
        front.answer(
                line -> true,
                "HTTP/1.1 429 Too Many Requests\nRetry-After: 1\nContent-Length: 0\nConnection: close\n\n");
        Thread mending = new Thread(() -> {
            Awaitility.await().until(() -> gets() == 1);
            front.mend();
        });
        mending.start();
        try (SecretSource source = sources().build().secret(null, "db", null)) {
            assertThat(source.read()).hasSize(2);
        }
        assertThat(gets()).isEqualTo(2);
    }

    @Test
    void anAnswerThatNeverEndsIsCutOff() {
        front.answer(
                line -> true,
                "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 100000000\n\n{"
                        + " ".repeat(9 * 1024 * 1024));
        try (SecretSource source = sources().build().secret(null, "db", null)) {
            assertThatThrownBy(source::read).extracting(FaultyAnswersIT::code).isEqualTo(ErrorCode.SIZE);
        }
    }
}
