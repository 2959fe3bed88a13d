// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.Keks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link SecretStore} needs; the names and defaults are those of the settings. Not thread-safe. */
public final class SecretStoreBuilder {
    private static final Duration SHORTEST = Duration.ofNanos(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    final SecretSource source;
    final List<SecretSource> keysetSources = new ArrayList<>();
    final List<String> only = new ArrayList<>();
    final List<String> exclude = new ArrayList<>();
    final Set<String> pins = new HashSet<>();
    private final List<Keks> closed = new ArrayList<>();
    final List<OpenListener> listeners = new ArrayList<>();
    Keks keks = Keks.builder().build();
    boolean symmetricOnly;
    boolean requireItemBound;
    boolean retainKeyset;
    Duration kmsDeadline = Duration.ofSeconds(30);
    RefreshPolicy refresh = RefreshPolicy.DEFAULT;
    Consumer<Set<String>> nameCheck = names -> {};
    BiConsumer<String, SecretValue> valueCheck = (name, value) -> {};
    LongSupplier nanoTime = System::nanoTime;

    @Nullable
    ScheduledExecutorService executor;

    private @Nullable ServiceAccount identity;

    SecretStoreBuilder(SecretSource source) {
        this.source = source;
    }

    /** Who this process runs as; required. */
    public SecretStoreBuilder identity(ServiceAccount account) {
        this.identity = account;
        return this;
    }

    /** The KEKs that the application accepts; none by default, so nothing can be unwrapped. */
    public SecretStoreBuilder keks(Keks accepted) {
        this.keks = accepted;
        return this;
    }

    /**
     * Where keyset documents come from, instead of the {@code *.keyset.json} items beside the values. Every item of it is
     * a document. Repeatable.
     */
    public SecretStoreBuilder keysets(SecretSource documents) {
        keysetSources.add(documents);
        return this;
    }

    /** Takes only items that one of these globs matches; {@code *} alone is special. */
    public SecretStoreBuilder only(Collection<String> globs) {
        only.addAll(globs);
        return this;
    }

    /** Leaves out items that one of these globs matches. */
    public SecretStoreBuilder exclude(Collection<String> globs) {
        exclude.addAll(globs);
        return this;
    }

    /** Fingerprints; where given, no other keyset is trusted. */
    public SecretStoreBuilder pins(Collection<String> fingerprints) {
        pins.addAll(fingerprints);
        return this;
    }

    /** Refuses values sealed with a public keyset. */
    public SecretStoreBuilder acceptSymmetricOnly(boolean symmetric) {
        this.symmetricOnly = symmetric;
        return this;
    }

    /** Refuses account-bound values. */
    public SecretStoreBuilder requireItemBound(boolean required) {
        this.requireItemBound = required;
        return this;
    }

    /** Keeps the unwrapped keyset in memory between refreshes, which then need no KMS. */
    public SecretStoreBuilder retainKeyset(boolean retained) {
        this.retainKeyset = retained;
        return this;
    }

    /** Closes KEKs that are this store's alone, with the store or where its start fails. */
    SecretStoreBuilder closes(Keks own) {
        closed.add(own);
        return this;
    }

    /** How long unwrapping may take: all documents, recipients and rounds together. */
    public SecretStoreBuilder kmsDeadline(Duration deadline) {
        this.kmsDeadline = deadline;
        return this;
    }

    /** How the store follows its source. */
    public SecretStoreBuilder refresh(RefreshPolicy policy) {
        this.refresh = policy;
        return this;
    }

    /** Adds a listener. */
    public SecretStoreBuilder listener(OpenListener listener) {
        listeners.add(listener);
        return this;
    }

    /** A veto on the names of every new generation, before a key is used: it throws what refuses them. */
    public SecretStoreBuilder nameCheck(Consumer<Set<String>> check) {
        this.nameCheck = check;
        return this;
    }

    /**
     * A veto on each value of a new generation, by item name: it throws what refuses the whole generation, and keeps
     * nothing. The value is closed afterwards.
     */
    public SecretStoreBuilder valueCheck(BiConsumer<String, SecretValue> check) {
        this.valueCheck = check;
        return this;
    }

    /**
     * Where timers and watches run, instead of the store's own daemon threads. Each watched source occupies one of its
     * threads; unwrapping and opening never run here. It is the caller's to shut down.
     */
    public SecretStoreBuilder executor(ScheduledExecutorService owners) {
        this.executor = owners;
        return this;
    }

    /** The clock that ages and intervals are taken from; monotonic nanoseconds, as {@link System#nanoTime()}. */
    public SecretStoreBuilder nanoTime(LongSupplier clock) {
        this.nanoTime = clock;
        return this;
    }

    /**
     * Opens the first generation and begins to follow the source.
     *
     * @throws PodsealException what refused it
     */
    public SecretStore open() {
        try {
            return SecretStore.open(this, source.read());
        } catch (RuntimeException refused) {
            closeAll();
            throw refused;
        }
    }

    /**
     * As {@link #open()}, but absence of the source itself is forgiven: where it may still appear, the store begins without
     * values and follows it, otherwise there is none. Nothing else is forgiven: no missing keyset, no refusal, no failure.
     *
     * @throws PodsealException what refused it
     */
    public Optional<SecretStore> openIfPresent() {
        try {
            Optional<SecretStore> store = source.isConfigured() ? readIfPresent() : Optional.empty();
            if (store.isEmpty()) {
                closeAll();
            }
            return store;
        } catch (RuntimeException refused) {
            closeAll();
            throw refused;
        }
    }

    private Optional<SecretStore> readIfPresent() {
        @Nullable List<SourceItem> items;
        try {
            items = source.readWithoutWaiting();
        } catch (PodsealException.Source failure) {
            if (failure.code() != ErrorCode.SOURCE_MISSING) {
                throw failure;
            }
            if (!source.isLive() || !refresh.enabled()) {
                return Optional.empty();
            }
            items = null;
        }
        return Optional.of(SecretStore.open(this, items));
    }

    void closeAll() {
        source.close();
        keysetSources.forEach(SecretSource::close);
        closed.forEach(Keks::close);
    }

    ServiceAccount identity() {
        if (identity == null) {
            throw ErrorCode.CONFIGURATION.because("a store needs the identity that it runs as; call identity(...)");
        }
        return identity;
    }

    void validate() {
        identity();
        if (Scope.INLINE.equals(source.secretName())) {
            throw ErrorCode.CONFIGURATION.because("no Secret may be called 'inline': that name stands for values in the"
                    + " application's own properties; rename the Secret of " + source);
        }
        requireWithin("podseal.kms.deadline", SHORTEST, kmsDeadline);
        requireWithin("podseal.refresh.poll-interval", SHORTEST, refresh.pollInterval());
        requireWithin("podseal.refresh.min-interval", Duration.ZERO, refresh.minInterval());
        requireWithin("podseal.refresh.max-staleness", SHORTEST, refresh.maxStaleness());
    }

    private static void requireWithin(String setting, Duration least, Duration duration) {
        if (duration.compareTo(least) < 0 || duration.compareTo(LONGEST) > 0) {
            throw ErrorCode.CONFIGURATION.because(setting + " must be "
                    + (least.isZero() ? "zero or longer" : "longer than zero") + ", and at most "
                    + LONGEST.toDays() + " days");
        }
    }
}
