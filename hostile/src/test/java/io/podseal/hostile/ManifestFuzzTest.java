// SPDX-License-Identifier: Apache-2.0
package io.podseal.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import io.podseal.cli.manifest.Manifest;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import java.util.Set;

/** Any file is sealed, and then needs no more sealing, or is refused. */
final class ManifestFuzzTest {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");
    private static final TrustedKeyset KEYSET = Keysets.create(API, KeyType.AES256_GCM);

    @FuzzTest(maxDuration = "10m")
    void fileIsSealedOnceOrRefused(byte[] bytes) {
        byte[] sealed;
        try {
            sealed =
                    Manifest.parse(bytes).plan(API, false).seal(KEYSET.sealer()).toBytes();
        } catch (PodsealException refusal) {
            assertThat(refusal.code())
                    .isIn(Set.of(
                            ErrorCode.FORMAT,
                            ErrorCode.VERSION,
                            ErrorCode.SIZE,
                            ErrorCode.CONTEXT_MISMATCH,
                            ErrorCode.CONFIGURATION));
            return;
        }
        assertThat(Manifest.parse(sealed).plan(API, false).seal(KEYSET.sealer()).toBytes())
                .as("sealed again")
                .isEqualTo(sealed);
    }
}
