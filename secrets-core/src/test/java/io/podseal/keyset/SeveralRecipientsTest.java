// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_THROTTLED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.CallThreads;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.testkit.FakeKms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code podseal.keks} promises for two and three KEKs, on a clock that only pauses and answers move. */
final class SeveralRecipientsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final FakeKms a = new FakeKms("fake-kms://a");
    private final FakeKms b = new FakeKms("fake-kms://b");
    private final FakeKms c = new FakeKms("fake-kms://c");
    private final TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
    private final EncryptedKeyset document = Keysets.wrap(keyset, Accounts.keks(a, b, c));

    private final List<String> heard = new ArrayList<>();
    private int pauses;
    private long now = -3;

    private final KeysetUnwrapper.Listener listener = new KeysetUnwrapper.Listener() {
        @Override
        public void unwrapped(EncryptedKeyset from, String kek) {
            heard.add(kek.substring("fake-kms://".length()));
        }

        @Override
        public void failed(String kek, PodsealException failure) {
            heard.add(kek.substring("fake-kms://".length()) + " " + failure.code());
        }
    };

    private KeysetUnwrapper unwrapper(FakeKms... kmses) {
        return unwrapper(() -> now, kmses);
    }

    private KeysetUnwrapper unwrapper(LongSupplier clock, FakeKms... kmses) {
        return new KeysetUnwrapper(Accounts.keks(kmses), Set.of(), DEADLINE, listener, clock, nanos -> {
            heard.add("pause");
            pauses++;
            now += nanos;
        });
    }

    private void unwrap(FakeKms... kmses) {
        assertThat(unwrapper(kmses).unwrap(Accounts.API, List.of(document)))
                .singleElement()
                .satisfies(unwrapped -> assertThat(unwrapped.fingerprint()).isEqualTo(keyset.fingerprint()));
    }

    private PodsealException refused(ErrorCode code, FakeKms... kmses) {
        return Refusal.of(code, () -> unwrapper(kmses).unwrap(Accounts.API, List.of(document)));
    }

    /** Takes that long for each call, and then answers so. */
    private FakeKms.Answer taking(Duration time, FakeKms.Answer answer) {
        return (kek, wrapped, associatedData) -> {
            now += time.toNanos();
            return answer.decrypt(kek, wrapped, associatedData);
        };
    }

    @Test
    void settingsOrderIsKeptWhateverTheDocumentSays() {
        c.answers(FakeKms.DENIES);
        a.answers(FakeKms.DENIES);
        unwrap(c, a, b);
        assertThat(heard).containsExactly("c KMS_DENIED", "a KMS_DENIED", "b");
    }

    static Stream<Arguments> notTampering() {
        return Stream.of(
                Arguments.of(FakeKms.DOWN, KMS_UNAVAILABLE),
                Arguments.of(FakeKms.RESETS, KMS_UNAVAILABLE),
                Arguments.of(FakeKms.EMPTY, KMS_UNAVAILABLE),
                Arguments.of(FakeKms.THROTTLES, KMS_THROTTLED),
                Arguments.of(FakeKms.DENIES, KMS_DENIED),
                Arguments.of(FakeKms.LACKS_CREDENTIALS, CONFIGURATION));
    }

    @ParameterizedTest
    @MethodSource("notTampering")
    void nextRecipientIsAskedAtOnceOnAnyKmsCodeAndMissingCredentials(FakeKms.Answer answer, ErrorCode code) {
        a.answers(answer);
        b.answers(answer);
        unwrap(a, b, c);
        assertThat(heard).containsExactly("a " + code, "b " + code, "c");
    }

    static Stream<Arguments> tampering() {
        return Stream.of(
                Arguments.of(FakeKms.REJECTS, AUTHENTICATION),
                Arguments.of(FakeKms.GARBAGE, KEYSET_POLICY),
                Arguments.of(FakeKms.TRUNCATED, KEYSET_POLICY),
                Arguments.of(FakeKms.OVERSIZED, KEYSET_POLICY));
    }

    @ParameterizedTest
    @MethodSource("tampering")
    void tamperingIsFinalWhereverItIsFoundAndNobodyElseIsAsked(FakeKms.Answer answer, ErrorCode code) {
        a.answers(FakeKms.DOWN);
        b.answers(answer);
        refused(code, a, b, c);
        assertThat(heard).containsExactly("a KMS_UNAVAILABLE", "b " + code);
        assertThat(c.calls()).isZero();
    }

    @Test
    void backOffLiesBetweenRoundsOnly() {
        a.answers(FakeKms.DOWN);
        b.answers(FakeKms.THROTTLES, FakeKms.THROTTLES, FakeKms.WORKS);
        c.answers(FakeKms.RESETS);
        unwrap(a, b, c);
        String round = "a KMS_UNAVAILABLE,b KMS_THROTTLED,c KMS_UNAVAILABLE";
        assertThat(String.join(",", heard)).isEqualTo(round + ",pause," + round + ",pause,a KMS_UNAVAILABLE,b");
    }

    @Test
    void roundsAfterTheFirstAreForTransientRecipients() {
        a.answers(FakeKms.DENIES);
        b.answers(FakeKms.THROTTLES, FakeKms.DENIES);
        c.answers(FakeKms.DOWN, FakeKms.DOWN, FakeKms.WORKS);
        unwrap(a, b, c);
        assertThat(heard)
                .containsExactly(
                        "a KMS_DENIED",
                        "b KMS_THROTTLED",
                        "c KMS_UNAVAILABLE",
                        "pause",
                        "b KMS_DENIED",
                        "c KMS_UNAVAILABLE",
                        "pause",
                        "c");
    }

    @Test
    void noneTransientFailsAtOnceWithTheMostPreferredOnesCode() {
        a.answers(FakeKms.LACKS_CREDENTIALS);
        b.answers(FakeKms.DENIES);
        c.answers(FakeKms.DENIES);
        refused(CONFIGURATION, a, b, c);
        PodsealException refusal = refused(KMS_DENIED, c, a, b);
        assertThat(refusal.detail()).containsSubsequence("fake-kms://c", "fake-kms://a", "fake-kms://b");
        assertThat(((PodsealException.Kms) refusal).retryable()).isFalse();
        assertThat(pauses).isZero();
    }

    @Test
    void lastTransientOneThatTurnsFinalEndsTheRounds() {
        a.answers(FakeKms.DENIES);
        b.answers(FakeKms.DOWN, FakeKms.DENIES);
        refused(KMS_DENIED, a, b);
        assertThat(pauses).isEqualTo(1);
        assertThat(a.calls()).isEqualTo(1);
    }

    @Test
    void outOfTimeFailsWithTheMostPreferredOnesCodeEvenIfThatWasFinal() {
        a.answers(FakeKms.DENIES);
        b.answers(FakeKms.THROTTLES);
        c.answers(FakeKms.DOWN);
        long start = now;
        PodsealException refusal = refused(KMS_DENIED, a, b, c);
        assertThat(now - start).isBetween(0L, DEADLINE.toNanos());
        assertThat(refusal.detail()).contains("KMS_THROTTLED", "KMS_UNAVAILABLE", "podseal.kms.deadline");
        assertThat(a.calls()).isEqualTo(1);
        assertThat(b.calls()).isEqualTo(c.calls());
    }

    @Test
    void slowRecipientsUseUpTheOneDeadlineOfAll() {
        a.answers(taking(Duration.ofSeconds(12), FakeKms.DOWN));
        b.answers(taking(Duration.ofSeconds(12), FakeKms.DOWN));
        c.answers(taking(Duration.ofSeconds(12), FakeKms.DOWN));
        PodsealException refusal = refused(KMS_UNAVAILABLE, a, b, c);
        assertThat(a.calls() + b.calls() + c.calls()).as("none is asked twice").isEqualTo(3);
        assertThat(refusal.detail()).contains("30 s");
    }

    @Test
    void documentsShareTheDeadlineWithAllOfTheirRecipients() {
        EncryptedKeyset second = Keysets.wrap(Keysets.add(keyset), Accounts.keks(a, b));
        a.answers(taking(Duration.ofSeconds(20), FakeKms.DOWN));
        b.answers(taking(Duration.ofSeconds(5), FakeKms.WORKS));
        PodsealException refusal =
                Refusal.of(KMS_UNAVAILABLE, () -> unwrapper(a, b).unwrap(Accounts.API, List.of(document, second)));
        assertThat(heard).as("5 s were left").containsExactly("a KMS_UNAVAILABLE", "b", "a KMS_UNAVAILABLE");
        assertThat(refusal.detail()).contains("fake-kms://b: not asked, since no time was left");
    }

    @Test
    void twoThatHangLeaveTheThirdItsShare() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CallThreads hanging = new CallThreads();
        a.answers(hanging.before(FakeKms.slow(never)));
        b.answers(hanging.before(FakeKms.slow(never)));
        // The beginning, then 3 ms and 2 ms that are left for three and two recipients, then time enough for the last.
        long[] times = {0, DEADLINE.toNanos() - 3_000_000, DEADLINE.toNanos() - 2_000_000, 0};
        int[] reads = {0};
        LongSupplier clock = () -> times[Math.min(reads[0]++, times.length - 1)];
        assertThat(unwrapper(clock, a, b, c).unwrap(Accounts.API, List.of(document)))
                .hasSize(1);
        assertThat(heard).containsExactly("a KMS_UNAVAILABLE", "b KMS_UNAVAILABLE", "c");
        hanging.join(); // they were interrupted, so they end
    }

    @Test
    void recipientThatComesBackServesInALaterRound() {
        a.answers(FakeKms.DOWN, FakeKms.DOWN, FakeKms.WORKS);
        b.answers(FakeKms.DOWN);
        unwrap(a, b);
        assertThat(heard).last().isEqualTo("a");
        assertThat(pauses).isEqualTo(2);
    }

    @Test
    void keysetIsTheSameWhoeverServes() {
        for (FakeKms only : List.of(a, b, c)) {
            unwrap(only);
        }
        assertThat(heard).containsExactly("a", "b", "c");
    }
}
