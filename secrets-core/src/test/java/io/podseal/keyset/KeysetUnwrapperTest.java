// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_THROTTLED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static io.podseal.ErrorCode.SIZE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.CallThreads;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.testkit.FakeKms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rounds, recipients and the deadline of unwrapping, on a clock that only the pauses move. */
final class KeysetUnwrapperTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final FakeKms a = new FakeKms("fake-kms://a");
    private final FakeKms b = new FakeKms("fake-kms://b");
    private final TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);
    private final EncryptedKeyset document = Keysets.wrap(keyset, Accounts.keks(a, b));

    private final List<Long> pauses = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private long now = 42;

    private final KeysetUnwrapper.Listener listener = new KeysetUnwrapper.Listener() {
        @Override
        public void unwrapped(EncryptedKeyset from, String kek) {
            heard.add("unwrapped " + kek);
        }

        @Override
        public void failed(String kek, PodsealException failure) {
            heard.add(failure.code() + " " + kek);
        }
    };

    private KeysetUnwrapper unwrapper(FakeKms... kmses) {
        return unwrapper(() -> now, kmses);
    }

    private KeysetUnwrapper unwrapper(LongSupplier clock, FakeKms... kmses) {
        return new KeysetUnwrapper(Accounts.keks(kmses), Set.of(), DEADLINE, listener, clock, nanos -> {
            pauses.add(nanos);
            now += nanos;
        });
    }

    private PodsealException refused(ErrorCode code, FakeKms... kmses) {
        return Refusal.of(code, () -> unwrapper(kmses).unwrap(Accounts.API, List.of(document)));
    }

    // One call

    @Test
    void oneCallUnwrapsADocument() {
        assertThat(unwrapper(a, b).unwrap(Accounts.API, List.of(document)))
                .singleElement()
                .satisfies(unwrapped -> assertThat(unwrapped.fingerprint()).isEqualTo(keyset.fingerprint()));
        assertThat(a.calls()).isEqualTo(1);
        assertThat(b.calls()).isZero();
        assertThat(heard).containsExactly("unwrapped fake-kms://a");
        assertThat(pauses).isEmpty();
    }

    @Test
    void equalDocumentsCountOnce() {
        EncryptedKeyset again = EncryptedKeyset.parse(document.toJson());
        EncryptedKeyset other = Keysets.wrap(Keysets.add(keyset), Accounts.keks(a));
        assertThat(unwrapper(a).unwrap(Accounts.API, List.of(document, again, other, document)))
                .hasSize(2);
        assertThat(a.calls()).isEqualTo(2);
    }

    @Test
    void applicationsOrderDecidesNotTheDocuments() {
        unwrapper(b, a).unwrap(Accounts.API, List.of(document));
        assertThat(b.calls()).isEqualTo(1);
        assertThat(a.calls()).isZero();
    }

    @Test
    void recipientsThatTheApplicationDoesNotNameAreSkipped() {
        FakeKms other = new FakeKms("fake-kms://other");
        unwrapper(other, b).unwrap(Accounts.API, List.of(document));
        assertThat(b.calls()).isEqualTo(1);
        assertThat(other.calls() + a.calls()).isZero();
    }

    @Test
    void documentWithoutAnAcceptedKekIsPolicyAndNobodyIsAsked() {
        FakeKms other = new FakeKms("FAKE-KMS://a");
        assertThat(refused(KEYSET_POLICY, other).detail()).contains("fake-kms://a", "fake-kms://b", "podseal.keks");
        assertThat(refused(KEYSET_POLICY).detail()).contains("no KEK");
        assertThat(other.calls() + a.calls() + b.calls()).isZero();
    }

    @Test
    void oneDocumentWithoutAnAcceptedKekRefusesAllBeforeAnyCall() {
        EncryptedKeyset other = Keysets.wrap(Keysets.add(keyset), Accounts.keks(b));
        Refusal.of(KEYSET_POLICY, () -> unwrapper(a).unwrap(Accounts.API, List.of(document, other)));
        assertThat(a.calls()).isZero();
    }

    @Test
    void hostileKekInADocumentIsShownOnOneLineAndCut() {
        String kek = "fake-kms://x\\r\\npodseal: OK\\u001b[2J\\u202e" + "y".repeat(3000);
        EncryptedKeyset hostile =
                EncryptedKeyset.parse(Documents.of(Documents.recipient(kek)).getBytes(UTF_8));
        PodsealException refusal = Refusal.of(KEYSET_POLICY, () -> unwrapper(a).unwrap(Accounts.API, List.of(hostile)));
        assertThat(refusal.detail().chars().allMatch(c -> (c >= 0x20 && c < 0x7f) || c == '…'))
                .as(refusal.detail())
                .isTrue();
        assertThat(refusal.detail().length()).isLessThan(1200);
        assertThat(hostile.toString()).doesNotContain("\n", "\r", "\u001b", "\u202e");
    }

    // Whose documents

    @Test
    void documentsOfOtherIdentitiesAreSkipped() {
        EncryptedKeyset web = Keysets.wrap(Keysets.create(Accounts.WEB, KeyType.AES256_GCM), Accounts.keks(a));
        assertThat(unwrapper(a).unwrap(Accounts.API, List.of(web, document, web)))
                .hasSize(1);
        assertThat(a.calls()).isEqualTo(1);
    }

    @Test
    void onlyDocumentsOfOtherIdentitiesIsContextMismatch() {
        EncryptedKeyset web = Keysets.wrap(Keysets.create(Accounts.WEB, KeyType.AES256_GCM), Accounts.keks(a));
        PodsealException refusal =
                Refusal.of(CONTEXT_MISMATCH, () -> unwrapper(a).unwrap(Accounts.API, List.of(web)));
        assertThat(refusal.detail()).contains(Accounts.API.spiffeId(), Accounts.WEB.spiffeId());
        assertThat(a.calls()).isZero();
    }

    @Test
    void moreThanSixteenDistinctDocumentsAreSizeBeforeAnyCall() {
        List<EncryptedKeyset> documents = IntStream.range(0, 17)
                .mapToObj(i -> Keysets.wrap(Keysets.create(Accounts.API, KeyType.AES256_GCM), Accounts.keks(a)))
                .toList();
        Refusal.of(SIZE, () -> unwrapper(a).unwrap(Accounts.API, documents));
        assertThat(a.calls()).isZero();
        List<EncryptedKeyset> sixteen = new ArrayList<>(documents.subList(0, 16));
        sixteen.addAll(documents.subList(0, 16));
        sixteen.add(Keysets.wrap(Keysets.create(Accounts.WEB, KeyType.AES256_GCM), Accounts.keks(a)));
        assertThat(unwrapper(a).unwrap(Accounts.API, sixteen)).hasSize(16);
        assertThat(a.calls()).isEqualTo(16);
    }

    // Next recipient

    @Test
    void nextRecipientIsAskedInTheSameRound() {
        for (FakeKms.Answer answer :
                List.of(FakeKms.DOWN, FakeKms.THROTTLES, FakeKms.DENIES, FakeKms.LACKS_CREDENTIALS, FakeKms.EMPTY)) {
            a.answers(answer);
            b.answers(FakeKms.WORKS);
            assertThat(unwrapper(a, b).unwrap(Accounts.API, List.of(document))).hasSize(1);
            assertThat(a.calls()).isEqualTo(1);
            assertThat(b.calls()).isEqualTo(1);
        }
        assertThat(pauses).as("no pause inside a round").isEmpty();
        assertThat(heard).contains("CONFIGURATION fake-kms://a", "KMS_DENIED fake-kms://a", "unwrapped fake-kms://b");
    }

    @Test
    void tamperingIsFinalAndTheNextRecipientIsNotAsked() {
        EncryptedKeyset altered = altered(document);
        Refusal.of(AUTHENTICATION, () -> unwrapper(a, b).unwrap(Accounts.API, List.of(altered)));
        assertThat(a.calls()).isEqualTo(1);
        assertThat(b.calls()).isZero();
        assertThat(pauses).isEmpty();
    }

    @Test
    void answerThatIsNoKeysetIsPolicyAndFinal() {
        a.answers(FakeKms.GARBAGE);
        refused(KEYSET_POLICY, a, b);
        assertThat(b.calls()).isZero();
    }

    // Rounds

    @Test
    void transientFailuresAreRetriedAfterAPause() {
        a.answers(FakeKms.DOWN, FakeKms.THROTTLES, FakeKms.EMPTY, FakeKms.WORKS);
        assertThat(unwrapper(a).unwrap(Accounts.API, List.of(document))).hasSize(1);
        assertThat(a.calls()).isEqualTo(4);
        assertThat(pauses).hasSize(3);
        assertThat(heard)
                .containsExactly(
                        "KMS_UNAVAILABLE fake-kms://a",
                        "KMS_THROTTLED fake-kms://a",
                        "KMS_UNAVAILABLE fake-kms://a",
                        "unwrapped fake-kms://a");
    }

    @Test
    void denialFailsAtOnce() {
        a.answers(FakeKms.DENIES);
        PodsealException.Kms refusal = (PodsealException.Kms) refused(KMS_DENIED, a);
        assertThat(refusal.retryable()).isFalse();
        assertThat(refusal.detail()).contains("KEK fake-kms://a").doesNotContain("gave up");
        assertThat(a.calls()).isEqualTo(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void onlyTransientRecipientsAreInTheNextRound() {
        a.answers(FakeKms.DENIES);
        b.answers(FakeKms.DOWN, FakeKms.DOWN, FakeKms.WORKS);
        assertThat(unwrapper(a, b).unwrap(Accounts.API, List.of(document))).hasSize(1);
        assertThat(a.calls()).isEqualTo(1);
        assertThat(b.calls()).isEqualTo(3);
    }

    @Test
    void noneLeftTransientFailsWithTheMostPreferredOnesCode() {
        a.answers(FakeKms.DENIES);
        b.answers(FakeKms.DOWN, FakeKms.LACKS_CREDENTIALS);
        PodsealException refusal = refused(KMS_DENIED, a, b);
        assertThat(refusal.detail()).contains("KEK fake-kms://a", "CONFIGURATION: KEK fake-kms://b");
        assertThat(b.calls()).isEqualTo(2);

        heard.clear();
        a.answers(FakeKms.LACKS_CREDENTIALS);
        b.answers(FakeKms.DENIES);
        refused(CONFIGURATION, a, b);
        assertThat(heard).containsExactly("CONFIGURATION fake-kms://a", "KMS_DENIED fake-kms://b");
    }

    @Test
    void kmsThatStaysDownFailsWithinTheDeadline() {
        a.answers(FakeKms.DOWN);
        long start = now;
        PodsealException.Kms refusal = (PodsealException.Kms) refused(KMS_UNAVAILABLE, a);
        assertThat(refusal.retryable()).isTrue();
        assertThat(refusal.detail())
                .contains("KEK fake-kms://a", "30 s", "podseal.kms.deadline", a.calls() + " rounds");
        assertThat(now - start).isLessThan(DEADLINE.toNanos());
        assertThat(a.calls()).isEqualTo(pauses.size() + 1);
    }

    @Test
    void pausesAreFullJitterUnderAGrowingBound() {
        a.answers(FakeKms.THROTTLES);
        Set<Long> distinct = new HashSet<>();
        long longest = 0;
        for (int run = 0; run < 20; run++) {
            pauses.clear();
            refused(KMS_THROTTLED, a);
            for (int round = 0; round < pauses.size(); round++) {
                long bound = Math.min(5_000_000_000L, 200_000_000L << Math.min(round, 10));
                assertThat(pauses.get(round)).isBetween(0L, bound);
                longest = Math.max(longest, pauses.get(round));
            }
            distinct.addAll(pauses);
        }
        assertThat(distinct).hasSizeGreaterThan(50);
        assertThat(longest).as("the bound grows").isGreaterThan(200_000_000L);
    }

    @Test
    void allDocumentsShareOneDeadline() {
        List<EncryptedKeyset> documents = new ArrayList<>(List.of(document));
        for (int i = 0; i < 3; i++) {
            documents.add(Keysets.wrap(Keysets.create(Accounts.API, KeyType.AES256_GCM), Accounts.keks(a)));
        }
        FakeKms.Answer[] script = new FakeKms.Answer[200];
        Arrays.fill(script, FakeKms.DOWN);
        for (int document = 0; document < 3; document++) {
            script[5 * (document + 1)] = FakeKms.WORKS;
        }
        a.answers(script);
        long start = now;
        Refusal.of(KMS_UNAVAILABLE, () -> unwrapper(a).unwrap(Accounts.API, documents));
        assertThat(now - start).isLessThan(DEADLINE.toNanos());
    }

    @Test
    void noCallIsStartedAfterTheDeadline() {
        EncryptedKeyset second = Keysets.wrap(Keysets.add(keyset), Accounts.keks(a));
        a.answers((kek, wrapped, associatedData) -> {
            now += DEADLINE.toNanos();
            return kek.decrypt(wrapped, associatedData);
        });
        PodsealException refusal =
                Refusal.of(KMS_UNAVAILABLE, () -> unwrapper(a).unwrap(Accounts.API, List.of(document, second)));
        assertThat(a.calls()).isEqualTo(1);
        assertThat(refusal.detail()).contains("not asked, since no time was left", "podseal.kms.deadline");
    }

    @Test
    void interruptedPauseStopsAskingAndTheCallerStaysInterrupted() {
        a.answers(FakeKms.DOWN);
        KeysetUnwrapper unwrapper =
                new KeysetUnwrapper(Accounts.keks(a), Set.of(), DEADLINE, listener, () -> now, nanos -> {
                    throw new InterruptedException();
                });
        try {
            PodsealException refusal =
                    Refusal.of(KMS_UNAVAILABLE, () -> unwrapper.unwrap(Accounts.API, List.of(document)));
            assertThat(refusal.detail()).contains("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(a.calls()).isEqualTo(1);
    }

    // Wiping

    @Test
    void keysetInTheClearIsWipedWhetherItIsTrustedOrNot() {
        List<byte[]> answers = new ArrayList<>();
        a.answers((kek, wrapped, associatedData) -> {
            answers.add(kek.decrypt(wrapped, associatedData));
            return answers.get(0);
        });
        b.answers((kek, wrapped, associatedData) -> {
            answers.add(new byte[] {1, 2, 3, 4, 5});
            return answers.get(1);
        });
        unwrapper(a).unwrap(Accounts.API, List.of(document));
        refused(KEYSET_POLICY, b);
        assertThat(answers)
                .hasSize(2)
                .allSatisfy(answer -> assertThat(answer).isNotEmpty().containsOnly(0));
    }

    // Hanging

    @Test
    void recipientThatHangsGivesWayToTheNext() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CallThreads hanging = new CallThreads();
        a.answers(hanging.before(FakeKms.slow(never)));
        // The deadline's beginning, then a share of 1 ms for the first recipient, then all of the rest for the second.
        long[] times = {0, DEADLINE.toNanos() - 2_000_000, 0};
        int[] reads = {0};
        LongSupplier clock = () -> times[Math.min(reads[0]++, times.length - 1)];
        assertThat(unwrapper(clock, a, b).unwrap(Accounts.API, List.of(document)))
                .hasSize(1);
        assertThat(heard).containsExactly("KMS_UNAVAILABLE fake-kms://a", "unwrapped fake-kms://b");
        hanging.join(); // it was interrupted, so it ends
    }

    @Test
    void everyCallHasANamedDaemonThreadOfItsOwnThatEnds() throws InterruptedException {
        CallThreads asking = new CallThreads();
        FakeKms.Answer down = asking.before(FakeKms.DOWN);
        a.answers(down, down, asking.before(FakeKms.WORKS));
        unwrapper(a).unwrap(Accounts.API, List.of(document));
        assertThat(asking.list()).hasSize(3).doesNotHaveDuplicates().doesNotContain(Thread.currentThread());
        for (Thread thread : asking.list()) {
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).isEqualTo("podseal-kms");
        }
        asking.join();
    }

    @Test
    void interruptedCallerStopsAskingAndStaysInterrupted() {
        Thread caller = Thread.currentThread();
        CountDownLatch never = new CountDownLatch(1);
        a.answers((kek, wrapped, associatedData) -> {
            caller.interrupt();
            return FakeKms.slow(never).decrypt(kek, wrapped, associatedData);
        });
        try {
            PodsealException refusal = refused(KMS_UNAVAILABLE, a, b);
            assertThat(refusal.detail()).contains("interrupted");
            assertThat(b.calls()).isZero();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void keysetThatComesAfterTheCallerWasInterruptedIsWiped() throws InterruptedException {
        Thread caller = Thread.currentThread();
        CountDownLatch gaveUp = new CountDownLatch(1);
        AtomicReference<byte[]> late = new AtomicReference<>();
        CallThreads asking = new CallThreads();
        a.answers(asking.before((kek, wrapped, associatedData) -> {
            late.set(kek.decrypt(wrapped, associatedData));
            caller.interrupt();
            boolean deaf = true;
            while (deaf) {
                try {
                    gaveUp.await();
                    deaf = false;
                } catch (InterruptedException e) {
                    // it answers all the same
                }
            }
            return late.get();
        }));
        try {
            refused(KMS_UNAVAILABLE, a);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        gaveUp.countDown();
        asking.join();
        assertThat(late.get()).isNotEmpty().containsOnly(0);
    }

    /** The document with one character of every wrapped keyset changed. */
    private static EncryptedKeyset altered(EncryptedKeyset document) {
        String json = new String(document.toJson(), UTF_8);
        // an A becomes a B, anything else an A: a fixed letter could be the one that stands there
        String changed = json.replaceAll("(\"encryptedKeyset\":\"[^\"]{40})A", "$1#")
                .replaceAll("(\"encryptedKeyset\":\"[^\"]{40})[^\"#]", "$1A")
                .replace('#', 'B');
        assertThat(changed).isNotEqualTo(json);
        return EncryptedKeyset.parse(changed.getBytes(UTF_8));
    }
}
