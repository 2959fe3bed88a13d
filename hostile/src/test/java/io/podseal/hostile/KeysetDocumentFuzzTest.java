// SPDX-License-Identifier: Apache-2.0
package io.podseal.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.PublicKeyset;
import java.util.Set;
import java.util.function.Function;

/** Any bytes are one kind of keyset document, which is kept byte for byte, or are refused. */
final class KeysetDocumentFuzzTest {
    @FuzzTest(maxDuration = "10m")
    void bytesAreADocumentOrRefused(byte[] bytes) {
        boolean wrapped =
                isRead(bytes, document -> EncryptedKeyset.parse(document).toJson());
        boolean open = isRead(bytes, document -> PublicKeyset.parse(document).toJson());
        assertThat(wrapped && open).as("both kinds at once").isFalse();
    }

    private static boolean isRead(byte[] bytes, Function<byte[], byte[]> readAndWrite) {
        try {
            byte[] written = readAndWrite.apply(bytes.clone());
            assertThat(readAndWrite.apply(written)).isEqualTo(written);
            return true;
        } catch (PodsealException refusal) {
            assertThat(refusal.code())
                    .isIn(Set.of(ErrorCode.FORMAT, ErrorCode.VERSION, ErrorCode.SIZE, ErrorCode.KEYSET_POLICY));
            return false;
        }
    }
}
