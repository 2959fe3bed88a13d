// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Podseal relies on in a Tink {@link KmsClient}, as tests that an adapter inherits. A subclass says how to reach a KMS,
 * a real one or one that behaves as it, and counts what reaches it.
 */
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
public abstract class KmsClientContract {
    private static final int THREADS = 8;
    private static final int UNWRAPS_EACH = 10;
    private static final int VALUES = 20;
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");
    private static final ServiceAccount WEB = new ServiceAccount("cluster.local", "payments", "web");
    private static final List<String> FOREIGN = List.of(
            "",
            "nobody://here",
            "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k",
            "azure-kv://v.vault.azure.net/keys/k/0123456789abcdef0123456789abcdef",
            "hcvault://vault.example.com/transit/keys/k",
            "pkcs11:slot-id=0;object=k",
            "local-kms:/nowhere/dev.kek",
            "file:///etc/hostname",
            "http://169.254.169.254/latest/meta-data/");

    private final Canary plaintext = Canary.random("plaintext");
    private final List<KmsClient> clients = new ArrayList<>();

    /** For subclasses. */
    protected KmsClientContract() {}

    /** A client made as an application makes it, which nobody has asked for anything. */
    protected abstract KmsClient client() throws Exception;

    /** The KEK that these tests wrap and unwrap with. */
    protected abstract String kekUri();

    /** Another KEK, of the same scheme and kind, that the caller may use as well. */
    protected abstract Aead otherKek() throws Exception;

    /** How many requests to unwrap have reached the KMS so far. */
    protected abstract int unwraps();

    /**
     * How many requests of any kind have reached it so far, those for credentials included. Where the wire cannot be counted,
     * count what every request has to pass: the connections or sessions that are made, the files that are read. Each of these
     * tests makes a client and asks it at least once, so the first request of a client has to raise it.
     */
    protected abstract int requests();

    /** What stands in every credential that the client was given, and in every text that the KMS sends. */
    protected abstract List<Canary> secrets();

    /** The codes with which other keys, other associated data and altered ciphertexts are refused. */
    protected Set<ErrorCode> tamperingCodes() {
        return Set.of(ErrorCode.AUTHENTICATION);
    }

    /** Closes the clients of the test. */
    @AfterEach
    void closeClients() throws Exception {
        for (KmsClient client : clients) {
            close(client);
        }
    }

    // What it opens

    /** Small and large, and each time with other bytes. */
    @Test
    void whatWasWrappedIsUnwrapped() throws Exception {
        Aead kek = aead();
        for (int length : new int[] {1, 100, 2000}) {
            byte[] keyset = new byte[length];
            Arrays.fill(keyset, (byte) length);
            byte[] wrapped = kek.encrypt(keyset, associatedData(API));
            assertArrayEquals(keyset, kek.decrypt(wrapped, associatedData(API)), length + " bytes");
            assertFalse(Arrays.equals(wrapped, kek.encrypt(keyset, associatedData(API))), "wrapping is randomised");
        }
    }

    /** A keyset of one account is not one of another. */
    @Test
    void otherAssociatedDataIsRefused() throws Exception {
        byte[] wrapped = wrapped();
        refused(() -> aead().decrypt(wrapped, associatedData(WEB)));
        refused(() -> aead().decrypt(wrapped, (associatedDataText(API) + "x").getBytes(UTF_8)));
    }

    /** The key that wrapped is the only one that unwraps, also for who may use both. */
    @Test
    void otherKeyIsRefused() throws Exception {
        byte[] wrapped = wrapped();
        refused(() -> otherKek().decrypt(wrapped, associatedData(API)));
    }

    /** One bit in each part, ends cut off, nothing at all; what is too short to be a ciphertext may also be {@code SIZE}. */
    @Test
    void alteredCiphertextIsRefused() throws Exception {
        byte[] wrapped = wrapped();
        for (int part = 0; part < 8; part++) {
            byte[] flipped = wrapped.clone();
            flipped[part * (wrapped.length - 1) / 7] ^= 1;
            refused(() -> aead().decrypt(flipped, associatedData(API)));
        }
        for (int length : new int[] {0, 1, wrapped.length / 2, wrapped.length - 1}) {
            Set<ErrorCode> codes = new HashSet<>(tamperingCodes());
            codes.add(ErrorCode.SIZE);
            refused(codes, () -> aead().decrypt(Arrays.copyOf(wrapped, length), associatedData(API)));
        }
        refused(() -> aead().decrypt(Arrays.copyOf(wrapped, wrapped.length + 1), associatedData(API)));
    }

