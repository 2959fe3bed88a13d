// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.kms.Refusal;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of the specification's section 5, as others made them. */
final class VectorsTest extends KeyVaultTest {
    static List<Vector> vectors() {
        return Vector.all();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyVectorIsWhatItClaims(Vector vector) throws Exception {
        server.key(KEY, vector.key());
        Aead kek = kms.getAead(KEK);
        byte[] wrapped = Base64.getDecoder().decode(vector.text("wrapped"));
        byte[] associatedData = vector.text("associatedData").getBytes(UTF_8);
        if (vector.json().has("refused")) {
            Refusal.of(ErrorCode.valueOf(vector.text("refused")), () -> kek.decrypt(wrapped, associatedData));
        } else {
            assertThat(kek.decrypt(wrapped, associatedData))
                    .isEqualTo(HexFormat.of().parseHex(vector.text("keyset")));
        }
    }

    @Test
    void noneIsMissing() {
        assertThat(vectors()).hasSize(13);
    }

    @Test
    void everyTruncationIsRefusedAndTheShortOnesWithoutACall() {
        Vector vector = Vector.named("opens-rsa-2048");
        server.key(KEY, vector.key());
        Aead kek = kms.getAead(KEK);
        byte[] wrapped = Base64.getDecoder().decode(vector.text("wrapped"));
        byte[] associatedData = vector.text("associatedData").getBytes(UTF_8);
        int shortest = 2 + 256 + 12 + 16;
        for (int length = 0; length < wrapped.length; length++) {
            byte[] cut = Arrays.copyOf(wrapped, length);
            Refusal.of(ErrorCode.AUTHENTICATION, () -> kek.decrypt(cut, associatedData));
            assertThat(server.calls).hasSize(Math.max(0, length - shortest));
        }
    }

    @Test
    void everyAlteredByteIsRefused() {
        Vector vector = Vector.named("opens-rsa-2048");
        server.key(KEY, vector.key());
        Aead kek = kms.getAead(KEK);
        byte[] wrapped = Base64.getDecoder().decode(vector.text("wrapped"));
        byte[] associatedData = vector.text("associatedData").getBytes(UTF_8);
        for (int i = 0; i < wrapped.length; i += i < 258 ? 16 : 1) {
            byte[] altered = wrapped.clone();
            altered[i] ^= 0x10;
            Refusal.of(ErrorCode.AUTHENTICATION, () -> kek.decrypt(altered, associatedData));
        }
    }
}
