// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SealedValueTest {
    @ParameterizedTest
    @CsvSource({
        "token\\n,token",
        "token\\r\\n,token",
        "token,token",
        "token\\n\\n,token\\n",
        "token\\r,token\\r",
        "\\n,''",
        "\\r\\n,''"
    })
    void oneTrailingLineEndIsStrippedForCarriers(String written, String expected) {
        byte[] text = written.replace("\\r", "\r").replace("\\n", "\n").getBytes(UTF_8);
        assertThat(new String(SealedValue.withoutLineEnd(text), UTF_8))
                .isEqualTo(expected.replace("\\r", "\r").replace("\\n", "\n"));
    }

    @Test
    void emptyTextHasNoLineEndToStrip() {
        assertThat(SealedValue.withoutLineEnd(new byte[0])).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"podseal:v1:", "podseal:v2:x", "podseal:v0:", "podseal:v123456789012345678901:x"})
    void textThatBeginsLikeATokenOfAnyVersionIsTokenLike(String text) {
        assertThat(SealedValue.isTokenLike(text.getBytes(UTF_8))).isTrue();
    }

    @Test
    void keyIdIsUnsigned() {
        byte[] payload = Tokens.payload(33);
        payload[1] = payload[2] = payload[3] = payload[4] = (byte) 0xff;
        assertThat(SealedValue.parse(Tokens.of(Tokens.ITEM, payload)).keyId()).isEqualTo(4_294_967_295L);
    }

    @Test
    void headerReachesTheCipherAsAssociatedData() throws GeneralSecurityException {
        Scope scope = SealedValue.parse(Tokens.of(Tokens.ITEM)).scope();
        byte[][] seen = new byte[2][];
        SealedValue sealed = SealedValue.encrypt(scope, Plaintext.bytes(), (plaintext, associatedData) -> {
            seen[0] = associatedData.clone();
            return Tokens.payload(60);
        });
        byte[] plaintext = SealedValue.parse(sealed.token()).decrypt((ciphertext, associatedData) -> {
            seen[1] = associatedData.clone();
            return ciphertext.clone();
        });
        assertThat(plaintext).isEqualTo(Tokens.payload(60));
        assertThat(seen[0])
                .isEqualTo(("podseal:v1:" + Tokens.ITEM).getBytes(UTF_8))
                .isEqualTo(seen[1]);
    }

    @Test
    void refusedDecryptionIsAuthenticationWithoutTheCiphersOwnWords() {
        SealedValue sealed = SealedValue.parse(Tokens.of(Tokens.ITEM));
        PodsealException refusal = Refusal.of(
                AUTHENTICATION,
                () -> sealed.decrypt((ciphertext, associatedData) -> {
                    throw new GeneralSecurityException(new String(Plaintext.bytes(), UTF_8));
                }));
        assertThat(refusal).hasNoCause();
        assertThat(refusal.detail()).contains(Tokens.ITEM, "key 42");
    }

    @Test
    void printingShowsScopeKeyAndSizeOnly() {
        assertThat(SealedValue.parse(Tokens.of(Tokens.ITEM)))
                .hasToString("SealedValue[payments/api/db-credentials/password, key 42, 60 bytes]");
    }
}
