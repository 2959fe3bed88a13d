// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.KeyInfo;
import io.podseal.keyset.KeyThread;
import io.podseal.keyset.KeysetUnwrapper;
import io.podseal.keyset.TrustedKeyset;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * From a reading to a generation: decides whether anything changed, whether the KMS has to be asked and may be asked yet,
 * and opens all values or none. Not thread-safe; its store runs one cycle at a time.
 */
final class GenerationCycle {
    private final ServiceAccount identity;
    private final SecretSource source;
    private final List<SecretSource> keysetSources;
    private final ItemFilter filter;
    private final boolean requireItemBound;
    private final boolean symmetricOnly;
    private final boolean retain;
    private final Consumer<Set<String>> nameCheck;
    private final BiConsumer<String, SecretValue> valueCheck;
    private final KeysetUnwrapper unwrapper;
    private final Listeners listeners;
    private final StoreCounts counts;
    private final Set<String> serving = new LinkedHashSet<>();
    private final Duration minInterval;
    private final LongSupplier nanoTime;

    private long number;
    private Reading.@Nullable Content opened;
    private @Nullable Refused refused;
    private @Nullable KnownKeys known;
    private @Nullable Long lastRound;
    private boolean started;
    private volatile List<String> servedBy = List.of();

    GenerationCycle(SecretStoreBuilder options, Listeners listeners, StoreCounts counts) {
        this.identity = options.identity();
        this.source = options.source;
        this.keysetSources = List.copyOf(options.keysetSources);
        this.filter = ItemFilter.of(options.only, options.exclude);
        this.requireItemBound = options.requireItemBound;
        this.symmetricOnly = options.symmetricOnly;
        this.retain = options.retainKeyset;
        this.nameCheck = options.nameCheck;
        this.valueCheck = options.valueCheck;
        this.unwrapper = new KeysetUnwrapper(options.keks, options.pins, options.kmsDeadline, new UnwrapEvents());
        this.listeners = listeners;
        this.counts = counts;
        this.minInterval = options.refresh.minInterval();
        this.nanoTime = options.nanoTime;
    }

    /** What cannot be opened, as long as it stays the same, and why: asking again would storm the KMS for nothing. */
    private record Refused(Reading.Content content, PodsealException why) {}

    /** What is known of documents that were unwrapped once, and the keysets themselves where they are retained. */
    private record KnownKeys(
            Digest documents,
            Set<Long> enabledIds,
            List<String> servedBy,
            @Nullable List<TrustedKeyset> retained) {}

    private record Item(String name, SealedValue sealed, Digest token) {}

    /**
     * One step.
     *
     * @param generation the new generation, or null where the current one still holds
     * @param waitNanos how long a change has to wait for the KMS to be asked again; 0 where nothing waits
     */
    record Step(@Nullable Generation generation, long waitNanos) {
        static final Step UNCHANGED = new Step(null, 0);
    }

    /** Every round from now on counts for the interval between two. */
    void started() {
        started = true;
    }

    /** Fails with what refuses the reading. What was opened before stays valid. */
    Step run(List<SourceItem> items) {
        Reading reading = Reading.of(items, keysetSources, filter);
        if (reading.isComplete() && reading.content().equals(opened)) {
            refused = null;
            return Step.UNCHANGED;
        }
        if (refused != null && reading.content().equals(refused.content())) {
            throw refused.why();
        }
        return open(reading);
    }

    private Step open(Reading reading) {
        List<Item> values = Refusals.each(reading.values(), item -> where(item.name()), this::parse);
        nameCheck.accept(values.stream().map(Item::name).collect(Collectors.toUnmodifiableSet()));
        if (values.isEmpty()) {
            return opened(reading, new Generation.Builder().build(++number));
        }
        reading.requireKeysets(source);
        List<EncryptedKeyset> documents = reading.keysets();
        KnownKeys keys = known(reading);
        if (keys != null) {
            refuseUnknownKeys(values, keys);
        }
        long wait = waitNanos(keys);
        if (wait > 0) {
            return new Step(null, wait);
        }
        List<TrustedKeyset> keysets =
                keys != null && keys.retained() != null ? keys.retained() : unwrap(reading, documents);
        Generation.Builder builder = openAll(reading, values, keysets);
        servedBy = Objects.requireNonNull(known).servedBy();
        return opened(reading, builder.build(++number));
    }

    private Step opened(Reading reading, Generation generation) {
        opened = reading.content();
        refused = null;
        return new Step(generation, 0);
    }

