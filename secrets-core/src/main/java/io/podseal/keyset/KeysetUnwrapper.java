// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import com.google.crypto.tink.KeysetHandle;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Has keyset documents unwrapped by the KEKs that the application accepts, and checks what comes back (specification,
 * section 3). A round asks each recipient that a document and the application both name once, in the application's order;
 * the next one on any {@code KMS_*} code or missing credentials, never on {@code AUTHENTICATION}. Between rounds lies a
 * back-off with full jitter, and only transient failures get another round. All documents, recipients and rounds share one
 * deadline; a recipient that hangs gives way when its share of what is left is used up. Every call runs on a thread of its
 * own that ends with it. Thread-safe.
 */
public final class KeysetUnwrapper {
    /** Hears what each KMS answered. Called on the unwrapping thread: it returns at once and throws nothing. */
    public interface Listener {
        /** A keyset was unwrapped and passed the policy. */
        default void unwrapped(EncryptedKeyset document, String kek) {}

        /** One call failed, or what it gave was refused; after a KMS's failure others may follow. */
        default void failed(String kek, PodsealException failure) {}
    }

    private static final int MAX_DOCUMENTS = 16;
    private static final long FIRST_BACKOFF_NANOS = Duration.ofMillis(200).toNanos();
    private static final long MAX_BACKOFF_NANOS = Duration.ofSeconds(5).toNanos();

    private final Keks keks;
    private final Set<String> pins;
    private final Duration deadline;
    private final Listener listener;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;

    /** Waits, in tests without taking time. */
    interface Sleeper {
        void sleepNanos(long nanos) throws InterruptedException;
    }

