// SPDX-License-Identifier: Apache-2.0
package io.podseal.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.SecretValue;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.KeysetUnwrapper;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.vectors.TestVectors;
import io.podseal.testkit.vectors.TokenVector;
import io.podseal.testkit.vectors.VectorKms;
import io.podseal.testkit.vectors.VectorReader;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text is one token, printed as it was read, or is refused; and none opens but the vectors, which it starts from. */
final class TokenFuzzTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int MAX_CHARS = 1024;

    private static final Map<String, TokenVector> SEALED = TestVectors.tokens()
            .filter(vector -> vector.code().isEmpty() && !vector.needsXWing() && vector.token().length <= MAX_CHARS)
            .collect(Collectors.toMap(
                    vector -> new String(vector.token(), UTF_8), Function.identity(), (one, same) -> one));
    private static final Collection<SecretOpener> OPENERS = openers();

    /** Of all readers; each keyset is unwrapped once. */
    private static Collection<SecretOpener> openers() {
        Map<String, SecretOpener> openers = new LinkedHashMap<>();
        for (TokenVector vector : SEALED.values()) {
            List<EncryptedKeyset> documents =
                    vector.documents().stream().map(EncryptedKeyset::parse).toList();
            VectorReader reader = vector.reader();
            String keysets = vector.documents().stream()
                    .map(document -> new String(document, UTF_8))
                    .collect(Collectors.joining());
            openers.computeIfAbsent(
                    keysets,
                    unseen -> TrustedKeyset.opener(
                            new KeysetUnwrapper(
                                            reader.keksOf(new VectorKms()),
                                            reader.pins(),
                                            LONG,
                                            new KeysetUnwrapper.Listener() {})
                                    .unwrap(reader.identity(), documents),
                            false));
        }
        return openers.values();
    }

    static Stream<byte[]> sealed() {
        return SEALED.keySet().stream().map(token -> token.getBytes(UTF_8));
    }

    @MethodSource("sealed")
    @FuzzTest(maxDuration = "10m")
    void textIsATokenOrRefused(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        try {
            SealedValue token = SealedValue.parse(text);
            assertThat(token.token()).isEqualTo(text).startsWith("podseal:v1:" + token.scope());
            boolean opened =
                    OPENERS.stream().filter(opener -> opens(opener, token)).count() > 0;
            assertThat(opened).as("opened").isEqualTo(SEALED.containsKey(text));
        } catch (PodsealException refusal) {
            assertThat(refusal.code())
                    .isIn(Set.of(ErrorCode.FORMAT, ErrorCode.VERSION, ErrorCode.SIZE, ErrorCode.CONTEXT_MISMATCH));
        }
    }

    private static boolean opens(SecretOpener opener, SealedValue token) {
        try (SecretValue value = opener.open(token)) {
            assertThat(SEALED).as("opened").containsKey(token.token());
            assertThat(value.revealBytes()).isEqualTo(SEALED.get(token.token()).plaintext());
            return true;
        } catch (PodsealException refusal) {
            assertThat(refusal.code())
                    .isIn(Set.of(
                            ErrorCode.CONTEXT_MISMATCH,
                            ErrorCode.UNKNOWN_KEY,
                            ErrorCode.AUTHENTICATION,
                            ErrorCode.SIZE));
            return false;
        }
    }
}
