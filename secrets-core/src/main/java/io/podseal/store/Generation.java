// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.SecretValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One numbered, all-or-nothing snapshot of opened values, by item name. They lie in memory under a key of this generation
 * alone and are decrypted at each read; no plaintext is cached. Immutable and thread-safe.
 */
public final class Generation {
    private final long number;
    private final EphemeralCipher cipher;
    private final Map<String, Value> values;
    private final List<byte[]> ciphertexts;

    private Generation(long number, EphemeralCipher cipher, Map<String, Value> values, List<byte[]> ciphertexts) {
        this.number = number;
        this.cipher = cipher;
        this.values = values;
        this.ciphertexts = ciphertexts;
    }

    /** Where a value lies, and the digest of the token that it was opened from. */
    private record Value(int index, Digest token) {}

    /** 1 for the first of a store, then rising; 0 and without values while an optional source has not appeared yet. */
    public long number() {
        return number;
    }

    /** The item names, unordered. */
    public Set<String> names() {
        return values.keySet();
    }

    /**
     * The value of that item, or null where there is none.
     *
     * @return a fresh copy, which the caller closes
     */
    public @Nullable SecretValue get(String name) {
        Value value = values.get(name);
        return value == null ? null : SecretValue.owning(cipher.decrypt(value.index(), ciphertexts.get(value.index())));
    }

    /** The items that came, went, or were sealed anew since that generation. */
    Set<String> changedSince(@Nullable Generation previous) {
        if (previous == null) {
            return names();
        }
        Set<String> changed = new HashSet<>(names());
        changed.addAll(previous.names());
        changed.removeIf(name -> {
            Value now = values.get(name);
            Value before = previous.values.get(name);
            return now != null && before != null && now.token().equals(before.token());
        });
        return Collections.unmodifiableSet(changed);
    }

    @Override
    public String toString() {
        return "Generation[" + number + ", " + values.size() + " values]";
    }

    /** Collects the values of a generation. Not thread-safe. */
    static final class Builder {
        private final EphemeralCipher cipher = new EphemeralCipher();
        private final Map<String, Value> values = new HashMap<>();
        private final List<byte[]> ciphertexts = new ArrayList<>();

        /** Takes a value in; the plaintext stays the caller's to zero. */
        void add(String name, byte[] plaintext, Digest token) {
            int index = ciphertexts.size();
            ciphertexts.add(cipher.encrypt(index, plaintext));
            values.put(name, new Value(index, token));
        }

        Generation build(long number) {
            return new Generation(number, cipher, Collections.unmodifiableMap(values), List.copyOf(ciphertexts));
        }
    }
}
