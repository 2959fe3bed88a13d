// SPDX-License-Identifier: Apache-2.0
package io.podseal.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Any text is one token, printed as it was read, or is refused; and none opens that was not sealed. */
final class TokenFuzzTest {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");
    private static final SecretOpener OPENER =
            Keysets.create(API, KeyType.AES256_GCM).opener();

    @FuzzTest(maxDuration = "10m")
    void textIsATokenOrRefused(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            SealedValue value = SealedValue.parse(text);
            assertThat(value.token()).isEqualTo(text);
            Scope scope = value.scope();
            assertThat(text).startsWith("podseal:v1:" + scope);
            OPENER.open(value);
            throw new AssertionError("opened what nobody sealed");
        } catch (PodsealException refusal) {
            assertThat(refusal.code())
                    .isIn(Set.of(
                            ErrorCode.FORMAT,
                            ErrorCode.VERSION,
                            ErrorCode.SIZE,
                            ErrorCode.CONTEXT_MISMATCH,
                            ErrorCode.UNKNOWN_KEY,
                            ErrorCode.AUTHENTICATION));
        }
    }
}
