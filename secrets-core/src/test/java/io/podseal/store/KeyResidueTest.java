// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesCtrHmacAeadKey;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.XAesGcmKey;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import com.google.crypto.tink.util.SecretBytes;
import io.podseal.SecretValue;
import io.podseal.keyset.ConscryptInstaller;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.LocalKms;
import io.podseal.testkit.Canary;
import io.podseal.testkit.ChildJvm;
import io.podseal.testkit.HeapDump;
import io.podseal.testkit.Leak;
import io.podseal.testkit.LeakSearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a heap dump of a running process gives away: neither the long-term keys nor a value that was closed. */
@Timeout(120)
final class KeyResidueTest {
    @TempDir
    Path temp;

    /** Opens mounts, reads every value, dumps; then keeps keysets and texts as the control, and dumps again. */
    static final class Application {
        public static void main(String[] arguments) throws IOException {
            OurThreads threads = new OurThreads();
            ConscryptInstaller.install();
            String kek = arguments[0];
            Path dumps = Path.of(arguments[1]);
            List<String> mounts = List.of(arguments).subList(3, arguments.length);
            List<Object> kept = new ArrayList<>();
            kept.add(Files.readString(Path.of(arguments[2])));
            for (String mount : mounts) {
                SecretStore store = SealedMount.store(kek, mount).open();
                try (SecretValue value = store.current().get("password")) {
                    Arrays.fill(value.revealBytes(), (byte) 0);
                }
                kept.add(store);
            }
            threads.awaitNone("podseal-open", "podseal-kms");
            HeapDump.ofThisProcess(dumps.resolve("plain.hprof"), true);
            for (String mount : mounts) {
                SecretStore store =
                        SealedMount.store(kek, mount).retainKeyset(true).open();
                try (SecretValue value = store.current().get("password")) {
                    kept.add(value.revealString());
                }
                kept.add(store);
            }
            HeapDump.ofThisProcess(dumps.resolve("control.hprof"), true);
            System.out.println(kept.size());
        }
    }

    /** A KMS that sees what it wraps. */
    private static final class Onlooker implements KmsClient {
        private final KmsClient client = LocalKms.allowedInCluster();
        private byte[] keyset = {};

        @Override
        public boolean doesSupport(String keyUri) {
            return client.doesSupport(keyUri);
        }

        @Override
        public KmsClient withCredentials(String path) {
            return this;
        }

        @Override
        public KmsClient withDefaultCredentials() {
            return this;
        }

        @Override
        public Aead getAead(String keyUri) throws GeneralSecurityException {
            Aead kek = client.getAead(keyUri);
            return new Aead() {
                @Override
                public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
                    keyset = plaintext.clone();
                    return kek.encrypt(plaintext, associatedData);
                }

                @Override
                public byte[] decrypt(byte[] ciphertext, byte[] associatedData) {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }

    @Test
    void heapDumpHoldsNeitherLongTermKeysNorClosedValues() throws Exception {
        ConscryptInstaller.install();
        Path kekFile = temp.resolve("kek.json");
        LocalKms.createKek(kekFile);
        String kek = "local-kms:" + kekFile;
        Path control = temp.resolve("control");
        List<Canary> canaries = new ArrayList<>();
        List<String> arguments = new ArrayList<>(List.of(kek, temp.toString(), control.toString()));
        for (KeyType type : KeyType.values()) {
            Path mount = temp.resolve(type.typeName());
            canaries.addAll(layOut(mount, kek, type));
            arguments.add(mount.toString());
        }
        assertThat(canaries)
                .as("a value and a key of each type, and two keys of one")
                .hasSize(13);
        LeakSearch search = LeakSearch.of(canaries.toArray(Canary[]::new));
        Files.writeString(control, search.control().text());
        try (ChildJvm application = ChildJvm.start(Application.class, arguments.toArray(String[]::new))) {
            assertThat(application.line()).as("what it kept").isEqualTo("" + (1 + 3 * KeyType.values().length));
            assertThat(application.end()).isZero();
        }
        assertThat(search.inFiles(temp.resolve("control.hprof")).leaks().stream()
                        .filter(leak -> leak.form().equals("raw"))
                        .map(Leak::canary))
                .as("control")
                .containsAll(canaries.stream().map(Canary::label).toList());
        search.inFiles(temp.resolve("plain.hprof")).requireNone();
    }

    /** What to search for: one value, and the bytes of its key. */
    private static List<Canary> layOut(Path directory, String kek, KeyType type) throws Exception {
        Onlooker kms = new Onlooker();
        SealedMount mount = SealedMount.create(directory, type, kek, kms);
        Canary value = Canary.random("value of " + type);
        mount.put("password", value.bytes());
        Configuration configuration = type.isHybrid() ? HybridConfig2026.get() : AeadConfig2026.get();
        Key key = TinkProtoKeysetFormat.parseKeyset(kms.keyset, InsecureSecretKeyAccess.get(), configuration)
                .getPrimary()
                .getKey();
        List<Canary> canaries = new ArrayList<>(List.of(value));
        for (SecretBytes bytes : keyBytes(key)) {
            String label = "key " + canaries.size() + " of " + type;
            canaries.add(Canary.of(label, bytes.toByteArray(InsecureSecretKeyAccess.get())));
        }
        return canaries;
    }

    private static List<SecretBytes> keyBytes(Key key) {
        if (key instanceof AesGcmKey gcm) {
            return List.of(gcm.getKeyBytes());
        }
        if (key instanceof XAesGcmKey xaes) {
            return List.of(xaes.getKeyBytes());
        }
        if (key instanceof AesCtrHmacAeadKey both) {
            return List.of(both.getAesKeyBytes(), both.getHmacKeyBytes());
        }
        return List.of(((HpkePrivateKey) key).getPrivateKeyBytes());
    }
}
