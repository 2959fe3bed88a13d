// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.kms.Refusal;
import io.podseal.kms.SoftHsm;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.KeyStoreException;
import java.security.ProviderException;
import java.util.Arrays;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each row of the table in docs/kms/pkcs11.md. */
class ClassificationTest {
    private static final byte[] ACCOUNT = {1, 2, 3};

    /** What the token and the provider really do; wrong PINs have their own process, see PinTest. */
    @Nested
    class OnSoftHsm {
        private static SoftHsm hsm;
        private static Pkcs11Kms kms;
        private static Aead kek;

        @TempDir
        private Path folder;

        @BeforeAll
        static void token() {
            hsm = Tokens.hsm();
            kms = Tokens.kms();
            kek = kms.getAead(hsm.uri("one", "kek"));
        }

        @Test
        void everyAlteredByteIsAuthentication() throws Exception {
            byte[] wrapped = kek.encrypt(new byte[4], ACCOUNT);
            for (int i = 0; i < wrapped.length; i++) {
                byte[] altered = wrapped.clone();
                altered[i] ^= 1;
                refused(ErrorCode.AUTHENTICATION, () -> kek.decrypt(altered, ACCOUNT), "altered");
            }
            assertThat(kek.decrypt(wrapped, ACCOUNT)).hasSize(4);
        }

        @Test
        void truncatedBytesAreAuthentication() throws Exception {
            byte[] wrapped = kek.encrypt(new byte[4], ACCOUNT);
            for (int length = 0; length < wrapped.length; length++) {
                byte[] truncated = Arrays.copyOf(wrapped, length);
                refused(ErrorCode.AUTHENTICATION, () -> kek.decrypt(truncated, ACCOUNT), "altered");
            }
        }

        @Test
        void anotherAccountsKeysetIsAuthentication() throws Exception {
            byte[] wrapped = kek.encrypt(new byte[4], ACCOUNT);
            refused(ErrorCode.AUTHENTICATION, () -> kek.decrypt(wrapped, new byte[] {1, 2, 4}), "another account");
        }

        @Test
        void anotherKeysKeysetIsAuthentication() throws Exception {
            byte[] wrapped =
                    kms.getAead(hsm.uri("one", "a%20label%3Bwith%3Dwords%25")).encrypt(new byte[4], ACCOUNT);
            refused(ErrorCode.AUTHENTICATION, () -> kek.decrypt(wrapped, ACCOUNT), "another account or key");
        }

        @Test
        void absentKeyIsDenied() {
            refused(ErrorCode.KMS_DENIED, () -> use(kms, hsm.uri("one", "absent")), "no key labelled 'absent'");
        }

        @Test
        void keyOfAnotherKindOrSizeIsConfiguration() {
            refused(ErrorCode.CONFIGURATION, () -> use(kms, hsm.uri("one", "small")), "no AES key of 256 bits");
            refused(ErrorCode.CONFIGURATION, () -> use(kms, hsm.uri("one", "generic")), "no AES key of 256 bits");
        }

        @Test
        void keyThatCanBeReadOutIsKeysetPolicy() {
            refused(ErrorCode.KEYSET_POLICY, () -> use(kms, hsm.uri("one", "readable")), "not extractable");
        }

        @Test
        void absentSlotIsConfiguration() {
            refused(
                    ErrorCode.CONFIGURATION,
                    () -> use(Tokens.kms(), "pkcs11:slot-id=4711;object=kek"),
                    "correct slot-id");
        }

        @Test
        void uninitialisedTokenIsConfiguration() {
            // SoftHSM offers a free slot behind the others
            refused(ErrorCode.CONFIGURATION, () -> use(Tokens.kms(), "pkcs11:slot-id=2;object=kek"), "correct slot-id");
        }

        @Test
        void moduleThatIsNotThereIsConfiguration() {
            refused(
                    ErrorCode.CONFIGURATION,
                    () -> use(builder(folder.resolve("absent.so")), hsm.uri("one", "kek")),
                    "podseal.kms.pkcs11.module");
        }

        @Test
        void fileThatIsNoModuleIsConfiguration() throws Exception {
            Path text = Files.writeString(folder.resolve("text.so"), "not a library");
            refused(
                    ErrorCode.CONFIGURATION,
                    () -> use(builder(text), hsm.uri("one", "kek")),
                    "podseal.kms.pkcs11.module");
        }

        private static Pkcs11Kms builder(Path module) {
            return Pkcs11Kms.builder().module(module).build();
        }

        private static void use(Pkcs11Kms client, String uri) throws Exception {
            client.getAead(uri).encrypt(new byte[1], ACCOUNT);
        }
    }

