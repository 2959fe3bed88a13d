// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import com.sun.management.HotSpotDiagnosticMXBean;
import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.keyset.ConscryptInstaller;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.LocalKms;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.ChildJvm;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
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
            List<String> mounts = List.of(arguments).subList(2, arguments.length);
            List<Object> kept = new ArrayList<>();
            for (String mount : mounts) {
                SecretStore store = builder(kek, mount).open();
                try (SecretValue value = store.current().get("password")) {
                    Arrays.fill(value.revealBytes(), (byte) 0);
                }
                kept.add(store);
            }
            threads.awaitNone("podseal-open", "podseal-kms");
            dump(dumps.resolve("plain.hprof"));
            for (String mount : mounts) {
                SecretStore store = builder(kek, mount).retainKeyset(true).open();
                try (SecretValue value = store.current().get("password")) {
                    kept.add(value.revealString());
                }
                kept.add(store);
            }
            dump(dumps.resolve("control.hprof"));
            System.out.println(kept.size());
        }

        private static SecretStoreBuilder builder(String kek, String mount) {
            return SecretStore.of(SecretSource.mount(Path.of(mount), null))
                    .identity(Workload.API)
                    .keks(Keks.builder()
                            .kek(kek)
                            .client(LocalKms.allowedInCluster())
                            .build());
        }

        private static void dump(Path file) throws IOException {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
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

    /** Bytes to search for. */
    private record Needle(String what, byte[] bytes) {
        int in(byte[] haystack) {
            int found = 0;
            for (int i = 0; i <= haystack.length - bytes.length; i++) {
                if (haystack[i] == bytes[0] && Arrays.equals(haystack, i, i + bytes.length, bytes, 0, bytes.length)) {
                    found++;
                }
            }
            return found;
        }
    }

    @Test
    void heapDumpHoldsNeitherLongTermKeysNorClosedValues() throws Exception {
        ConscryptInstaller.install();
        Path kekFile = temp.resolve("kek.json");
        LocalKms.createKek(kekFile);
        String kek = "local-kms:" + kekFile;
        List<Needle> needles = new ArrayList<>();
        List<String> arguments = new ArrayList<>(List.of(kek, temp.toString()));
        for (KeyType type : KeyType.values()) {
            Path mount = Files.createDirectory(temp.resolve(type.typeName()));
            needles.addAll(layOut(mount, kek, type));
            arguments.add(mount.toString());
        }
        try (ChildJvm application = ChildJvm.start(Application.class, arguments.toArray(String[]::new))) {
            assertThat(application.line()).as("what it kept").isEqualTo("" + 3 * KeyType.values().length);
            assertThat(application.end()).isZero();
        }
        byte[] dump = Files.readAllBytes(temp.resolve("plain.hprof"));
        byte[] control = Files.readAllBytes(temp.resolve("control.hprof"));
        assertThat(needles).hasSize(2 * KeyType.values().length + 1).allSatisfy(needle -> {
            assertThat(needle.in(control)).as("control: " + needle.what()).isPositive();
            assertThat(needle.in(dump)).as(needle.what()).isZero();
        });
    }

    private static List<Needle> layOut(Path mount, String kek, KeyType type) throws Exception {
        TrustedKeyset keyset = Keysets.create(Workload.API, type);
        Onlooker kms = new Onlooker();
        byte[] document = Keysets.wrap(
                        keyset, Keks.builder().kek(kek).client(kms).build())
                .toJson();
        byte[] value = ("value " + UUID.randomUUID()).getBytes(UTF_8);
        String token =
                keyset.sealer().seal(Scope.accountBound(Workload.API), value).token();
        Files.writeString(mount.resolve("password"), token);
        Files.write(mount.resolve(Workload.DOCUMENT), document);
        Configuration configuration = type.isHybrid() ? HybridConfig2026.get() : AeadConfig2026.get();
        Key key = TinkProtoKeysetFormat.parseKeyset(kms.keyset, InsecureSecretKeyAccess.get(), configuration)
                .getPrimary()
                .getKey();
        List<Needle> needles = new ArrayList<>();
        needles.add(new Needle("value of " + type, value));
        for (SecretBytes bytes : keyBytes(key)) {
            needles.add(new Needle("key of " + type, bytes.toByteArray(InsecureSecretKeyAccess.get())));
        }
        return needles;
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