    /**
     * An unwrapper.
     *
     * @param keks what the application accepts
     * @param pins fingerprints; where there are any, no other keyset is trusted
     * @param deadline for one call of {@link #unwrap}, all together
     */
    public KeysetUnwrapper(Keks keks, Set<String> pins, Duration deadline, Listener listener) {
        this(keks, pins, deadline, listener, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    KeysetUnwrapper(
            Keks keks, Set<String> pins, Duration deadline, Listener listener, LongSupplier nanoTime, Sleeper sleeper) {
        this.keks = keks;
        this.pins = Set.copyOf(pins);
        this.deadline = deadline;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
    }

    /**
     * Unwraps the documents of one identity. Those of another are skipped, and equal ones count once.
     *
     * @return at least one keyset
     * @throws PodsealException {@code CONTEXT_MISMATCH} where no document is of that identity, {@code SIZE} for more than 16
     *     distinct ones, {@code KEYSET_POLICY}, {@code AUTHENTICATION}, or what the most preferred KMS answered
     */
    public List<TrustedKeyset> unwrap(ServiceAccount identity, Collection<EncryptedKeyset> documents) {
        Map<EncryptedKeyset, List<String>> recipients = recipients(identity, documents);
        long end = nanoTime.getAsLong() + deadline.toNanos();
        List<TrustedKeyset> keysets = new ArrayList<>();
        recipients.forEach((document, uris) -> keysets.add(unwrap(document, uris, end)));
        return List.copyOf(keysets);
    }

    private Map<EncryptedKeyset, List<String>> recipients(
            ServiceAccount identity, Collection<EncryptedKeyset> documents) {
        Map<EncryptedKeyset, List<String>> recipients = new LinkedHashMap<>();
        for (EncryptedKeyset document : documents) {
            if (document.identity().equals(identity)) {
                recipients.put(
                        document,
                        keks.uris().stream().filter(document.keks()::contains).toList());
            }
        }
        if (recipients.isEmpty()) {
            throw ErrorCode.CONTEXT_MISMATCH.because(
                    "running as " + identity + ", but the keyset documents are those of "
                            + documents.stream()
                                    .map(d -> d.identity().toString())
                                    .distinct()
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + "; deliver this account's document, or correct podseal.identity and podseal.trust-domain");
        }
        if (recipients.size() > MAX_DOCUMENTS) {
            throw ErrorCode.SIZE.because(recipients.size() + " keyset documents of " + identity + "; at most "
                    + MAX_DOCUMENTS + " are read. Rewrap them into one ('podseal keyset rewrap')");
        }
        recipients.forEach((document, uris) -> {
            if (uris.isEmpty()) {
                throw ErrorCode.KEYSET_POLICY.because("the keyset document of " + identity + " is wrapped for "
                        + KekUri.shown(document.keks()) + ", and this application accepts "
                        + (keks.uris().isEmpty() ? "no KEK" : keks.uris())
                        + "; name one of the document's KEKs in podseal.keks, or rewrap it");
            }
        });
        return recipients;
    }

    private TrustedKeyset unwrap(EncryptedKeyset document, List<String> preferred, long end) {
        List<String> uris = preferred;
        Map<String, PodsealException> failures = new LinkedHashMap<>();
        for (int round = 0; ; round++) {
            for (int i = 0; i < uris.size(); i++) {
                long left = end - nanoTime.getAsLong();
                if (left <= 0) {
                    failures.putIfAbsent(uris.get(i), notAsked(uris.get(i)));
                    continue;
                }
                try {
                    TrustedKeyset keyset = unwrap(document, uris.get(i), left / (uris.size() - i));
                    listener.unwrapped(document, uris.get(i));
                    return keyset;
                } catch (PodsealException.Kms | PodsealException.Configuration failure) {
                    listener.failed(uris.get(i), failure);
                    failures.put(uris.get(i), failure);
                    if (Thread.currentThread().isInterrupted()) {
                        throw failure;
                    }
                } catch (PodsealException.Refused refusal) {
                    listener.failed(uris.get(i), refusal);
                    throw refusal; // another KEK may not answer for what this one finds altered
                }
            }
            uris = uris.stream()
                    .filter(uri -> failures.get(uri) instanceof PodsealException.Kms kms && kms.retryable())
                    .toList();
            long pause = backoff(round);
            if (uris.isEmpty() || nanoTime.getAsLong() + pause >= end) {
                throw failed(preferred, failures, round + 1, !uris.isEmpty());
            }
            pause(pause);
        }
    }

    private static PodsealException notAsked(String kek) {
        return ErrorCode.KMS_UNAVAILABLE.because("KEK " + kek + ": not asked, since no time was left");
    }

    private TrustedKeyset unwrap(EncryptedKeyset document, String kek, long nanos) {
        byte[] keyset = decrypt(document, kek, nanos);
        try {
            KeysetHandle handle = KeysetPolicy.parse(keyset);
            TrustedKeyset trusted = new TrustedKeyset(document.identity(), handle);
            requirePinned(trusted, kek);
            return trusted;
        } finally {
            Arrays.fill(keyset, (byte) 0);
        }
    }

    private byte[] decrypt(EncryptedKeyset document, String kek, long nanos) {
        byte[] wrapped = Objects.requireNonNull(document.wrappedFor(kek));
        byte[] associatedData = EncryptedKeyset.associatedData(document.identity());
        AtomicBoolean abandoned = new AtomicBoolean();
        try {
            byte[] keyset = KeyThread.call("podseal-kms", Duration.ofNanos(nanos), () -> {
                byte[] answer = keks.aead(kek).decrypt(wrapped, associatedData);
                if (answer != null && abandoned.get()) {
                    Arrays.fill(answer, (byte) 0); // came too late: nobody else will wipe it
                }
                return answer;
            });
            if (keyset == null || keyset.length == 0) {
                throw ErrorCode.KMS_UNAVAILABLE.because("KEK " + kek + ": the KMS answered without a plaintext");
            }
            return keyset;
        } catch (ExecutionException failure) {
            throw KmsFailure.of(kek, failure.getCause() == null ? failure : failure.getCause());
        } catch (TimeoutException hanging) {
            abandoned.set(true);
            throw KmsFailure.of(kek, hanging);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.KMS_UNAVAILABLE.because("KEK " + kek + ": interrupted while waiting for the KMS");
        }
    }

    private void requirePinned(TrustedKeyset keyset, String kek) {
        if (pins.contains(keyset.fingerprint())) {
            return;
        }
        if (!KekUri.provesWrapper(kek)) {
            throw ErrorCode.KEYSET_POLICY.because(
                    "KEK " + kek + " is an RSA key: anyone can wrap for it, so its keysets are"
                            + " trusted by fingerprint only. This one has " + keyset.fingerprint()
                            + ", unverified: compare with what 'podseal keyset create' printed, then set podseal.keyset-pins");
        }
        if (!pins.isEmpty()) {
            throw ErrorCode.KEYSET_POLICY.because("the keyset of " + keyset.identity() + " has the fingerprint "
                    + keyset.fingerprint() + ", which is not pinned (podseal.keyset-pins); deliver the pinned document,"
                    + " or pin this one if you made it");
        }
    }

    private PodsealException failed(
            List<String> preferred, Map<String, PodsealException> failures, int rounds, boolean outOfTime) {
        PodsealException first = Objects.requireNonNull(failures.get(preferred.get(0)));
        String others = preferred.stream()
                .skip(1)
                .map(uri -> "; " + Objects.requireNonNull(failures.get(uri)).getMessage())
                .collect(Collectors.joining());
        String tried = outOfTime
                ? " (gave up after " + rounds + (rounds == 1 ? " round" : " rounds") + ", within the deadline of "
                        + deadline.toSeconds() + " s, podseal.kms.deadline)"
                : "";
        String detail = first.detail() + others + tried;
        return first instanceof PodsealException.Kms kms && !kms.retryable()
                ? ((PodsealException.Kms) first.code().because(detail)).notRetryable()
                : first.code().because(detail);
    }

    private static long backoff(int round) {
        long bound = Math.min(MAX_BACKOFF_NANOS, FIRST_BACKOFF_NANOS << Math.min(round, 10));
        return (long) (ThreadLocalRandom.current().nextDouble() * bound);
    }

    private void pause(long nanos) {
        try {
            sleeper.sleepNanos(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.KMS_UNAVAILABLE.because("interrupted while waiting to ask the KMS again");
        }
    }
}
