// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.SecretValue;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class GenerationTest {
    private static Digest digest(String token) {
        return Digest.of(List.of(new SourceItem("token", token.getBytes(UTF_8))));
    }

    private static byte[] value(int index) {
        byte[] value = new byte[index % 200];
        new Random(index).nextBytes(value);
        return value;
    }

    private static Generation generation(int values) {
        Generation.Builder builder = new Generation.Builder();
        for (int i = 0; i < values; i++) {
            builder.add("item" + i, value(i), digest("token" + i));
        }
        return builder.build(1);
    }

    private static long wrong(Generation generation, int from, int to) {
        return IntStream.range(from, to)
                .filter(i -> {
                    try (SecretValue value = generation.get("item" + i)) {
                        return !Arrays.equals(value.revealBytes(), value(i));
                    }
                })
                .count();
    }

    @Test
    void tenThousandValuesComeBackByteForByte() {
        Generation generation = generation(10_000);
        assertThat(wrong(generation, 0, 10_000)).isZero();
        assertThat(generation.names()).hasSize(10_000);
    }

    @Test
    void valuesUpToTheLimitComeBack() {
        Generation.Builder builder = new Generation.Builder();
        byte[] large = new byte[716_800];
        new Random(1).nextBytes(large);
        builder.add("large", large, digest("a"));
        builder.add("empty", new byte[0], digest("b"));
        Generation generation = builder.build(1);
        for (int i = 0; i < 3; i++) {
            try (SecretValue value = generation.get("large")) {
                assertThat(value.revealBytes()).isEqualTo(large);
            }
            try (SecretValue value = generation.get("empty")) {
                assertThat(value.revealBytes()).isEmpty();
            }
        }
    }

    @Test
    void everyReadIsACopyOfItsOwn() {
        Generation generation = generation(3);
        try (SecretValue kept = generation.get("item2")) {
            generation.get("item2").close();
            assertThat(kept.revealBytes()).isEqualTo(value(2));
            assertThat(wrong(generation, 2, 3)).isZero();
        }
    }

    @Test
    void manyThreadsReadAtOnce() throws Exception {
        readFrom(Executors.newFixedThreadPool(16));
    }

    @Test
    void manyVirtualThreadsReadAtOnceWhereThereAreAny() throws Exception {
        ExecutorService perTask;
        try {
            perTask = (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException beforeJdk21) {
            assertThat(Runtime.version().feature()).isLessThan(21);
            return;
        }
        readFrom(perTask);
    }

    private static void readFrom(ExecutorService executor) throws Exception {
        Generation generation = generation(50);
        try {
            List<Callable<Long>> readers = IntStream.range(0, 2_000)
                    .mapToObj(i -> (Callable<Long>) () -> wrong(generation, 0, 50))
                    .toList();
            for (Future<Long> reader : executor.invokeAll(readers)) {
                assertThat(reader.get()).isZero();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void sameValueHasAnotherCiphertextInEachGenerationAndPlace() {
        byte[] same = value(100);
        EphemeralCipher one = new EphemeralCipher();
        EphemeralCipher two = new EphemeralCipher();
        byte[] first = one.encrypt(0, same);
        assertThat(first).isNotEqualTo(one.encrypt(1, same)).isNotEqualTo(two.encrypt(0, same));
        assertThat(one.decrypt(0, first)).isEqualTo(same);
        assertThatThrownBy(() -> one.decrypt(1, first)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> two.decrypt(0, first)).isInstanceOf(IllegalStateException.class);
        assertThat(one.decrypt(0, first)).as("after a failure").isEqualTo(same);
    }

    @Test
    void itemsThatShareANameNeverShareANonce() {
        Generation.Builder builder = new Generation.Builder();
        builder.add("a", value(1), digest("1"));
        builder.add("a", value(2), digest("2"));
        builder.add("b", value(3), digest("3"));
        Generation generation = builder.build(1);
        assertThat(generation.names()).containsExactlyInAnyOrder("a", "b");
        try (SecretValue a = generation.get("a");
                SecretValue b = generation.get("b")) {
            assertThat(a.revealBytes()).isEqualTo(value(2));
            assertThat(b.revealBytes()).isEqualTo(value(3));
        }
    }

    @Test
    void digestTellsWhichBytesAreTheNameAndWhichTheContent() {
        assertThat(List.of(
                        Digest.of(List.of(new SourceItem("a", "bc".getBytes(UTF_8)))),
                        Digest.of(List.of(new SourceItem("ab", "c".getBytes(UTF_8)))),
                        Digest.of(List.of(new SourceItem("xb", "c".getBytes(UTF_8)))),
                        Digest.of(List.of(new SourceItem("xb", "d".getBytes(UTF_8))))))
                .doesNotHaveDuplicates();
    }

    @Test
    void changedNamesAreThoseThatCameWentOrWereSealedAnew() {
        Generation.Builder before = new Generation.Builder();
        before.add("same", value(1), digest("1"));
        before.add("resealed", value(2), digest("2"));
        before.add("gone", value(3), digest("3"));
        Generation.Builder after = new Generation.Builder();
        after.add("same", value(1), digest("1"));
        after.add("resealed", value(2), digest("2'"));
        after.add("new", value(4), digest("4"));
        Generation first = before.build(1);
        assertThat(after.build(2).changedSince(first)).containsExactlyInAnyOrder("resealed", "gone", "new");
        assertThat(first.changedSince(null)).isEqualTo(Set.of("same", "resealed", "gone"));
    }

    @Test
    void whatAReaderGetsCannotBeChanged() {
        Generation generation = generation(2);
        assertThatThrownBy(() -> generation.names().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(generation.get("nothing")).isNull();
        assertThat(generation).hasToString("Generation[1, 2 values]");
    }
}