    /** What these tokens do not do by themselves. */
    @ParameterizedTest
    @CsvSource({
        "CKR_PIN_INCORRECT,                   LOGIN,  KMS_DENIED,      pin-file",
        "CKR_PIN_INVALID,                     LOGIN,  KMS_DENIED,      pin-file",
        "CKR_PIN_LEN_RANGE,                   LOGIN,  KMS_DENIED,      pin-file",
        "CKR_PIN_EXPIRED,                     LOGIN,  KMS_DENIED,      pin-file",
        "CKR_PIN_LOCKED,                      LOGIN,  KMS_DENIED,      unlock the token",
        "CKR_USER_PIN_NOT_INITIALIZED,        LOGIN,  CONFIGURATION,   initialise it",
        "CKR_GENERAL_ERROR,                   LOGIN,  KMS_UNAVAILABLE, see that it is there",
        "CKR_SLOT_ID_INVALID,                 START,  CONFIGURATION,   slot-id",
        "CKR_TOKEN_NOT_RECOGNIZED,            START,  CONFIGURATION,   slot-id",
        "CKR_GENERAL_ERROR,                   START,  CONFIGURATION,   SOFTHSM2_CONF",
        "CKR_ARGUMENTS_BAD,                   START,  CONFIGURATION,   nss-database",
        "CKR_DEVICE_ERROR,                    START,  KMS_UNAVAILABLE, see that it is there",
        "CKR_DEVICE_REMOVED,                  START,  KMS_UNAVAILABLE, see that it is there",
        "CKR_TOKEN_NOT_PRESENT,               START,  KMS_UNAVAILABLE, see that it is there",
        "CKR_FUNCTION_FAILED,                 START,  KMS_UNAVAILABLE, see that it is there",
        "CKR_GENERAL_ERROR,                   LOOKUP, KMS_UNAVAILABLE, see that it is there",
        "CKR_OBJECT_HANDLE_INVALID,           USE,    KMS_UNAVAILABLE, see that it is there",
        "CKR_KEY_HANDLE_INVALID,              USE,    KMS_UNAVAILABLE, see that it is there",
        "CKR_GENERAL_ERROR,                   USE,    KMS_UNAVAILABLE, see that it is there",
        "CKR_DEVICE_REMOVED,                  USE,    KMS_UNAVAILABLE, see that it is there",
        "CKR_SESSION_HANDLE_INVALID,          USE,    KMS_UNAVAILABLE, see that it is there",
        "CKR_USER_NOT_LOGGED_IN,              USE,    KMS_UNAVAILABLE, see that it is there",
        "CKR_KEY_FUNCTION_NOT_PERMITTED,      USE,    KMS_DENIED,      CKA_DECRYPT",
        "CKR_MECHANISM_INVALID,               USE,    CONFIGURATION,   CKM_AES_GCM",
        "CKR_MECHANISM_PARAM_INVALID,         USE,    CONFIGURATION,   12 bytes of nonce",
        "CKR_KEY_TYPE_INCONSISTENT,           USE,    CONFIGURATION,   CKM_AES_GCM",
    })
    void answerOfTheTokenHasItsCode(String ckr, String phase, ErrorCode code, String says) {
        Exception answer = answer(ckr);
        PodsealException failure = switch (phase) {
            case "START" -> TokenFailure.atStart("here", new ProviderException("words", answer));
            case "LOGIN" ->
                TokenFailure.atLogin("here", (LoginException) new LoginException("words").initCause(answer));
            case "LOOKUP" -> TokenFailure.atLookup("here", new IOException("words", answer));
            default -> TokenFailure.inUse("here", new InvalidKeyException("words", answer));
        };
        refused(
                code,
                () -> {
                    throw failure;
                },
                says);
        assertThat(failure.detail()).contains("(" + ckr + ")").doesNotContain("words");
    }

    @Test
    void sharedLabelsAreConfiguration() {
        assertThat(TokenFailure.atLookup("here", new IOException("words", new KeyStoreException("words")))
                        .code())
                .isEqualTo(ErrorCode.CONFIGURATION);
    }

    private static void refused(
            ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String says) {
        assertThat(Refusal.of(code, call).detail()).contains(says);
    }

    private static Exception answer(String ckr) {
        try {
            Class<?> constants = Class.forName("sun.security.pkcs11.wrapper.PKCS11Exception$RV");
            Object value = Arrays.stream(constants.getEnumConstants())
                    .filter(rv -> rv.toString().equals(ckr))
                    .findFirst()
                    .orElseThrow();
            var field = constants.getDeclaredField("value");
            field.setAccessible(true);
            Constructor<?> constructor =
                    Class.forName("sun.security.pkcs11.wrapper.PKCS11Exception").getConstructors()[0];
            long code = field.getLong(value);
            // later Javas add a text
            return (Exception)
                    (constructor.getParameterCount() == 1
                            ? constructor.newInstance(code)
                            : constructor.newInstance(code, "words of the token"));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
