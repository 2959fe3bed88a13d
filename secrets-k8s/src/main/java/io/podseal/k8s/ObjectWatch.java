// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.store.SecretSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells when an object changes, through a watch of the API server. That watch may end, be forbidden, or go silent without a
 * sign; so each reading decides whether there has to be another one. Thread-safe.
 */
final class ObjectWatch implements SecretSource.Watch {
    private static final System.Logger LOG = System.getLogger(ObjectWatch.class.getName());

    /** Who grants the right while the application runs gets a watch without a restart, and nobody else pays for it. */
    private static final Duration PAUSE = Duration.ofMinutes(10);
    /** A watch that lived longer ended as all do; one that did not must not be opened again at once. */
    private static final Duration NORMAL_LIFE = Duration.ofSeconds(30);

    private static final int MAX_SHORT_LIVES = 6;

    private final ObjectSource source;
    private final Runnable changed;
    private final LongSupplier nanoTime;
    private final Duration firstBackoff;

    private @Nullable WatchSession session;
    private long notBefore;
    private int shortLives;
    private final Set<String> pausesTold = new HashSet<>();
    private boolean closed;

    ObjectWatch(ObjectSource source, Runnable changed, KubernetesSourcesBuilder options) {
        this.source = source;
        this.changed = changed;
        this.nanoTime = options.nanoTime;
        this.firstBackoff = options.watchBackoff;
        this.notBefore = nanoTime.getAsLong();
    }

    /**
     * A reading was answered: then there can be a watch, unless what it found never changes.
     *
     * @param news whether it is not what the reading before found: then a watch that lives has told of it, or does so now
     */
    synchronized void answered(ApiClient client, ObjectReference object, Seen found, boolean news) {
        if (session != null && session.isDead()) {
            session.end();
            session = null;
        }
        if (session != null && news && session.expectToHearOf(found)) {
            WatchSession waiting = session;
            after(WatchSession.LATENESS.plusMillis(100), () -> readWhereDead(waiting));
        }
        if (closed || session != null || found.immutable() || nanoTime.getAsLong() - notBefore < 0) {
            return;
        }
        WatchSession next = new WatchSession(this, object, nanoTime);
        session = next;
        client.execute(() -> next.open(client));
    }

    /** A reading got no answer: what is open to that server is not believed after its return. */
    synchronized void distrust() {
        if (session != null) {
            session.distrust();
        }
    }

    /** What an event holds. */
    Seen seen(KubernetesObject event) {
        return source.seen(event);
    }

    /** An event. */
    void told(WatchSession teller, Seen event) {
        synchronized (this) {
            if (teller != session) {
                return;
            }
        }
        if (source.isNews(event)) {
            hint();
        }
    }

    /** It ended, or could not begin. */
    synchronized void lost(WatchSession ended) {
        if (ended != session) {
            return;
        }
        session = null;
        shortLives = ended.age().compareTo(NORMAL_LIFE) > 0 ? 0 : shortLives + 1;
        if (shortLives > MAX_SHORT_LIVES) {
            pause(ended, "it ends as soon as it begins", "");
            return;
        }
        // All pods lose their watches when the server goes: they must not all be back at once.
        Duration wait = Duration.ofMillis(ThreadLocalRandom.current().nextLong(firstBackoff.toMillis() << shortLives));
        notBefore = nanoTime.getAsLong() + wait.toNanos();
        after(wait, this::hint);
    }

    /** It was not allowed to begin. */
    synchronized void forbidden(WatchSession refused, Rights rights) {
        if (refused == session) {
            session = null;
            pause(refused, "403", rights.toWatch());
        }
    }

    /** Polling does without. */
    private void pause(WatchSession ended, String why, String remedy) {
        notBefore = nanoTime.getAsLong() + PAUSE.toNanos();
        shortLives = 0;
        if (pausesTold.add(why)) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} can be read but not watched ({1}): changes are found by polling, and a watch is tried again every"
                            + " {2} min{3}",
                    ended.object(),
                    why,
                    PAUSE.toMinutes(),
                    remedy);
        }
    }

    /** That reading then replaces it. */
    private void readWhereDead(WatchSession waiting) {
        synchronized (this) {
            if (waiting != session || !waiting.isDead()) {
                return;
            }
        }
        hint();
    }

    private static void after(Duration time, Runnable task) {
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS)
                .execute(task);
    }

    private void hint() {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        changed.run();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (session != null) {
                session.end();
                session = null;
            }
        }
        source.ended(this);
    }
}
