// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static io.podseal.ErrorCode.FORMAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.Serializable;
import org.junit.jupiter.api.Test;

final class SecretValueTest {
    @Test
    void closingZeroesTheOwnedBytes() {
        byte[] owned = Plaintext.bytes();
        SecretValue secret = SecretValue.owning(owned);
        byte[] revealed = secret.revealBytes();
        secret.close();
        secret.close();
        assertThat(owned).containsOnly(0);
        assertThat(revealed).isEqualTo(Plaintext.bytes()).hasSize(secret.sizeInBytes());
    }

    @Test
    void closedSecretRevealsNothing() {
        SecretValue secret = SecretValue.owning(Plaintext.bytes());
        secret.close();
        assertThatIllegalStateException().isThrownBy(secret::revealBytes);
        assertThatIllegalStateException().isThrownBy(secret::revealChars);
        assertThatIllegalStateException().isThrownBy(secret::revealString);
    }

    @Test
    void revealedCopiesAreIndependent() {
        SecretValue secret = SecretValue.owning(Plaintext.bytes());
        secret.revealBytes()[0] = 0;
        secret.revealChars()[0] = 0;
        assertThat(secret.revealBytes()).isEqualTo(Plaintext.bytes());
    }

    @Test
    void textIsStrictUtf8() {
        String text = "gr\u00fc\u00df \u4e16 \ud83d\ude00 \u0000";
        SecretValue secret = SecretValue.owning(text.getBytes(UTF_8));
        assertThat(secret.revealString()).isEqualTo(text);
        assertThat(secret.revealChars()).isEqualTo(text.toCharArray());
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedAsTextAndKeptAsBytes() {
        byte[][] invalid = {
            {(byte) 0xff},
            {(byte) 0xc0, (byte) 0x80},
            {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            {'a', (byte) 0xe2, (byte) 0x82},
            {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80}
        };
        for (byte[] bytes : invalid) {
            SecretValue secret = SecretValue.owning(bytes.clone());
            assertThat(Refusal.of(FORMAT, secret::revealString).getCause()).isNull();
            Refusal.of(FORMAT, secret::revealChars);
            assertThat(secret.revealBytes()).isEqualTo(bytes);
        }
    }

    @Test
    void emptyIsAValue() {
        SecretValue empty = SecretValue.owning(new byte[0]);
        assertThat(empty.sizeInBytes()).isZero();
        assertThat(empty.revealString()).isEmpty();
    }

    @Test
    void printingAndComparingTellNothing() {
        SecretValue one = SecretValue.owning(Plaintext.bytes());
        assertThat(one).hasToString("SecretValue[***]").isNotEqualTo(SecretValue.owning(Plaintext.bytes()));
        assertThat(one).isNotInstanceOf(Serializable.class);
    }
}
