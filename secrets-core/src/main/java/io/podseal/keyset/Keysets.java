// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes keysets and the next version of a keyset. Each operation gives a new keyset and leaves the old one as it was; a
 * rotation without a gap is {@link #add}, deliver, {@link #promote}, seal again, {@link #disable}, {@link #remove}.
 */
public final class Keysets {
    /** As long as unwrapping waits by default. */
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private Keysets() {}

    /**
     * A keyset with one fresh key.
     *
     * @throws PodsealException {@code CONFIGURATION} where the type needs a provider that is not installed
     */
    public static TrustedKeyset create(ServiceAccount identity, KeyType type) {
        return build(
                identity, type, KeysetHandle.newBuilder().addEntry(fresh(type).makePrimary()));
    }

    /** The keyset with a fresh key of its primary's type behind the others: it opens, and does not seal yet. */
    public static TrustedKeyset add(TrustedKeyset keyset) {
        KeysetHandle.Builder builder = KeysetHandle.newBuilder(keyset.handle());
        return build(keyset.identity(), keyset.type(), builder.addEntry(fresh(keyset.type())));
    }

    /**
     * The keyset with that key as its primary.
     *
     * @throws PodsealException {@code UNKNOWN_KEY} where there is no such enabled key
     */
    public static TrustedKeyset promote(TrustedKeyset keyset, long keyId) {
        return edit(keyset, keyId, KeyStatus.ENABLED, KeysetHandle.Builder.Entry::makePrimary);
    }

    /**
     * The keyset with that key disabled: it no longer opens, and can be enabled again.
     *
     * @throws PodsealException {@code UNKNOWN_KEY} where there is no such key, {@code KEYSET_POLICY} for the primary
     */
    public static TrustedKeyset disable(TrustedKeyset keyset, long keyId) {
        refusePrimary(keyset, keyId);
        return edit(keyset, keyId, null, entry -> entry.setStatus(KeyStatus.DISABLED));
    }

    /**
     * The keyset with that key enabled.
     *
     * @throws PodsealException {@code UNKNOWN_KEY} where there is no such key
     */
    public static TrustedKeyset enable(TrustedKeyset keyset, long keyId) {
        return edit(keyset, keyId, null, entry -> entry.setStatus(KeyStatus.ENABLED));
    }

    /**
     * The keyset without that key: what was sealed with it never opens again.
     *
     * @throws PodsealException {@code UNKNOWN_KEY} where there is no such key, {@code KEYSET_POLICY} for the primary
     */
    public static TrustedKeyset remove(TrustedKeyset keyset, long keyId) {
        refusePrimary(keyset, keyId);
        KeysetHandle.Builder builder = KeysetHandle.newBuilder(keyset.handle());
        builder.deleteAt(indexOf(keyset, keyId));
        return build(keyset.identity(), keyset.type(), builder);
    }

    /**
     * Wraps a keyset for each of the KEKs, in their order. Every call runs on a thread of its own that ends with it; all
     * together take 30 seconds at most.
     *
     * @param keks 1 to 8
     * @throws PodsealException what a KMS answered, {@code KMS_UNAVAILABLE} where one did not in time or the waiting thread
     *     was interrupted; {@code SIZE} where the keyset is too large for one; {@code CONFIGURATION} for no KEK or more than
     *     8, before any KMS is asked
     */
    public static EncryptedKeyset wrap(TrustedKeyset keyset, Keks keks) {
        return wrap(keyset, keks, DEADLINE);
    }

    static EncryptedKeyset wrap(TrustedKeyset keyset, Keks keks, Duration deadline) {
        int count = keks.uris().size();
        if (count == 0 || count > EncryptedKeyset.MAX_RECIPIENTS) {
            throw ErrorCode.CONFIGURATION.because("a keyset is wrapped for 1 to " + EncryptedKeyset.MAX_RECIPIENTS
                    + " KEKs, these are " + count + "; name at least one, and leave out those that nobody uses");
        }
        long end = System.nanoTime() + deadline.toNanos();
        String recipients = keks.uris().stream()
                .map(kek -> "    { \"kek\": " + Json.quote(kek) + ",\n      \"encryptedKeyset\": "
                        + wrapFor(kek, keyset, keks, end - System.nanoTime()) + " }")
                .collect(Collectors.joining(",\n"));
        String document =
                DocumentHead.print(keyset.identity(), EncryptedKeyset.BODY) + "[\n" + recipients + "\n  ]\n}\n";
        return EncryptedKeyset.parse(document.getBytes(UTF_8));
    }

    private static String wrapFor(String kek, TrustedKeyset keyset, Keks keks, long nanos) {
        if (nanos <= 0) {
            throw KmsCall.notAsked(kek);
        }
        return KmsCall.ask(
                kek,
                nanos,
                () -> TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(
                                keyset.handle(),
                                keks.aead(kek),
                                EncryptedKeyset.associatedData(keyset.identity()),
                                keyset.type().configuration())
                        .strip(),
                wrapped -> {});
    }

    private static KeysetHandle.Builder.Entry fresh(KeyType type) {
        type.requireAvailable();
        return KeysetHandle.generateEntryFromParameters(type.parameters()).withRandomId();
    }

    private static TrustedKeyset edit(
            TrustedKeyset keyset,
            long keyId,
            @Nullable KeyStatus required,
            Consumer<KeysetHandle.Builder.Entry> change) {
        KeysetHandle.Builder builder = KeysetHandle.newBuilder(keyset.handle());
        KeysetHandle.Builder.Entry entry = builder.getAt(indexOf(keyset, keyId));
        if (required != null && entry.getStatus() != required) {
            throw ErrorCode.UNKNOWN_KEY.because("key " + keyId + " is disabled; enable it first");
        }
        change.accept(entry);
        return build(keyset.identity(), keyset.type(), builder);
    }

    private static int indexOf(TrustedKeyset keyset, long keyId) {
        List<Long> ids = keyset.keys().stream().map(KeyInfo::id).toList();
        int index = ids.indexOf(keyId);
        if (index < 0) {
            throw ErrorCode.UNKNOWN_KEY.because("no key " + keyId + " in this keyset; it has " + ids);
        }
        return index;
    }

    private static void refusePrimary(TrustedKeyset keyset, long keyId) {
        if (keyset.keys().get(indexOf(keyset, keyId)).primary()) {
            throw ErrorCode.KEYSET_POLICY.because(
                    "key " + keyId + " is the primary; promote another key first (podseal keyset promote)");
        }
    }

    private static TrustedKeyset build(ServiceAccount identity, KeyType type, KeysetHandle.Builder builder) {
        try {
            return new TrustedKeyset(
                    identity, builder.setConfiguration(type.configuration()).build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink refuses a keyset of " + type.typeName(), e);
        }
    }
}