    // Whom it asks

    /** Else nothing would show that nobody is asked. */
    @Test
    void whatReachesTheKmsIsCounted() throws Exception {
        int requests = requests();
        int unwraps = unwraps();
        Aead kek = aead();
        byte[] wrapped = kek.encrypt(plaintext.bytes(), associatedData(API));
        kek.decrypt(wrapped, associatedData(API));
        assertTrue(requests() > requests, "requests() of the subclass does not rise with a client's first requests");
        assertEquals(unwraps + 1, unwraps(), "unwraps() of the subclass, after one");
    }

    /** Making a client, asking it what it supports, and taking a KEK from it ask nobody. */
    @Test
    void nobodyIsAskedBeforeTheFirstCall() throws Exception {
        int before = requests();
        KmsClient client = client();
        assertTrue(client.doesSupport(kekUri()));
        Objects.requireNonNull(client.getAead(kekUri()));
        close(client);
        assertNobodyWasAsked(before);
    }

    /** Another scheme is not its business: a document or a setting must not lead it elsewhere. */
    @Test
    void foreignUrisAreRefusedAndNobodyIsAsked() throws Exception {
        KmsClient client = client();
        String own = kekUri().substring(0, kekUri().indexOf(':') + 1);
        List<String> uris = new ArrayList<>(FOREIGN);
        uris.removeIf(uri -> uri.startsWith(own));
        uris.add(own.toUpperCase(Locale.ROOT) + kekUri().substring(own.length()));
        uris.add(" " + kekUri());
        int before = requests();
        for (String uri : uris) {
            assertFalse(client.doesSupport(uri), () -> "serves another scheme: " + uri);
            refusedAtOnce(client, uri);
        }
        assertNobodyWasAsked(before);
        close(client);
    }

    /** One that names no key of its own. */
    @Test
    void malformedUrisOfItsOwnSchemeAreRefusedAndNobodyIsAsked() throws Exception {
        KmsClient client = client();
        int before = requests();
        for (String uri : List.of(kekUri().substring(0, kekUri().indexOf(':') + 1), kekUri() + "#x")) {
            refusedAtOnce(client, uri);
        }
        assertNobodyWasAsked(before);
        close(client);
    }

    private static void refusedAtOnce(KmsClient client, String uri) {
        Exception refusal = assertThrows(Exception.class, () -> client.getAead(uri), uri);
        assertTrue(
                refusal instanceof PodsealException
                        || refusal instanceof GeneralSecurityException
                        || refusal instanceof IllegalArgumentException,
                () -> uri + ": " + refusal.getClass());
    }

    /** What the application named is what is used. */
    @Test
    void keepsItsCredentialsWhateverTinkAsks() throws Exception {
        KmsClient client = client();
        byte[] wrapped = wrapped();
        Aead kek = client.withDefaultCredentials().withCredentials("/nowhere").getAead(kekUri());
        assertArrayEquals(plaintext.bytes(), kek.decrypt(wrapped, associatedData(API)));
        close(client);
    }

    // How often

    /** Retrying is the core's, which knows the deadline. */
    @Test
    void oneUnwrapIsOneCallWhetherItSucceedsOrNot() throws Exception {
        byte[] wrapped = wrapped();
        Aead kek = aead();
        int before = unwraps();
        kek.decrypt(wrapped, associatedData(API));
        assertEquals(before + 1, unwraps());
        refused(() -> kek.decrypt(wrapped, associatedData(WEB)));
        assertTrue(unwraps() <= before + 2, "a refusal is not retried");
    }

