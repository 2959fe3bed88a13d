// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.KmsClient;
import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.KeysetUnwrapper;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.store.Location;
import io.podseal.store.SecretStore;
import io.podseal.store.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** An account whose keyset is wrapped for a KEK, and its values in a mount. */
public final class Workload {
    public static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");
    /** Its neighbour, which must not open what is its own. */
    public static final ServiceAccount WEB = new ServiceAccount("cluster.local", "payments", "web");

    /** As many values, each read by a thread of its own as far as there are some, must cost no more than one. */
    public static final int MANY = 50;

    private Workload() {}

    /** What a keyset of that account is bound to (specification, section 3). */
    public static byte[] associatedData(ServiceAccount account) {
        return ("podseal:v1:keyset:" + account.spiffeId()).getBytes(UTF_8);
    }

    public static Keks keks(KmsClient kms, String uri) {
        return Keks.builder().kek(uri).client(kms).build();
    }

    public static EncryptedKeyset wrapped(KmsClient kms, String uri) {
        return Keysets.wrap(Keysets.create(API, KeyType.AES256_GCM), keks(kms, uri));
    }

    public static TrustedKeyset unwrap(KmsClient kms, String uri, EncryptedKeyset document) {
        return unwrapOnce(keks(kms, uri), document);
    }

    /** With a deadline that leaves no time for a second round after the first has failed. */
    public static TrustedKeyset unwrapOnce(Keks keks, EncryptedKeyset document) {
        return new KeysetUnwrapper(keks, Set.of(), Duration.ofSeconds(10), new KeysetUnwrapper.Listener() {})
                .unwrap(API, List.of(document))
                .get(0);
    }

    /**
     * A mount with a keyset document and that many values, {@code value-<n>} in the item {@code item-<n>}; gives the fingerprint
     * of the keyset.
     */
    public static String mount(Path folder, Keks keks, int values) throws IOException {
        TrustedKeyset keyset = Keysets.create(API, KeyType.AES256_GCM);
        Files.write(
                folder.resolve("api.keyset.json"), Keysets.wrap(keyset, keks).toJson());
        for (int i = 0; i < values; i++) {
            Scope scope = Scope.item(API, folder.getFileName().toString(), "item-" + i);
            Files.writeString(
                    folder.resolve("item-" + i),
                    keyset.sealer().seal(scope, ("value-" + i).getBytes(UTF_8)).token());
        }
        return keyset.fingerprint();
    }

    /** Opens the mount as an application does that has these settings. */
    public static SecretStore open(Path folder, String... settings) {
        return open(folder, Map.of("kms.deadline", "PT20S"), settings);
    }

    /** The same with some settings changed, or removed by an empty text. */
    public static SecretStore open(Path folder, Map<String, String> settings, String... changed) {
        Map<String, String> flat = new HashMap<>(Map.of("identity", "payments/api"));
        flat.putAll(settings);
        for (int i = 0; i < changed.length; i += 2) {
            flat.put(changed[i], changed[i + 1]);
        }
        flat.values().removeIf(String::isEmpty);
        return Settings.of(flat, Workload::duration, Workload.class.getClassLoader())
                .store(Location.ofValues("podseal:mount:" + folder), null)
                .open();
    }

    /** Reads the first {@link #MANY} values, as many of them at once as there are threads; each has to be its own. */
    public static void readMany(SecretStore store) {
        assertThat(IntStream.range(0, MANY)
                        .parallel()
                        .mapToObj(i -> value(store, "item-" + i))
                        .toList())
                .isEqualTo(IntStream.range(0, MANY).mapToObj(i -> "value-" + i).toList());
    }

    public static String value(SecretStore store, String item) {
        try (SecretValue value = store.current().get(item)) {
            return value.revealString();
        }
    }

    /** Seconds and minutes, as frameworks write them. */
    public static Duration duration(String text) {
        return Duration.parse(text.startsWith("PT") ? text : "PT" + text);
    }
}
