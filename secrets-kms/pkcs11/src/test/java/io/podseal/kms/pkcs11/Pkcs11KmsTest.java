// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.kms.Refusal;
import io.podseal.kms.SoftHsm;
import io.podseal.kms.Workload;
import io.podseal.store.SecretStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On SoftHSM2 and on NSS's softoken. */
class Pkcs11KmsTest {
    private static SoftHsm hsm;
    private static String kek;

    @TempDir
    private Path mount;

    @BeforeAll
    static void tokens() {
        hsm = Tokens.hsm();
        kek = hsm.uri("one", "kek");
    }

    @Test
    void applicationOpensItsValuesThroughSettingsOnSoftHsm() throws Exception {
        try (Pkcs11Kms sealing = Tokens.kms()) {
            Workload.mount(mount, Workload.keks(sealing, kek), 3);
        }
        try (SecretStore store = Workload.open(
                mount,
                "keks[0]",
                kek,
                "kms.pkcs11.module",
                SoftHsm.library().toString(),
                "kms.pkcs11.pin-file",
                hsm.pinFile("pin", SoftHsm.PIN).toString())) {
            assertThat(Workload.value(store, "item-2")).isEqualTo("value-2");
        }
    }

    @Test
    void applicationOpensItsValuesThroughSettingsOnSoftoken() throws Exception {
        NssDatabase.library();
        try (Pkcs11Kms sealing = NssDatabase.kms()) {
            Workload.mount(mount, Workload.keks(sealing, NssDatabase.uri("kek")), 3);
        }
        try (SecretStore store = Workload.open(
                mount,
                "keks[0]",
                NssDatabase.uri("kek"),
                "kms.pkcs11.module",
                NssDatabase.library().toString(),
                "kms.pkcs11.nss-database",
                NssDatabase.name(),
                "kms.pkcs11.pin-file",
                NssDatabase.pinFile().toString())) {
            assertThat(Workload.value(store, "item-2")).isEqualTo("value-2");
        }
    }

    @Test
    void wrappedBytesAreNonceCiphertextAndTagOfAesGcm() throws Exception {
        byte[] plaintext = "keyset".getBytes(UTF_8);
        byte[] associatedData = "account".getBytes(UTF_8);
        byte[] wrapped = Tokens.kms().getAead(kek).encrypt(plaintext, associatedData);
        assertThat(wrapped).hasSize(12 + plaintext.length + 16);

        Provider provider = Security.getProvider("SunPKCS11")
                .configure("--name = apart\nlibrary = " + SoftHsm.library() + "\nslot = " + hsm.slot("one"));
        KeyStore objects = KeyStore.getInstance("PKCS11", provider);
        objects.load(null, SoftHsm.PIN.toCharArray());
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(
                Cipher.DECRYPT_MODE,
                objects.getKey("kek", null),
                new GCMParameterSpec(128, Arrays.copyOf(wrapped, 12)));
        cipher.updateAAD(associatedData);
        assertThat(cipher.doFinal(wrapped, 12, wrapped.length - 12)).isEqualTo(plaintext);
    }

    @Test
    void everyWrappingHasItsOwnNonce() throws Exception {
        Aead aead = Tokens.kms().getAead(kek);
        assertThat(IntStream.range(0, 20).mapToObj(i -> nonce(aead)).distinct()).hasSize(20);
    }

    private static List<Byte> nonce(Aead aead) {
        try {
            byte[] wrapped = aead.encrypt(new byte[1], new byte[0]);
            return IntStream.range(0, 12).mapToObj(i -> wrapped[i]).toList();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void labelMayHoldAnyCharacterPercentEncoded() throws Exception {
        Aead aead = Tokens.kms().getAead(hsm.uri("one", "a%20label%3Bwith%3Dwords%25"));
        assertThat(aead.decrypt(aead.encrypt(new byte[3], new byte[1]), new byte[1]))
                .hasSize(3);
    }

    @Test
    void manyThreadsShareOneClient() {
        Pkcs11Kms kms = Tokens.kms();
        var document = Workload.wrapped(kms, kek);
        String fingerprint = Workload.unwrap(kms, kek, document).fingerprint();
        assertThat(IntStream.range(0, 64)
                        .parallel()
                        .mapToObj(i -> Workload.unwrap(kms, kek, document).fingerprint())
                        .distinct())
                .containsExactly(fingerprint);
    }

    @Test
    void closedClientForgetsItsKeyAndFindsItAgain() throws Exception {
        Pkcs11Kms kms = Tokens.kms();
        byte[] wrapped = kms.getAead(kek).encrypt(new byte[5], new byte[0]);
        kms.close();
        kms.close();
        assertThat(kms.getAead(kek).decrypt(wrapped, new byte[0])).hasSize(5);
    }

    @Test
    void nothingIsTouchedBeforeTheFirstCall() throws Exception {
        Path nowhere = mount.resolve("no-such-library.so");
        Pkcs11Kms kms = Pkcs11Kms.builder()
                .module(nowhere)
                .pinFile(mount.resolve("no-such-pin"))
                .build();
        assertThat(kms.getAead(kek)).isNotNull();
        assertThat(Files.list(mount)).isEmpty();
    }

    @Test
    void otherSchemesAreNotServed() {
        Pkcs11Kms kms = Tokens.kms();
        assertThat(kms.doesSupport("local-kms:/tmp/kek")).isFalse();
        Refusal.of(ErrorCode.CONFIGURATION, () -> kms.getAead("local-kms:/tmp/kek"));
        assertThat(kms.withCredentials("elsewhere")).isSameAs(kms);
        assertThat(kms.withDefaultCredentials()).isSameAs(kms);
    }
}
