// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Remembers how long the API server asked to be left alone, and lets no call through before. Thread-safe. */
final class Patience implements Interceptor {
    private static final Set<Integer> BUSY = Set.of(429, 503);
    /** More would be a mistake: the values would be stale long before. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private final LongSupplier nanoTime;
    private long until;

    Patience(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.until = nanoTime.getAsLong();
    }

    /** A call that another call's answer has made too early. */
    static final class TooEarly extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        private final Duration remaining;

        TooEarly(Duration remaining) {
            super("the API server asked to be left alone");
            this.remaining = remaining;
        }

        Duration remaining() {
            return remaining;
        }
    }

    /** How long no call may be made; zero where one may. */
    synchronized Duration remaining() {
        return Duration.ofNanos(Math.max(0, until - nanoTime.getAsLong()));
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        Duration wait = remaining();
        if (!wait.isZero()) {
            throw new TooEarly(wait);
        }
    }

    @Override
    public void after(
            HttpRequest request, HttpResponse<?> response, AsyncBody.@Nullable Consumer<List<ByteBuffer>> consumer) {
        if (BUSY.contains(response.code())) {
            Duration asked = retryAfter(response.header("Retry-After"), response.header("Date"));
            synchronized (this) {
                until = Math.max(until, nanoTime.getAsLong() + asked.toNanos());
            }
        }
    }

    /** @param answered when, by the server's own clock, which the date that it names is of */
    static Duration retryAfter(@Nullable String text, @Nullable String answered) {
        Duration asked = Duration.ZERO;
        if (text != null && text.matches("\\d{1,9}")) {
            asked = Duration.ofSeconds(Long.parseLong(text));
        } else if (text != null) {
            Instant then = instant(text);
            Instant now = answered == null ? null : instant(answered);
            asked = then == null ? Duration.ZERO : Duration.between(now == null ? Instant.now() : now, then);
        }
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
    }

    private static @Nullable Instant instant(String httpDate) {
        try {
            return ZonedDateTime.parse(httpDate, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeParseException notADate) {
            return null;
        }
    }
}
