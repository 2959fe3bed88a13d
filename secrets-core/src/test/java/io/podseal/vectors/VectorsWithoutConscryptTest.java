// SPDX-License-Identifier: Apache-2.0
package io.podseal.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.keyset.ConscryptInstaller;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.KeysetUnwrapper;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.vectors.ExpectedKeyset;
import io.podseal.testkit.vectors.KeysetVector;
import io.podseal.testkit.vectors.TestVectors;
import io.podseal.testkit.vectors.TokenVector;
import io.podseal.testkit.vectors.VectorKms;
import io.podseal.testkit.vectors.VectorReader;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the vectors of {@code hpke-xwing} come to where Conscrypt is not installed. */
final class VectorsWithoutConscryptTest {
    private static @Nullable Provider conscrypt;

    @BeforeAll
    static void removeConscrypt() {
        ConscryptInstaller.install();
        conscrypt = Security.getProvider("Conscrypt");
        Security.removeProvider("Conscrypt");
    }

    @AfterAll
    static void putItBack() {
        Security.addProvider(conscrypt);
    }

    static Stream<TokenVector> xWing() {
        return TestVectors.tokens().filter(TokenVector::needsXWing);
    }

    static Stream<KeysetVector> keysets() {
        return TestVectors.keysets().filter(vector -> !vector.needsXWing());
    }

    private static List<TrustedKeyset> unwrap(VectorReader reader, List<byte[]> documents) {
        return new KeysetUnwrapper(
                        reader.keksOf(new VectorKms()),
                        reader.pins(),
                        Duration.ofMinutes(5),
                        new KeysetUnwrapper.Listener() {})
                .unwrap(
                        reader.identity(),
                        documents.stream().map(EncryptedKeyset::parse).toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("xWing")
    void nothingOpensAndTheArtifactIsNamed(TokenVector vector) {
        List<TrustedKeyset> keysets = unwrap(vector.reader(), vector.documents());
        PodsealException refusal = Refusal.of(ErrorCode.CONFIGURATION, () -> TrustedKeyset.opener(keysets, false));
        assertThat(refusal.detail()).contains("org.conscrypt:conscrypt-openjdk-uber", "podseal.conscrypt.install");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keysets")
    void keysetsAreReadAndRefusedAsWithIt(KeysetVector vector) {
        Callable<List<TrustedKeyset>> unwrapping = () -> unwrap(vector.reader(), vector.documents());
        if (vector.code().isEmpty()) {
            assertThat(unwrapping)
                    .as(vector.toString())
                    .satisfies(run -> assertThat(run.call())
                            .extracting(TrustedKeyset::fingerprint)
                            .isEqualTo(vector.keysets().stream()
                                    .map(ExpectedKeyset::fingerprint)
                                    .toList()));
        } else if (!vector.mustReject().equals(Optional.of("K-13"))) { // those keysets clash in the opener only
            Refusal.of(vector.code().get(), unwrapping::call);
        }
    }
}