    private Item parse(SourceItem item) {
        String secret = source.secretName();
        Scope place = secret == null ? Scope.accountBound(identity) : Scope.item(identity, secret, item.name());
        SealedValue sealed = SealedValue.parse(SealedValue.withoutLineEnd(item.content()), place);
        if (requireItemBound && !sealed.scope().isItemBound()) {
            throw ErrorCode.CONTEXT_MISMATCH.because("account-bound, and this application requires item-bound values"
                    + " (podseal.require-item-bound); seal it for this item");
        }
        return new Item(item.name(), sealed, Digest.of(List.of(item)));
    }

    /** What is known of the documents of this reading; null where they have to be unwrapped first. */
    private @Nullable KnownKeys known(Reading reading) {
        return known != null && known.documents().equals(reading.content().documents()) ? known : null;
    }

    private void refuseUnknownKeys(List<Item> values, KnownKeys keys) {
        Refusals.each(values, item -> where(item.name()), item -> {
            if (!keys.enabledIds().contains(item.sealed().keyId())) {
                throw ErrorCode.UNKNOWN_KEY.because("sealed with key "
                        + item.sealed().keyId() + ", which is in no keyset document of " + identity.namespacedName()
                        + ", or disabled; deliver the keyset document that has it, or seal the value again");
            }
            return null;
        });
    }

    private long waitNanos(@Nullable KnownKeys keys) {
        if (lastRound == null || (keys != null && keys.retained() != null)) {
            return 0;
        }
        return lastRound + minInterval.toNanos() - nanoTime.getAsLong();
    }

    private List<TrustedKeyset> unwrap(Reading reading, List<EncryptedKeyset> documents) {
        if (started) {
            lastRound = nanoTime.getAsLong();
        }
        serving.clear();
        List<TrustedKeyset> keysets = unwrapAll(reading, documents);
        Set<Long> ids = ids(keysets, true);
        ids.removeAll(ids(keysets, false));
        known = new KnownKeys(reading.content().documents(), ids, List.copyOf(serving), retain ? keysets : null);
        return keysets;
    }

    /** What the KMS finds altered stays so. Any other refusal may end without a change of the document. */
    private List<TrustedKeyset> unwrapAll(Reading reading, List<EncryptedKeyset> documents) {
        try {
            return unwrapper.unwrap(identity, documents);
        } catch (PodsealException.Refused why) {
            if (why.code() == ErrorCode.AUTHENTICATION) {
                refused = new Refused(reading.content(), why);
            }
            throw why;
        }
    }

    private static Set<Long> ids(List<TrustedKeyset> keysets, boolean enabled) {
        return keysets.stream()
                .flatMap(keyset -> keyset.keys().stream())
                .filter(key -> key.enabled() == enabled)
                .map(KeyInfo::id)
                .collect(Collectors.toSet());
    }

    /** Whatever refuses here follows from the input alone, a value check's CONFIGURATION too. */
    private Generation.Builder openAll(Reading reading, List<Item> values, List<TrustedKeyset> keysets) {
        try {
            return KeyThread.call("podseal-open", () -> decrypt(values, keysets));
        } catch (PodsealException why) {
            refused = new Refused(reading.content(), why);
            throw why;
        }
    }

    private Generation.Builder decrypt(List<Item> values, List<TrustedKeyset> keysets) {
        SecretOpener opener = TrustedKeyset.opener(keysets, symmetricOnly);
        Generation.Builder builder = new Generation.Builder();
        Refusals.each(values, item -> where(item.name()), item -> {
            try (SecretValue value = opener.open(item.sealed())) {
                valueCheck.accept(item.name(), value);
                byte[] plaintext = value.revealBytes();
                try {
                    builder.add(item.name(), plaintext, item.token());
                } finally {
                    Arrays.fill(plaintext, (byte) 0);
                }
                return null;
            }
        });
        return builder;
    }

    /** The KEKs that unwrapped the documents of the current generation. */
    List<String> servedBy() {
        return servedBy;
    }

    private String where(String item) {
        return "item '" + item + "' of " + source;
    }

    private final class UnwrapEvents implements KeysetUnwrapper.Listener {
        @Override
        public void unwrapped(EncryptedKeyset document, String kek) {
            serving.add(kek);
            counts.addUnwrapped(kek);
            listeners.tell(listener -> listener.unwrapped(kek));
        }

        @Override
        public void failed(String kek, PodsealException failure) {
            counts.addFailed(kek, failure.code());
            listeners.tell(listener -> listener.kmsFailed(kek, failure));
        }
    }
}
