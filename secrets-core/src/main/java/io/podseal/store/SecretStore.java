// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The opened values of one source, kept up to date. Readers take {@link #current()} and see one whole generation; a new one
 * is swapped in by a single volatile write. Thread-safe.
 */
public final class SecretStore implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SecretStore.class.getName());

    private final SecretSource source;
    private final GenerationCycle cycle;
    private final RefreshPolicy policy;
    private final Listeners listeners = new Listeners();
    private final LongSupplier nanoTime;
    private final boolean live;
    /** What a source delivered that is read once; null where it is read again. */
    private final @Nullable List<SourceItem> fixed;

    private final @Nullable Refresher refresher;
    private final Runnable closeResources;
    private final StoreCounts counts;

    /** Held for one reading at a time; not the store itself, which belongs to its user. */
    private final Object readings = new Object();

    /** Whether the source was allowed to be absent at the start, and has been ever since. */
    private boolean awaited;

    private volatile View view;
    private volatile boolean closed;

    /** What readers see, in one piece; a withdrawn generation stays so until a reading confirms it or gives another. */
    private record View(
            Generation generation,
            long confirmedAt,
            @Nullable PodsealException problem,
            @Nullable PodsealException withdrawal) {}

    private SecretStore(SecretStoreBuilder options, @Nullable List<SourceItem> items) {
        options.validate();
        this.source = options.source;
        this.policy = options.refresh;
        this.nanoTime = options.nanoTime;
        this.awaited = items == null;
        this.fixed = items == null || source.isLive() ? null : keptItems(options, items);
        this.live = fixed == null || options.keysetSources.stream().anyMatch(SecretSource::isLive);
        options.listeners.forEach(listeners::add);
        this.counts = new StoreCounts(options.keks.uris());
        this.cycle = new GenerationCycle(options, listeners, counts);
        try {
            Generation first = items == null
                    ? new Generation.Builder().build(0)
                    : Objects.requireNonNull(cycle.run(items).generation());
            cycle.started();
            this.view = new View(first, nanoTime.getAsLong(), null, null);
            listeners.tell(listener -> listener.opened(first, first.names()));
        } catch (RuntimeException refused) {
            listeners.close();
            throw refused;
        }
        this.closeResources = options::closeAll;
        this.refresher = live && policy.enabled() ? new Refresher(this::check, options) : null;
    }

    /** @param items the first reading; null where the source is absent, which is allowed, and is to be followed */
    static SecretStore open(SecretStoreBuilder options, @Nullable List<SourceItem> items) {
        SecretStore store = new SecretStore(options, items);
        if (store.refresher != null) {
            try {
                store.refresher.start();
            } catch (RuntimeException refused) {
                store.close();
                throw refused;
            }
        }
        return store;
    }

    /** Without what is left out, which may be anything. */
    private static List<SourceItem> keptItems(SecretStoreBuilder options, List<SourceItem> items) {
        ItemFilter filter = ItemFilter.of(options.only, options.exclude);
        return items.stream()
                .filter(item -> filter.takes(item.name()) || ItemFilter.isKeysetDocument(item.name()))
                .toList();
    }

    /** A builder for the values of that source. */
    public static SecretStoreBuilder of(SecretSource source) {
        return new SecretStoreBuilder(source);
    }

    /**
     * The current generation. One volatile read.
     *
     * @throws PodsealException {@code SOURCE_MISSING} where the source was deleted and the policy is
     *     {@link RefreshPolicy.OnDelete#FAIL}
     */
    public Generation current() {
        View now = view;
        if (now.withdrawal() != null) {
            throw now.withdrawal().code().because(now.withdrawal().detail());
        }
        return now.generation();
    }

    /** The store's state, for health and metrics. */
    public StoreStatus status() {
        View now = view;
        Duration age = live ? Duration.ofNanos(nanoTime.getAsLong() - now.confirmedAt()) : Duration.ZERO;
        PodsealException problem = now.problem();
        if (policy.enabled() && age.compareTo(policy.maxStaleness()) > 0) {
            problem =
                    ErrorCode.STALE.because(source + " could not be confirmed for " + age.toSeconds() + " s (allowed: "
                            + policy.maxStaleness().toSeconds() + " s); the last good values are in use"
                            + (problem == null ? "" : "; " + problem.getMessage()));
        }
        PodsealException last = now.problem();
        return new StoreStatus(
                now.generation().number(),
                now.generation().names().size(),
                age,
                problem,
                last == null ? null : last.code(),
                now.withdrawal() != null,
                cycle.servedBy());
    }

    /** What can be measured, under names that all frameworks share. */
    public List<StoreMetric> metrics() {
        return StoreMetric.of(this);
    }

    StoreCounts counts() {
        return counts;
    }

    /**
     * Reads the source now, in the calling thread, and swaps a new generation in if there is one that opens.
     *
     * @return whether the current generation is what the source holds
     */
    public boolean refresh() {
        return check().isZero();
    }

    /** Adds a listener. */
    public OpenListener.Subscription subscribe(OpenListener listener) {
        return listeners.add(listener);
    }

    /** One reading. Returns how long a change or a retry has to wait; zero where the current generation is confirmed. */
    private Duration check() {
        synchronized (readings) {
            return read();
        }
    }

    private Duration read() {
        boolean delivered = false;
        try {
            List<SourceItem> items = fixed == null ? source.read() : fixed;
            delivered = true;
            GenerationCycle.Step step = cycle.run(items);
            awaited = false;
            if (step.waitNanos() > 0) {
                return Duration.ofNanos(step.waitNanos());
            }
            confirm(step.generation());
            return Duration.ZERO;
        } catch (PodsealException failure) {
            if (awaited && !delivered && failure.code() == ErrorCode.SOURCE_MISSING) {
                confirm(null);
                return Duration.ZERO;
            }
            fail(failure, !delivered && failure.code() == ErrorCode.SOURCE_MISSING);
            return failure instanceof PodsealException.Source ? Refresher.SOURCE_FAILED : policy.pollInterval();
        } catch (RuntimeException defect) {
            // of a source or check from elsewhere; its text is not ours to show
            fail(
                    ErrorCode.SOURCE_UNAVAILABLE.because("reading " + source + " failed with "
                            + defect.getClass().getName()),
                    false);
            return delivered ? policy.pollInterval() : Refresher.SOURCE_FAILED;
        }
    }

    private void confirm(@Nullable Generation next) {
        Generation previous = view.generation();
        view = new View(next == null ? previous : next, nanoTime.getAsLong(), null, null);
        if (next != null) {
            listeners.tell(listener -> listener.opened(next, next.changedSince(previous)));
        }
    }

    private void fail(PodsealException problem, boolean deleted) {
        View now = view;
        PodsealException withdrawal =
                deleted && policy.onDelete() == RefreshPolicy.OnDelete.FAIL ? problem : now.withdrawal();
        view = new View(now.generation(), now.confirmedAt(), problem, withdrawal);
        counts.addRefused(problem.code());
        PodsealException before = now.problem();
        boolean told = before != null
                && before.code() == problem.code()
                && before.detail().equals(problem.detail());
        if (!told && !closed) {
            LOG.log(System.Logger.Level.WARNING, "{0}: {1}", this, problem.getMessage());
            listeners.tell(listener -> listener.refused(problem));
        }
    }

    /** Ends watches, timers and listeners. The last generation stays readable. Idempotent. */
    @Override
    public void close() {
        closed = true;
        if (refresher != null) {
            refresher.close();
        }
        listeners.close();
        closeResources.run();
    }

    @Override
    public String toString() {
        return "SecretStore[" + source + ", " + view.generation() + "]";
    }
}
