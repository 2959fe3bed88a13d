// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.podseal.store.SecretSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells when an object changes, through a watch of the API server. That watch may end, be forbidden, or go silent without a
 * sign; so each reading decides whether there has to be another one, and begins it where that reading ended. Thread-safe.
 */
final class ObjectWatch implements SecretSource.Watch {
    private static final System.Logger LOG = System.getLogger(ObjectWatch.class.getName());
    private static final int FORBIDDEN = 403;

    /** Who grants the right while the application runs gets a watch without a restart, and nobody else pays for it. */
    private static final Duration FORBIDDEN_PAUSE = Duration.ofMinutes(10);
    /** A watch that lived as long ended as all do; one that did not must not be opened again at once. */
    private static final Duration NORMAL_LIFE = Duration.ofSeconds(30);

    private static final Duration MAX_BACKOFF = Duration.ofSeconds(25);
    /** How much later than a reading a watch that lives may tell the same. */
    private static final Duration LATENESS = Duration.ofSeconds(5);

    private final ObjectSource source;
    private final Runnable changed;
    private final LongSupplier nanoTime;
    private final Consumer<ObjectWatch> closing;

    private @Nullable Session session;
    private long notBefore;
    private int shortLives;
    private boolean forbiddenTold;
    private boolean closed;

    ObjectWatch(ObjectSource source, Runnable changed, LongSupplier nanoTime, Consumer<ObjectWatch> closing) {
        this.source = source;
        this.changed = changed;
        this.nanoTime = nanoTime;
        this.closing = closing;
        this.notBefore = nanoTime.getAsLong();
    }

    /**
     * A reading was answered: what it found is where a watch begins.
     *
     * @param news whether it is not what the reading before found: then a watch that lives has told of it, or does so now
     */
    synchronized void answered(ApiClient client, ObjectReference object, Seen found, boolean news) {
        if (session != null && session.isDead()) {
            session.end();
            session = null;
        }
        if (session != null && news) {
            session.expectToHear();
        }
        if (closed || session != null || found.immutable() || nanoTime.getAsLong() - notBefore < 0) {
            return;
        }
        Session next = new Session(object, found.version(), nanoTime.getAsLong());
        session = next;
        client.execute(() -> next.open(client));
    }

    /** A reading got no answer: what is open to that server may be dead, and is not believed after its return. */
    synchronized void distrust() {
        if (session != null) {
            session.distrusted = true;
        }
    }

    private synchronized void lost(Session lost) {
        if (lost != session) {
            return;
        }
        session = null;
        long life = nanoTime.getAsLong() - lost.begun;
        shortLives = life > NORMAL_LIFE.toNanos() ? 0 : Math.min(shortLives + 1, 10);
        // The servers of all pods go at once: they must not all be back at once.
        Duration most = Duration.ofMillis(Math.min(500L << shortLives, MAX_BACKOFF.toMillis()));
        long wait = ThreadLocalRandom.current().nextLong(most.toMillis());
        notBefore = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(wait);
        hintIn(wait);
    }

    private synchronized void forbidden(Session refused) {
        if (refused != session) {
            return;
        }
        session = null;
        notBefore = nanoTime.getAsLong() + FORBIDDEN_PAUSE.toNanos();
        if (!forbiddenTold) {
            forbiddenTold = true;
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} may be read but not watched (403): changes are found by polling; a watch is tried again every {1} min",
                    source,
                    FORBIDDEN_PAUSE.toMinutes());
        }
    }

    private void hintIn(long millis) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(this::hint);
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
        closing.accept(this);
    }

    /** One watch of the client library, which ends once. */
    private final class Session implements Watcher<HasMetadata> {
        private final ObjectReference object;
        private final @Nullable String from;
        private final long begun;

        /** Since when a reading knows what this has not told; null where there is no such thing. */
        private @Nullable Long missed;

        private @Nullable Long heard;
        private boolean distrusted;
        private @Nullable Watch open;
        private boolean ended;

        Session(ObjectReference object, @Nullable String from, long begun) {
            this.object = object;
            this.from = from;
            this.begun = begun;
        }

        private void open(ApiClient client) {
            try {
                opened(client.watch(object, from, this));
            } catch (CallFailure notNow) {
                lost(this);
            } catch (RuntimeException refused) {
                if (refused instanceof KubernetesClientException e && e.getCode() == FORBIDDEN) {
                    forbidden(this);
                } else {
                    lost(this);
                }
            }
        }

        private void opened(Watch watch) {
            synchronized (ObjectWatch.this) {
                open = watch;
                if (ended) {
                    watch.close();
                }
            }
        }

        /** Under the lock of the outer. */
        private void end() {
            ended = true;
            if (open != null) {
                open.close();
            }
        }

        /** Under the lock of the outer. */
        private boolean isDead() {
            return distrusted || (missed != null && isLongAgo(missed));
        }

        /** Under the lock of the outer. */
        private void expectToHear() {
            if (missed == null && (heard == null || isLongAgo(heard))) {
                missed = nanoTime.getAsLong();
                CompletableFuture.delayedExecutor(LATENESS.toMillis() + 100, TimeUnit.MILLISECONDS)
                        .execute(this::hintWhereDead);
            }
        }

        /** Another reading replaces it. */
        private void hintWhereDead() {
            synchronized (ObjectWatch.this) {
                if (this != session || !isDead()) {
                    return;
                }
            }
            hint();
        }

        private boolean isLongAgo(long time) {
            return nanoTime.getAsLong() - time > LATENESS.toNanos();
        }

        @Override
        public void eventReceived(Action action, HasMetadata resource) {
            synchronized (ObjectWatch.this) {
                if (this != session) {
                    return;
                }
                heard = nanoTime.getAsLong();
                missed = null;
            }
            KubernetesObject event = action == Action.DELETED ? null : KubernetesObject.of(resource);
            if (source.isNews(event)) {
                hint();
            }
        }

        @Override
        public void onClose() {
            lost(this);
        }

        @Override
        public void onClose(WatcherException cause) {
            lost(this);
        }
    }
}
