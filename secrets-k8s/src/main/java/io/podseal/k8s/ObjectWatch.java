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
 * sign; so each reading decides whether there has to be another one. Thread-safe.
 */
final class ObjectWatch implements SecretSource.Watch {
    private static final System.Logger LOG = System.getLogger(ObjectWatch.class.getName());
    private static final int FORBIDDEN = 403;

    /** Who grants the right while the application runs gets a watch without a restart, and nobody else pays for it. */
    private static final Duration PAUSE = Duration.ofMinutes(10);
    /** A watch that lived longer ended as all do; one that did not must not be opened again at once. */
    private static final Duration NORMAL_LIFE = Duration.ofSeconds(30);

    private static final int MAX_SHORT_LIVES = 6;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    /** How much later than a reading a watch that lives may tell the same. */
    private static final Duration LATENESS = Duration.ofSeconds(5);

    private final ObjectSource source;
    private final Runnable changed;
    private final LongSupplier nanoTime;
    private final Consumer<ObjectWatch> closing;

    private @Nullable Session session;
    private long notBefore;
    private int shortLives;
    private boolean pauseTold;
    private boolean closed;

    ObjectWatch(ObjectSource source, Runnable changed, LongSupplier nanoTime, Consumer<ObjectWatch> closing) {
        this.source = source;
        this.changed = changed;
        this.nanoTime = nanoTime;
        this.closing = closing;
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
        if (session != null && news) {
            session.expectToHearOf(found);
        }
        if (closed || session != null || found.immutable() || nanoTime.getAsLong() - notBefore < 0) {
            return;
        }
        Session next = new Session(object, nanoTime.getAsLong());
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
        boolean normal = nanoTime.getAsLong() - lost.begun > NORMAL_LIFE.toNanos();
        shortLives = normal ? 0 : shortLives + 1;
        if (shortLives > MAX_SHORT_LIVES) {
            pause(lost, "it ends as soon as it begins", "");
            return;
        }
        // All pods lose their watches when the server goes: they must not all be back at once.
        long millis = ThreadLocalRandom.current().nextLong(FIRST_BACKOFF.toMillis() << shortLives);
        notBefore = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(millis);
        hintIn(millis);
    }

    private synchronized void forbidden(Session refused, Rights rights) {
        if (refused == session) {
            session = null;
            pause(refused, "403", rights.toWatch());
        }
    }

    /** Under the lock: polling does without. */
    private void pause(Session ended, String why, String remedy) {
        notBefore = nanoTime.getAsLong() + PAUSE.toNanos();
        shortLives = 0;
        if (!pauseTold) {
            pauseTold = true;
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} can be read but not watched ({1}): changes are found by polling, and a watch is tried again every"
                            + " {2} min{3}",
                    ended.object,
                    why,
                    PAUSE.toMinutes(),
                    remedy);
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
        private final long begun;

        /** Since when a reading knows what this has not told; null where there is no such thing. */
        private @Nullable Long missed;

        /** What this told last; null where it told nothing. */
        private @Nullable Seen told;

        private boolean distrusted;
        private @Nullable Watch open;
        /** Whether it is over on our side, and on the other. */
        private boolean ended;

        private boolean closed;

        Session(ObjectReference object, long begun) {
            this.object = object;
            this.begun = begun;
        }

        private void open(ApiClient client) {
            try {
                opened(client.watch(object, this));
            } catch (CallFailure notNow) {
                lost(this);
            } catch (RuntimeException refused) {
                if (refused instanceof KubernetesClientException e && e.getCode() == FORBIDDEN) {
                    forbidden(this, client.rights(object));
                } else {
                    lost(this);
                }
            }
        }

        private void opened(Watch watch) {
            boolean closedMeanwhile;
            synchronized (ObjectWatch.this) {
                open = watch;
                closedMeanwhile = closed;
                if (ended) {
                    watch.close();
                }
            }
            if (closedMeanwhile) {
                lost(this);
            }
        }

        /** Before it was opened, the exception of the opening says why. */
        private void closed() {
            synchronized (ObjectWatch.this) {
                closed = true;
                if (open == null) {
                    return;
                }
            }
            lost(this);
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
            return distrusted || (missed != null && nanoTime.getAsLong() - missed > LATENESS.toNanos());
        }

        /** Under the lock of the outer. */
        private void expectToHearOf(Seen found) {
            if (missed == null && (told == null || !told.isNotOlderThan(found))) {
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

        @Override
        public void eventReceived(Action action, HasMetadata resource) {
            Seen event = action == Action.DELETED ? Seen.NOTHING : new Seen(KubernetesObject.of(resource));
            synchronized (ObjectWatch.this) {
                if (this != session) {
                    return;
                }
                told = event;
                missed = null;
            }
            if (source.isNews(event)) {
                hint();
            }
        }

        @Override
        public void onClose() {
            closed();
        }

        @Override
        public void onClose(WatcherException cause) {
            closed();
        }
    }
}
