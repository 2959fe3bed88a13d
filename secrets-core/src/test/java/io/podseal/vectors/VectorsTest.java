// SPDX-License-Identifier: Apache-2.0
package io.podseal.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.SecretValue;
import io.podseal.keyset.ConscryptInstaller;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeysetUnwrapper;
import io.podseal.keyset.PublicKeyset;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.store.Generation;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.store.SourceItem;
import io.podseal.testkit.vectors.ExpectedKeyset;
import io.podseal.testkit.vectors.ItemsVector;
import io.podseal.testkit.vectors.KekVector;
import io.podseal.testkit.vectors.KeysetVector;
import io.podseal.testkit.vectors.PublicKeysetVector;
import io.podseal.testkit.vectors.TestVector;
import io.podseal.testkit.vectors.TokenVector;
import io.podseal.testkit.vectors.VectorKms;
import io.podseal.testkit.vectors.VectorReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every vector of the specification against the public API. */
final class VectorsTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final VectorKms kms = new VectorKms();

    @BeforeAll
    static void installConscrypt() {
        ConscryptInstaller.install();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.podseal.testkit.vectors.TestVectors#tokens")
    void tokenHolds(TokenVector vector) {
        claim(vector, () -> token(vector));
    }

    private void token(TokenVector vector) {
        if (vector.code().isPresent()) {
            Refusal.of(vector.code().get(), () -> open(vector).close());
        } else {
            try (SecretValue value = open(vector)) {
                assertThat(value.revealBytes()).isEqualTo(vector.plaintext());
            }
        }
        String text = asText(vector.token());
        if (text != null) {
            assertThat(outcome(() -> SealedValue.parse(text, vector.place())))
                    .as("parsed as text")
                    .isEqualTo(outcome(() -> SealedValue.parse(vector.token(), vector.place())));
        }
    }

    /** Names the vector in whatever fails. */
    private static void claim(TestVector vector, Runnable check) {
        try {
            check.run();
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(vector + ": " + failure.getMessage(), failure);
        }
    }

    private SecretValue open(TokenVector vector) {
        VectorReader reader = vector.reader();
        SealedValue sealed = SealedValue.parse(vector.token(), vector.place());
        if (reader.requireItemBound() && !sealed.scope().isItemBound()) {
            throw ErrorCode.CONTEXT_MISMATCH.because("account-bound");
        }
        SecretValue value = opener(reader, unwrap(reader, vector.documents())).open(sealed);
        if (vector.asText()) {
            value.revealChars();
        }
        return value;
    }

    private static @Nullable String asText(byte[] token) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(token))
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }

    private interface Parse {
        SealedValue run();
    }

    private static String outcome(Parse parse) {
        try {
            return parse.run().token();
        } catch (PodsealException refused) {
            return refused.code().name();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.podseal.testkit.vectors.TestVectors#keysets")
    void keysetHolds(KeysetVector vector) {
        claim(vector, () -> keyset(vector));
    }

    private void keyset(KeysetVector vector) {
        if (vector.code().isPresent()) {
            Refusal.of(vector.code().get(), () -> {
                VectorReader reader = vector.reader();
                opener(reader, unwrap(reader, vector.documents()));
            });
        } else {
            List<TrustedKeyset> keysets = unwrap(vector.reader(), vector.documents());
            assertThat(keysets.stream().map(keyset -> new ExpectedKeyset(keyset.fingerprint(), keyset.keys())))
                    .containsExactlyElementsOf(vector.keysets());
            assertThat(opener(vector.reader(), keysets)).isNotNull();
        }
        requireCalls(vector);
    }

    private List<TrustedKeyset> unwrap(VectorReader reader, List<byte[]> documents) {
        List<EncryptedKeyset> parsed =
                documents.stream().map(EncryptedKeyset::parse).toList();
        return new KeysetUnwrapper(reader.keksOf(kms), reader.pins(), LONG, new KeysetUnwrapper.Listener() {})
                .unwrap(reader.identity(), parsed);
    }

    private static SecretOpener opener(VectorReader reader, List<TrustedKeyset> keysets) {
        return TrustedKeyset.opener(keysets, reader.symmetricOnly());
    }

    private void requireCalls(TestVector vector) {
        vector.kmsCalls().ifPresent(calls -> assertThat(kms.calls()).isEqualTo(calls));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.podseal.testkit.vectors.TestVectors#publicKeysets")
    void publicKeysetHolds(PublicKeysetVector vector) {
        claim(vector, () -> publicKeyset(vector));
    }

    private void publicKeyset(PublicKeysetVector vector) {
        if (vector.code().isPresent()) {
            Refusal.of(vector.code().get(), () -> PublicKeyset.parse(vector.document()));
        } else {
            PublicKeyset keyset = PublicKeyset.parse(vector.document());
            assertThat(keyset.identity()).isEqualTo(vector.identity());
            assertThat(new ExpectedKeyset(keyset.fingerprint(), keyset.keys())).isEqualTo(vector.keyset());
            assertThat(PublicKeyset.parse(keyset.toJson()).fingerprint()).isEqualTo(keyset.fingerprint());
            assertThat(keyset.sealer().seal(Scope.accountBound(keyset.identity()), new byte[1]))
                    .isNotNull();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.podseal.testkit.vectors.TestVectors#items")
    void itemsHolds(ItemsVector vector) {
        claim(vector, () -> items(vector));
    }

    private void items(ItemsVector vector) {
        if (vector.code().isPresent()) {
            Refusal.of(vector.code().get(), () -> open(vector).close());
        } else {
            try (SecretStore store = open(vector)) {
                Generation generation = store.current();
                Map<String, byte[]> values = vector.values();
                assertThat(generation.names()).containsExactlyInAnyOrderElementsOf(values.keySet());
                values.forEach((name, bytes) -> {
                    try (SecretValue value = Objects.requireNonNull(generation.get(name))) {
                        assertThat(value.revealBytes()).as(name).isEqualTo(bytes);
                    }
                });
            }
        }
        requireCalls(vector);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.podseal.testkit.vectors.TestVectors#keks")
    void kekHolds(KekVector vector) {
        claim(vector, () -> kek(vector));
    }

    private void kek(KekVector vector) {
        Keks.Builder keks = Keks.builder().kek(vector.uri()).client(kms);
        if (vector.code().isPresent()) {
            Refusal.of(vector.code().get(), keks::build);
        } else {
            assertThat(keks.build().uris()).containsExactly(vector.uri());
        }
    }

    private SecretStore open(ItemsVector vector) {
        return vector.reader()
                .store(new Delivery(vector.items(), vector.secret()), kms)
                .open();
    }

    /** The items of a vector, as a carrier delivers them. */
    private record Delivery(Map<String, byte[]> items, Optional<String> secret) implements SecretSource {
        @Override
        public List<SourceItem> read() {
            return items.entrySet().stream()
                    .map(item -> new SourceItem(item.getKey(), item.getValue()))
                    .toList();
        }

        @Override
        public @Nullable String secretName() {
            return secret.orElse(null);
        }
    }
}
