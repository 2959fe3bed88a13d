// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.store.SecretStoreBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A ServiceAccount for tests, with a KEK in memory, a keyset under it, and Secrets mounted as the kubelet mounts them. Tests
 * seal values for it, and hand its {@link #settings} to an application, or open a store themselves. What it keeps of a value
 * is the token. Thread-safe.
 */
public final class TestAccount implements AutoCloseable {
    private final ServiceAccount identity;
    private final Path folder;
    private final Cleanup cleanup = new Cleanup();
    private final Map<String, Map<String, byte[]>> secrets = new HashMap<>();
    private @Nullable Keys keys;

    private record Keys(List<FakeKms> kmses, Keks keks, TrustedKeyset keyset) {}

    private TestAccount(ServiceAccount identity, Keys keys) {
        this.identity = identity;
        this.keys = keys;
        try {
            this.folder = Files.createTempDirectory("podseal-account").toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cleanup.add(() -> TemporaryFolder.delete(folder));
        FakeKmsClients.open(keys.kmses());
        cleanup.add(() -> FakeKmsClients.close(keys.kmses()));
    }

    /** An account {@code <namespace>/<service-account>} of the trust domain {@code cluster.local}, with AES-256-GCM. */
    public static TestAccount of(String namespacedName) {
        return of(ServiceAccount.parse(namespacedName, ServiceAccount.DEFAULT_TRUST_DOMAIN), KeyType.AES256_GCM);
    }

    /**
     * An account.
     *
     * @param kmses the recipients of its keyset, in order of preference; without any, one of a random URI
     */
    public static TestAccount of(ServiceAccount identity, KeyType type, FakeKms... kmses) {
        List<FakeKms> all =
                kmses.length == 0 ? List.of(new FakeKms("fake-kms://" + UUID.randomUUID())) : List.of(kmses);
        Keks.Builder keks = Keks.builder();
        all.forEach(kms -> keks.kek(kms.uri()).client(kms));
        return new TestAccount(identity, new Keys(all, keks.build(), Keysets.create(identity, type)));
    }

    /** Who it is. */
    public ServiceAccount identity() {
        return identity;
    }

    /** Its most preferred KMS, to make it slow or fail, and to count its calls. */
    public FakeKms kms() {
        return keys().kmses().get(0);
    }

    /** Its KEKs with their clients. */
    public Keks keks() {
        return keys().keks();
    }

    /** Its keys, in the clear. */
    public TrustedKeyset keyset() {
        return keys().keyset();
    }

    /** Its keyset document, wrapped anew for all of its KMSs; every Secret of it has one. */
    public EncryptedKeyset document() {
        return Keysets.wrap(keyset(), keks());
    }

    private synchronized Keys keys() {
        if (keys == null) {
            throw new IllegalStateException(this + " is closed");
        }
        return keys;
    }

    /**
     * Seals a text, in UTF-8, and mounts it as {@link #seal(String, String, byte[])} does.
     *
     * @throws IllegalArgumentException where no Secret can have that name
     */
    public TestAccount seal(String secret, String item, String value) {
        byte[] bytes = value.getBytes(UTF_8);
        try {
            return seal(secret, item, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Seals a value for that item of that Secret and mounts it there, in place of what was there before.
     *
     * @throws IllegalArgumentException where no Secret can have that name
     */
    public TestAccount seal(String secret, String item, byte[] value) {
        Scope scope = Scope.item(identity, requireName(secret), item);
        return put(secret, item, token(scope, value).getBytes(UTF_8));
    }

    /** A token of that scope with this account's key, mounted nowhere. */
    public String token(Scope scope, byte[] value) {
        return keyset().sealer().seal(scope, value).token();
    }

    /**
     * Mounts an item as it is, as anyone could who may write the Secret.
     *
     * @throws IllegalArgumentException where no Secret can have that name, or the kubelet mounts no item of that one
     */
    public synchronized TestAccount put(String secret, String item, byte[] content) {
        Map<String, byte[]> items = new TreeMap<>(items(secret));
        items.put(item, content.clone());
        return write(secret, items);
    }

    /**
     * Takes an item out of its Secret.
     *
     * @throws IllegalArgumentException where no Secret can have that name
     */
    public synchronized TestAccount remove(String secret, String item) {
        Map<String, byte[]> items = new TreeMap<>(items(secret));
        items.remove(item);
        return write(secret, items);
    }

    /**
     * Takes the whole Secret away, its mount included; asking for the mount or its location makes another.
     *
     * @throws IllegalArgumentException where no Secret can have that name
     */
    public synchronized TestAccount remove(String secret) {
        if (secrets.remove(requireName(secret)) != null) {
            try {
                // Gone in one step, as for whoever reads a volume that is unmounted.
                TemporaryFolder.delete(Files.move(folder.resolve(secret), folder.resolve("..removed")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return this;
    }

    private static String requireName(String secret) {
        if (!Scope.isSecretName(secret)) {
            throw new IllegalArgumentException("no Secret can be called '" + secret + "'; name it as Kubernetes does");
        }
        return secret;
    }

    private Map<String, byte[]> items(String secret) {
        return secrets.computeIfAbsent(requireName(secret), name -> {
            String document = EncryptedKeyset.fileName(identity, keyset().type().isHybrid());
            return new TreeMap<>(Map.of(document, document().toJson()));
        });
    }

    private TestAccount write(String secret, Map<String, byte[]> items) {
        new KubeletMount(folder.resolve(secret)).write(items);
        secrets.put(secret, items);
        return this;
    }

    /**
     * Where that Secret is mounted; at first it holds the keyset document alone.
     *
     * @throws IllegalArgumentException where no Secret can have that name
     */
    public synchronized Path mount(String secret) {
        write(secret, items(secret));
        return folder.resolve(secret);
    }

    /**
     * The location of that mount for an application to import: {@code podseal:mount:<directory>}.
     *
     * @throws IllegalArgumentException where no Secret can have that name
     */
    public String location(String secret) {
        return "podseal:mount:" + mount(secret);
    }

    /**
     * What an application has to be configured with to run as this account, its KMS included: {@code podseal.*}.
     *
     * @param more names and values behind that, in turn, for example {@code spring.config.import}
     * @return a fresh map
     * @throws IllegalArgumentException where one of them is a name without a value
     */
    public Map<String, String> settings(String... more) {
        if (more.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "more settings are names and values in turn; these are " + more.length + ", so one has no value");
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("podseal.identity", identity.namespacedName());
        settings.put("podseal.trust-domain", identity.trustDomain());
        settings.put("podseal.keks", keys().kmses().stream().map(FakeKms::uri).collect(Collectors.joining(",")));
        settings.put("podseal.kms.clients", FakeKmsClients.class.getName());
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    /**
     * The {@link #settings} as arguments of a command line, {@code --name=value}: for a {@code main}, for
     * {@code SpringApplication.run}, for {@code Micronaut.build}.
     *
     * @param more names and values behind that, in turn
     * @throws IllegalArgumentException where one of them is a name without a value
     */
    public String[] arguments(String... more) {
        return settings(more).entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
    }

    /**
     * A builder of a store for that Secret, as this account; whoever opens it closes it.
     *
     * @throws IllegalArgumentException where no Secret can have that name
     */
    public SecretStoreBuilder store(String secret) {
        return SecretStore.of(SecretSource.mount(mount(secret), null))
                .identity(identity)
                .keks(keks());
    }

    /**
     * Opens that Secret; the store is closed with this account at the latest.
     *
     * @throws IllegalArgumentException where no Secret can have that name
     */
    public SecretStore open(String secret) {
        return cleanup.add(store(secret).open());
    }

    /** Closes the stores that it opened, removes the mounts, and forgets keys and KMSs. Idempotent. */
    @Override
    public void close() {
        cleanup.close();
        synchronized (this) {
            keys = null;
            secrets.clear();
        }
    }

    /** Its name. */
    @Override
    public String toString() {
        return "TestAccount[" + identity + "]";
    }
}
