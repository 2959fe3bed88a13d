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
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private final Duration minInterval;
    private final LongSupplier nanoTime;

    private long number;
    private Reading.@Nullable Content opened;
    private @Nullable Refused refused;
    private @Nullable KnownKeys known;
    private @Nullable Long lastRound;
    private volatile List<String> servedBy = List.of();

    GenerationCycle(SecretStoreBuilder options, Listeners listeners) {
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
        this.minInterval = options.refresh.minInterval();
        this.nanoTime = options.nanoTime;
    }

    /** What cannot be opened, as long as it stays the same, and why: asking again would storm the KMS for nothing. */
    private record Refused(Reading.Content content, PodsealException why) {}

    /** The key ids of documents that were unwrapped once, and the keysets themselves where they are retained. */
    private record KnownKeys(
            Digest documents, Set<Long> ids, @Nullable List<TrustedKeyset> retained) {}

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

    /** Fails with what refuses the reading. What was opened before stays valid. */
    Step run(List<SourceItem> items) {
        Reading reading = Reading.of(items, keysetSources, filter);
        if (reading.content().equals(opened)) {
            refused = null;
            return Step.UNCHANGED;
        }
        if (refused != null && reading.content().equals(refused.content())) {
            throw refused.why();
        }
        try {
            return open(reading);
        } catch (PodsealException.Refused | PodsealException.Configuration why) {
            refused = new Refused(reading.content(), why);
            throw why;
        }
    }

    private Step open(Reading reading) {
        List<Item> values = Refusals.each(reading.values(), item -> where(item.name()), this::parse);
        nameCheck.accept(values.stream().map(Item::name).collect(Collectors.toUnmodifiableSet()));
        if (values.isEmpty()) {
            return opened(reading, new Generation.Builder().build(++number));
        }
        reading.requireKeysets(source);
        List<EncryptedKeyset> documents = reading.keysets();
        refuseUnknownKeys(values, reading);
        long wait = waitNanos(reading);
        if (wait > 0) {
            return new Step(null, wait);
        }
        List<TrustedKeyset> keysets = keysets(reading, documents);
        Generation.Builder builder = KeyThread.call("podseal-open", () -> decrypt(values, keysets));
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

    private void refuseUnknownKeys(List<Item> values, Reading reading) {
        KnownKeys keys = known;
        if (keys != null && keys.documents().equals(reading.content().documents())) {
            Refusals.each(values, item -> where(item.name()), item -> {
                if (!keys.ids().contains(item.sealed().keyId())) {
                    throw ErrorCode.UNKNOWN_KEY.because(
                            "sealed with key " + item.sealed().keyId()
                                    + ", which is in no keyset document of " + identity.namespacedName()
                                    + "; deliver the keyset document that has it, or seal the value again");
                }
                return null;
            });
        }
    }

    private long waitNanos(Reading reading) {
        if (lastRound == null || (known != null && known.retained() != null && isKnown(reading))) {
            return 0;
        }
        return lastRound + minInterval.toNanos() - nanoTime.getAsLong();
    }

    private boolean isKnown(Reading reading) {
        return known != null && known.documents().equals(reading.content().documents());
    }

    private List<TrustedKeyset> keysets(Reading reading, List<EncryptedKeyset> documents) {
        if (known != null && known.retained() != null && isKnown(reading)) {
            return known.retained();
        }
        if (opened != null) {
            lastRound = nanoTime.getAsLong();
        }
        servedBy = List.of();
        List<TrustedKeyset> keysets = unwrapper.unwrap(identity, documents);
        Set<Long> ids = keysets.stream()
                .flatMap(keyset -> keyset.keys().stream())
                .map(KeyInfo::id)
                .collect(Collectors.toUnmodifiableSet());
        known = new KnownKeys(reading.content().documents(), ids, retain ? keysets : null);
        return keysets;
    }

    private Generation.Builder decrypt(List<Item> values, List<TrustedKeyset> keysets) {
        SecretOpener opener = TrustedKeyset.opener(keysets, symmetricOnly);
        Generation.Builder builder = new Generation.Builder();
        Refusals.each(values, item -> where(item.name()), item -> {
            try (SecretValue value = opener.open(item.sealed())) {
                valueCheck.accept(item.name(), value);
                byte[] plaintext = value.revealBytes();
                builder.add(item.name(), plaintext, item.token());
                Arrays.fill(plaintext, (byte) 0);
                return null;
            }
        });
        return builder;
    }

    /** The KEKs that unwrapped the documents in use. */
    List<String> servedBy() {
        return servedBy;
    }

    private String where(String item) {
        return "item '" + item + "' of " + source;
    }

    private final class UnwrapEvents implements KeysetUnwrapper.Listener {
        @Override
        public void unwrapped(EncryptedKeyset document, String kek) {
            servedBy =
                    Stream.concat(servedBy.stream(), Stream.of(kek)).distinct().toList();
            listeners.tell(listener -> listener.unwrapped(kek));
        }

        @Override
        public void failed(String kek, PodsealException failure) {
            listeners.tell(listener -> listener.kmsFailed(kek, failure));
        }
    }
}
