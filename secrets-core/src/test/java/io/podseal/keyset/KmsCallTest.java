// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.testkit.FakeKms;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A KMS that hangs, or answers when nobody waits any more. */
@Timeout(300)
final class KmsCallTest {
    private static final long LONG = Duration.ofMinutes(5).toNanos();

    private final TrustedKeyset keyset = Keysets.create(Accounts.API, KeyType.AES256_GCM);

    /** A KMS of every KEK of the scheme {@code hanging}, which does so before it gives an AEAD. */
    private record HangingKms(Supplier<Aead> aead) implements KmsClient {
        @Override
        public boolean doesSupport(String keyUri) {
            return keyUri.startsWith("hanging:");
        }

        @Override
        public KmsClient withCredentials(String credentialPath) {
            return this;
        }

        @Override
        public KmsClient withDefaultCredentials() {
            return this;
        }

        @Override
        public Aead getAead(String keyUri) {
            return aead.get();
        }
    }

    private static Aead hang() {
        try {
            new CountDownLatch(1).await();
            throw new IllegalStateException("nobody counts down");
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void awaitDeaf(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // a module in native code does not hear it either
            }
        }
    }

    @Test
    void wrappingGivesUpAtItsDeadlineAndNamesTheKek() {
        FakeKms works = new FakeKms("fake-kms://works");
        Keks keks = Keks.builder()
                .kek("hanging:kek")
                .kek(works.uri())
                .client(works)
                .client(new HangingKms(KmsCallTest::hang))
                .build();
        assertThat(Refusal.of(KMS_UNAVAILABLE, () -> Keysets.wrap(keyset, keks, Duration.ofMillis(1)))
                        .detail())
                .startsWith("KEK hanging:kek: ");
        assertThat(Refusal.of(KMS_UNAVAILABLE, () -> Keysets.wrap(keyset, keks, Duration.ZERO))
                        .detail())
                .startsWith("KEK hanging:kek: not asked");
    }

    @Test
    void interruptedWrappingStopsAndStaysInterrupted() {
        Thread caller = Thread.currentThread();
        Keks keks = Keks.builder()
                .kek("hanging:kek")
                .client(new HangingKms(() -> {
                    caller.interrupt();
                    return hang();
                }))
                .build();
        try {
            PodsealException refusal = Refusal.of(KMS_UNAVAILABLE, () -> Keysets.wrap(keyset, keks));
            assertThat(refusal.detail()).startsWith("KEK hanging:kek: interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void answerAfterTheCallerWasInterruptedIsWiped() throws Exception {
        Thread caller = Thread.currentThread();
        byte[] answer = {1, 2, 3};
        CountDownLatch goneAway = new CountDownLatch(1);
        CompletableFuture<byte[]> wiped = new CompletableFuture<>();
        try {
            Refusal.of(
                    KMS_UNAVAILABLE,
                    () -> KmsCall.ask(
                            "fake-kms://a",
                            LONG,
                            () -> {
                                caller.interrupt();
                                awaitDeaf(goneAway);
                                return answer;
                            },
                            wiped::complete));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        goneAway.countDown();
        assertThat(wiped.get()).isSameAs(answer);
    }

    @Test
    void answerAfterTheDeadlineIsWiped() throws Exception {
        byte[] answer = {1, 2, 3};
        CountDownLatch goneAway = new CountDownLatch(1);
        CompletableFuture<byte[]> wiped = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        for (long nanos = 1; asked.getCount() > 0; nanos *= 2) { // until the call began before its time was over
            long share = nanos;
            Refusal.of(
                    KMS_UNAVAILABLE,
                    () -> KmsCall.ask(
                            "fake-kms://a",
                            share,
                            () -> {
                                asked.countDown();
                                awaitDeaf(goneAway);
                                return answer;
                            },
                            wiped::complete));
        }
        goneAway.countDown();
        assertThat(wiped.get()).isSameAs(answer);
    }

    @Test
    void wrappingRunsOnAKeyThread() {
        FakeKms kms = new FakeKms("hanging:not");
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Keks keks = Keks.builder()
                .kek(kms.uri())
                .client(new HangingKms(() -> {
                    thread.complete(Thread.currentThread());
                    return kms.kek();
                }))
                .build();
        assertThat(Keysets.wrap(keyset, keks).keks()).containsExactly(kms.uri());
        assertThat(thread.join().getName()).isEqualTo("podseal-kms");
        assertThat(thread.join()).isNotSameAs(Thread.currentThread());
    }
}
