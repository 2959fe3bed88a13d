// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.kms.Refusal;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider's text for a key lets through. */
class TokenKeyTest {
    private static final String GOOD =
            "SunPKCS11-podseal-1 AES secret key, 32 bits token object, sensitive, unextractable)";

    private record Described(String text, String getFormat) implements SecretKey {
        private static final long serialVersionUID = 1L;

        @Override
        public String getAlgorithm() {
            return "AES";
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @Test
    void unextractableKeyOf256BitsIsTaken() {
        SecretKey key = new Described(GOOD, null);
        assertThat(TokenKey.bound(key, "it")).isSameAs(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sensitive, extractable", "not sensitive, extractable"})
    void extractableKeyIsRefused(String attributes) {
        String text = GOOD.replace("sensitive, unextractable", attributes);
        assertThat(Refusal.of(ErrorCode.KEYSET_POLICY, () -> TokenKey.bound(new Described(text, null), "it"))
                        .detail())
                .contains("can be read out");
    }

    @Test
    void keyThatShowsItselfIsRefused() {
        Refusal.of(ErrorCode.KEYSET_POLICY, () -> TokenKey.bound(new Described(GOOD, "RAW"), "it"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AES",
                "P AES secret key, 32 bits token object)",
                "P AES secret key, 32 bits token object, sensitive)",
                "P AES secret key, 256 bits",
                "P AES secret key, 32 bits token object, sensitive, unextractable) and more",
                "P AES secret key, 32 bits (token object, sensitive, unextractable)",
            })
    void textOfAnotherFormIsRefused(String text) {
        assertThat(Refusal.of(ErrorCode.KEYSET_POLICY, () -> TokenKey.bound(new Described(text, null), "it"))
                        .detail())
                .contains("does not say");
    }

    @Test
    void keyOfAnotherSizeIsRefused() {
        String small = GOOD.replace("32 bits", "128 bits");
        Refusal.of(ErrorCode.CONFIGURATION, () -> TokenKey.bound(new Described(small, null), "it"));
    }
}
