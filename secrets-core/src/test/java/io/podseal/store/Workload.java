// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.FakeKms;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;

/** An account with a keyset, a KMS that counts, a clock that stands still, and the tokens that others seal for it. */
final class Workload {
    static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");
    static final ServiceAccount WEB = new ServiceAccount("cluster.local", "payments", "web");
    static final String SECRET = "db-credentials";
    static final String DOCUMENT = "api.keyset.json";

    /** What stores log; kept off the build's output, where hundreds of refusals are no news. */
    static final Logger LOG = Logger.getLogger(SecretStore.class.getName());

    static {
        LOG.setUseParentHandlers(false);
    }

    final FakeKms kms = new FakeKms("fake-kms://a");
    final AtomicLong nanos = new AtomicLong(-7);
    TrustedKeyset keyset;

    Workload() {
        this(KeyType.AES256_GCM);
    }

    Workload(KeyType type) {
        this.keyset = Keysets.create(API, type);
    }

    Keks keks() {
        return Keks.builder().kek(kms.uri()).client(kms).build();
    }

    /** The keyset, wrapped. */
    byte[] document() {
        return document(keyset);
    }

    byte[] document(TrustedKeyset other) {
        return Keysets.wrap(other, keks()).toJson();
    }

    /** A value for that item of the Secret. */
    String token(String key, String value) {
        return token(Scope.item(API, SECRET, key), value);
    }

    String token(Scope scope, String value) {
        return keyset.sealer().seal(scope, value.getBytes(UTF_8)).token();
    }

    /** The Secret with the keyset document and no value yet. */
    MemorySource source() {
        return new MemorySource(SECRET).put(DOCUMENT, document());
    }

    SecretStoreBuilder store(SecretSource source) {
        return SecretStore.of(source).identity(API).keks(keks()).nanoTime(nanos::get);
    }

    static String text(SecretStore store, String item) {
        return text(store.current(), item);
    }

    /** The value of that item as text, or null. */
    static String text(Generation generation, String item) {
        SecretValue value = generation.get(item);
        if (value == null) {
            return null;
        }
        try (value) {
            return value.revealString();
        }
    }
}
