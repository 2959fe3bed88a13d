// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One watch of the client library: it begins once, tells, and ends once. Thread-safe; no lock is held while the owner is told. */
final class WatchSession implements Watcher<HasMetadata> {
    /** How much later than a reading a watch that lives may tell the same. */
    static final Duration LATENESS = Duration.ofSeconds(5);

    private static final int FORBIDDEN = 403;

    private final ObjectWatch owner;
    private final ObjectReference object;
    private final LongSupplier nanoTime;
    private final long begun;

    /** What this told last; null where it told nothing. */
    private @Nullable Seen told;

    /** Since when a reading knows what this has not told; null where there is no such thing. */
    private @Nullable Long missed;

    private boolean distrusted;
    private @Nullable Watch open;
    private boolean endedByUs;
    private boolean endedByServer;

    WatchSession(ObjectWatch owner, ObjectReference object, LongSupplier nanoTime) {
        this.owner = owner;
        this.object = object;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    ObjectReference object() {
        return object;
    }

    /** How long ago it was begun. */
    Duration age() {
        return Duration.ofNanos(nanoTime.getAsLong() - begun);
    }

    /** Asks for it; a refusal is mostly known at once. */
    void open(ApiClient client) {
        Watch watch;
        try {
            watch = client.watch(object, this);
        } catch (CallFailure notNow) {
            owner.lost(this);
            return;
        } catch (RuntimeException refused) {
            if (refused instanceof KubernetesClientException e && e.getCode() == FORBIDDEN) {
                owner.forbidden(this, client.rights(object));
            } else {
                owner.lost(this);
            }
            return;
        }
        opened(watch);
    }

    private void opened(Watch watch) {
        boolean lost;
        synchronized (this) {
            open = watch;
            lost = endedByServer;
            if (endedByUs) {
                watch.close();
            }
        }
        if (lost) {
            owner.lost(this);
        }
    }

    synchronized void end() {
        endedByUs = true;
        if (open != null) {
            open.close();
        }
    }

    /** There was a silence: this may have died in it. */
    synchronized void distrust() {
        distrusted = true;
    }

    synchronized boolean isDead() {
        return distrusted || (missed != null && nanoTime.getAsLong() - missed > LATENESS.toNanos());
    }

    /**
     * A reading found what is new to it.
     *
     * @return whether this has yet to tell of it, or else is dead
     */
    synchronized boolean expectToHearOf(Seen found) {
        if (missed != null || (told != null && told.isNotOlderThan(found))) {
            return false;
        }
        missed = nanoTime.getAsLong();
        return true;
    }

    @Override
    public void eventReceived(Action action, HasMetadata resource) {
        KubernetesObject event = action == Action.DELETED ? null : KubernetesObject.of(resource);
        Seen now = event == null ? Seen.NOTHING : owner.seen(event);
        synchronized (this) {
            told = now;
            missed = null;
        }
        owner.told(this, now);
    }

    @Override
    public void onClose() {
        closed();
    }

    @Override
    public void onClose(WatcherException cause) {
        closed();
    }

    /** Before it was opened, the exception of the opening says why. */
    private void closed() {
        synchronized (this) {
            endedByServer = true;
            if (open == null) {
                return;
            }
        }
        owner.lost(this);
    }
}