    /** Every thread gets its own answer, and every unwrap is one call. */
    @Test
    void threadsDoNotDisturbEachOther() throws Exception {
        Aead kek = aead();
        Map<Integer, byte[]> wrapped = new HashMap<>();
        for (int thread = 0; thread < THREADS; thread++) {
            wrapped.put(thread, kek.encrypt(new byte[] {(byte) thread}, associatedData(API)));
        }
        int before = unwraps();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                byte own = (byte) thread;
                running.add(threads.submit(() -> {
                    for (int i = 0; i < UNWRAPS_EACH; i++) {
                        byte[] unwrapped = kek.decrypt(wrapped.get((int) own), associatedData(API));
                        assertArrayEquals(new byte[] {own}, unwrapped, "one thread got the answer of another");
                    }
                    return null;
                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(before + THREADS * UNWRAPS_EACH, unwraps(), "each unwrap of each thread is one call");
    }

    /** The whole way: a keyset document, a mount, a store. */
    @Test
    void storeOfManyValuesIsOpenedByOneUnwrap(@TempDir Path folder) throws Exception {
        TrustedKeyset keyset = Keysets.create(API, KeyType.AES256_GCM);
        Keks keks = Keks.builder().kek(kekUri()).ownedClient(client()).build();
        EncryptedKeyset document = Keysets.wrap(keyset, keks);
        Map<String, byte[]> items = new HashMap<>(Map.of("api.keyset.json", document.toJson()));
        for (int i = 0; i < VALUES; i++) {
            items.put("item-" + i, sealed(keyset, "item-" + i));
        }
        new KubeletMount(folder.resolve("db")).write(items);
        int before = unwraps();
        try (SecretStore store = SecretStore.of(SecretSource.mount(folder.resolve("db"), null))
                .identity(API)
                .keks(keks)
                .pins(List.of(keyset.fingerprint())) // for an RSA KEK
                .open()) {
            assertEquals(VALUES, store.current().names().size());
            assertEquals(List.of(kekUri()), store.status().servedBy());
        }
        keks.close();
        assertEquals(before + 1, unwraps(), "one unwrap for a store");
    }

    private byte[] sealed(TrustedKeyset keyset, String item) {
        Scope scope = Scope.item(API, "db", item);
        return keyset.sealer().seal(scope, plaintext.bytes()).token().getBytes(UTF_8);
    }

    // Refusals

    /** A call that must not give a plaintext. */
    private interface Unwrap {
        byte[] run() throws Exception;
    }

    private void assertNobodyWasAsked(int before) {
        assertEquals(before, requests(), "nobody was to be asked yet, and requests() rose");
    }

    private void refused(Unwrap unwrap) {
        refused(tamperingCodes(), unwrap);
    }

    /** Final, so nothing that is tried again; with no word of what it was about. */
    private void refused(Set<ErrorCode> codes, Unwrap unwrap) {
        byte[] answer;
        try {
            answer = unwrap.run();
        } catch (Exception refusal) {
            List<Canary> secret = new ArrayList<>(secrets());
            secret.add(plaintext);
            LeakSearch.of(secret.toArray(Canary[]::new)).inThrowable(refusal).requireNone();
            assertTrue(codes.contains(code(refusal)), () -> "refused with " + refusal);
            return;
        }
        fail("gave " + (answer == null ? "null" : answer.length + " bytes") + " in place of a refusal");
    }

    /** As the core reads it: what Tink throws without a word of the KMS is tampering. */
    private static ErrorCode code(Exception refusal) {
        if (refusal instanceof PodsealException ours) {
            return ours.code();
        }
        return refusal instanceof GeneralSecurityException && refusal.getCause() == null
                ? ErrorCode.AUTHENTICATION
                : ErrorCode.KMS_UNAVAILABLE;
    }

    private Aead aead() throws Exception {
        KmsClient client = client();
        clients.add(client);
        return client.getAead(kekUri());
    }

    private byte[] wrapped() throws Exception {
        return aead().encrypt(plaintext.bytes(), associatedData(API));
    }

    private static String associatedDataText(ServiceAccount account) {
        return "podseal:v1:keyset:" + account.spiffeId();
    }

    private static byte[] associatedData(ServiceAccount account) {
        return associatedDataText(account).getBytes(UTF_8);
    }

    private static void close(KmsClient client) throws Exception {
        if (client instanceof AutoCloseable closeable) {
            closeable.close();
            closeable.close(); // idempotent
        }
    }
}
