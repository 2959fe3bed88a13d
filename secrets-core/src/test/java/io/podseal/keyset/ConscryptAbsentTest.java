// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.CONFIGURATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.podseal.Plaintext;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.testkit.FakeKms;
import java.io.IOException;
import java.io.InputStream;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code hpke-xwing} says where Conscrypt is not installed, or not even on the class path. */
final class ConscryptAbsentTest {
    private TrustedKeyset keyset;
    private EncryptedKeyset document;
    private byte[] publicDocument;
    private final FakeKms kms = new FakeKms("fake-kms://a");
    private @Nullable Provider removed;

    @BeforeEach
    void makeAKeysetAndRemoveConscrypt() {
        ConscryptInstaller.install();
        keyset = Keysets.create(Accounts.API, KeyType.HPKE_XWING);
        document = Keysets.wrap(keyset, Accounts.keks(kms));
        publicDocument = keyset.publicKeyset().toJson();
        removed = Security.getProvider("Conscrypt");
        Security.removeProvider("Conscrypt");
    }

    @AfterEach
    void putItBack() {
        Security.addProvider(removed);
    }

    private static void namesTheArtifact(PodsealException refusal) {
        assertThat(refusal.detail())
                .contains("hpke-xwing", "org.conscrypt:conscrypt-openjdk-uber", "podseal.conscrypt.install");
    }

    @Test
    void creatingAnXWingKeysetNamesTheArtifact() {
        namesTheArtifact(Refusal.of(CONFIGURATION, () -> Keysets.create(Accounts.API, KeyType.HPKE_XWING)));
        namesTheArtifact(Refusal.of(CONFIGURATION, () -> Keysets.add(keyset)));
    }

    @Test
    void sealingWithAnXWingDocumentNamesTheArtifact() {
        PublicKeyset parsed = PublicKeyset.parse(publicDocument);
        namesTheArtifact(Refusal.of(CONFIGURATION, parsed::sealer));
        namesTheArtifact(Refusal.of(CONFIGURATION, keyset::sealer));
    }

    @Test
    void openingWithAnXWingKeysetNamesTheArtifact() {
        TrustedKeyset unwrapped = Accounts.unwrap(kms, document);
        namesTheArtifact(Refusal.of(CONFIGURATION, unwrapped::opener));
        namesTheArtifact(Refusal.of(
                CONFIGURATION,
                () -> TrustedKeyset.opener(
                        List.of(unwrapped, Keysets.create(Accounts.API, KeyType.AES256_GCM)), false)));
    }

    @Test
    void documentsOfAnXWingKeysetAreReadAndWrittenWithoutIt() {
        TrustedKeyset unwrapped = Accounts.unwrap(kms, document);
        assertThat(unwrapped.fingerprint())
                .isEqualTo(keyset.fingerprint())
                .isEqualTo(PublicKeyset.parse(publicDocument).fingerprint());
        assertThat(Accounts.unwrap(Accounts.keks(kms), Set.of(), Keysets.wrap(unwrapped, Accounts.keks(kms))))
                .hasSize(1);
    }

    @Test
    void theOtherFiveTypesNeedNoConscrypt() {
        for (KeyType type : KeyType.values()) {
            if (type != KeyType.HPKE_XWING) {
                TrustedKeyset other = Keysets.create(Accounts.API, type);
                String token = other.sealer()
                        .seal(Accounts.PASSWORD, Plaintext.bytes())
                        .token();
                assertThat(other.opener().open(token, Accounts.PASSWORD).revealBytes())
                        .isEqualTo(Plaintext.bytes());
            }
        }
        assertThat(Security.getProvider("Conscrypt")).isNull();
    }

    @Test
    void installingPutsItLastAndOnce() {
        ConscryptInstaller.install();
        ConscryptInstaller.install();
        Provider[] providers = Security.getProviders();
        assertThat(providers[providers.length - 1].getName()).isEqualTo("Conscrypt");
        Security.removeProvider("Conscrypt");
        assertThat(Security.getProvider("Conscrypt")).isNull();
    }

    @Test
    void installingWithoutTheArtifactNamesIt() throws ReflectiveOperationException {
        Class<?> installer = Class.forName(ConscryptInstaller.class.getName(), true, new WithoutConscrypt());
        Throwable thrown = catchThrowable(() -> installer.getMethod("install").invoke(null));
        assertThat(thrown.getCause())
                .hasMessageContaining("CONFIGURATION")
                .hasMessageContaining("org.conscrypt:conscrypt-openjdk-uber");
    }

    /** Loads our classes anew, where Conscrypt's cannot be found. */
    private static final class WithoutConscrypt extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.conscrypt.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.podseal.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
