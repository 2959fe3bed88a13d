// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static io.podseal.ErrorCode.SOURCE_MISSING;
import static io.podseal.ErrorCode.SOURCE_UNAVAILABLE;
import static io.podseal.ErrorCode.UNKNOWN_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.LocalKms;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.FakeKms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running store does with a change, and how often it asks the KMS. The clock stands still unless it is moved. */
final class RefreshTest {
    private static final Duration MIN_INTERVAL = RefreshPolicy.DEFAULT.minInterval();

    private final Workload workload = new Workload();
    private final MemorySource source = workload.source().put("a", workload.token("a", "1"));
    private SecretStore store;

    private SecretStore open() {
        return open(workload.store(source));
    }

    private SecretStore open(SecretStoreBuilder builder) {
        store = builder.open();
        workload.kms.answers(FakeKms.WORKS); // counts from here
        return store;
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }

    private void pass(Duration time) {
        workload.nanos.addAndGet(time.toNanos());
    }

    private void refusedWith(ErrorCode code) {
        assertThat(store.refresh()).isFalse();
        assertThat(problem().code()).as(problem().getMessage()).isEqualTo(code);
    }

    private PodsealException problem() {
        PodsealException problem = store.status().problem();
        assertThat(problem).isNotNull();
        return problem;
    }

    private void confirmedWith(String value) {
        assertThat(store.refresh()).isTrue();
        assertThat(store.status().problem()).isNull();
        assertThat(Workload.text(store, "a")).isEqualTo(value);
    }

    private String stranger(String key) {
        return Keysets.create(Workload.API, KeyType.AES256_GCM)
                .sealer()
                .seal(Scope.item(Workload.API, Workload.SECRET, key), new byte[1])
                .token();
    }

    @Test
    void changeIsSwappedInAndTheOldGenerationStaysReadableForWhoHoldsIt() {
        open();
        Generation before = store.current();
        source.put("a", workload.token("a", "2"));
        confirmedWith("2");
        assertThat(store.current().number()).isEqualTo(2);
        assertThat(Workload.text(before, "a")).isEqualTo("1");
        assertThat(workload.kms.calls()).isEqualTo(1);
    }

    @Test
    void unchangedInputCostsNothing() {
        open();
        Generation before = store.current();
        for (int i = 0; i < 5; i++) {
            pass(Duration.ofMinutes(1));
            confirmedWith("1");
        }
        assertThat(store.current()).isSameAs(before);
        assertThat(workload.kms.calls()).isZero();
    }

    @Test
    void sameItemsInAnotherOrderAreNoChange() {
        source.put("b", workload.token("b", "2"))
                .put("other.keyset.json", workload.document(Keysets.create(Workload.API, KeyType.AES256_GCM)));
        open();
        source.reversed();
        confirmedWith("1");
        assertThat(store.current().number()).isEqualTo(1);
        assertThat(workload.kms.calls()).isZero();
    }

    @Test
    void firstGenerationIsNumberOneWithoutAValueToo() {
        source.remove("a");
        open();
        assertThat(store.current().number()).isEqualTo(1);
        source.put("a", workload.token("a", "1"));
        confirmedWith("1");
        assertThat(store.current().number()).isEqualTo(2);
    }

    @Test
    void storeWhoseSourcesNeverChangeIsConfirmedWithoutReadingThemAgain() {
        source.notLive();
        open();
        confirmedWith("1");
        assertThat(store.current().number()).isEqualTo(1);
        assertThat(source.readings).as("readings").hasValue(1);
    }

    @Test
    void keysetSourceThatCannotBeReadIsToldThoughNoValueNeedsIt() {
        MemorySource other = new MemorySource(null)
                .put("other.keyset.json", workload.document(Keysets.create(Workload.API, KeyType.AES256_GCM)));
        open(workload.store(source).keysets(workload.source()).keysets(other));
        confirmedWith("1");
        other.fails(SOURCE_UNAVAILABLE.because("I/O error"));
        refusedWith(SOURCE_UNAVAILABLE);
        other.fails(null);
        confirmedWith("1");
        assertThat(store.current().number()).isEqualTo(1);
    }

    @Test
    void oneBadValueRefusesTheWholeChange() {
        open();
        Generation before = store.current();
        source.put("a", workload.token("a", "2")).put("b", "hunter2");
        refusedWith(FORMAT);
        assertThat(store.current()).isSameAs(before);
        assertThat(workload.kms.calls()).isZero();
        source.remove("b");
        confirmedWith("2");
    }

    @Test
    void goingBackToWhatIsOpenNeedsNoKms() {
        open();
        byte[] original = source.read().get(0).content();
        source.put("a", "hunter2");
        refusedWith(FORMAT);
        source.put("a", original);
        confirmedWith("1");
        assertThat(workload.kms.calls()).isZero();
    }

    @Test
    void firstChangeAfterTheStartRunsAtOnceAndTheNextWaits() {
        open();
        source.put("a", workload.token("a", "2"));
        confirmedWith("2");
        source.put("a", workload.token("a", "3"));
        assertThat(store.refresh()).as("within the interval").isFalse();
        pass(MIN_INTERVAL.minusNanos(1));
        assertThat(store.refresh()).as("one nanosecond early").isFalse();
        assertThat(store.status().problem()).as("waiting is no problem").isNull();
        assertThat(Workload.text(store, "a")).isEqualTo("2");
        assertThat(workload.kms.calls()).isEqualTo(1);
        pass(Duration.ofNanos(1));
        confirmedWith("3");
        assertThat(workload.kms.calls()).isEqualTo(2);
        pass(MIN_INTERVAL);
        source.put("a", workload.token("a", "4"));
        confirmedWith("4");
    }

    @Test
    void secretRewrittenEverySecondCostsOneRoundInEachInterval() {
        open();
        int seconds = 60;
        for (int i = 0; i < seconds; i++) {
            source.put("a", workload.token("a", "v" + i));
            store.refresh();
            pass(Duration.ofSeconds(1));
        }
        assertThat(workload.kms.calls()).isEqualTo((int) (seconds / MIN_INTERVAL.toSeconds()));
    }

    @Test
    void failedRoundsCountToo() {
        open();
        workload.kms.answers(FakeKms.DENIES);
        for (int i = 0; i < 60; i++) {
            source.put("a", workload.token("a", "v" + i));
            store.refresh();
            pass(Duration.ofSeconds(1));
        }
        assertThat(workload.kms.calls()).isEqualTo(6);
        assertThat(Workload.text(store, "a")).isEqualTo("1");
    }

    @Test
    void unknownKeyIdAloneNeverCausesARound() {
        open();
        for (int i = 0; i < 10; i++) {
            source.put("a", stranger("a"));
            refusedWith(UNKNOWN_KEY);
            pass(MIN_INTERVAL);
        }
        assertThat(problem().detail()).contains("item 'a' of memory", "payments/api");
        assertThat(workload.kms.calls()).isZero();
    }

    @Test
    void idOfADisabledKeyAloneNeverCausesARound() {
        TrustedKeyset two = Keysets.add(workload.keyset);
        long old = two.keys().get(0).id();
        String retired = workload.token("a", "2");
        TrustedKeyset rotated =
                Keysets.disable(Keysets.promote(two, two.keys().get(1).id()), old);
        workload.keyset = rotated;
        source.put(Workload.DOCUMENT, workload.document()).put("a", workload.token("a", "1"));
        open();
        source.put("a", retired);
        refusedWith(UNKNOWN_KEY);
        assertThat(problem().detail()).contains("disabled");
        assertThat(workload.kms.calls()).isZero();
    }

    @Test
    void valueBeforeItsKeysetWaitsForItAndTheOldOneStays() {
        open();
        workload.keyset = Keysets.create(Workload.API, KeyType.AES256_GCM);
        source.put("a", workload.token("a", "2"));
        refusedWith(UNKNOWN_KEY);
        refusedWith(UNKNOWN_KEY);
        assertThat(Workload.text(store, "a")).isEqualTo("1");
        assertThat(workload.kms.calls()).isZero();
        source.put("next.keyset.json", workload.document());
        confirmedWith("2");
        assertThat(workload.kms.calls()).as("both documents, once").isEqualTo(2);
    }

    @Test
    void keysetBeforeItsValueIsTakenAndThenTheValue() {
        open();
        workload.keyset = Keysets.create(Workload.API, KeyType.AES256_GCM);
        source.put("next.keyset.json", workload.document());
        confirmedWith("1");
        assertThat(workload.kms.calls()).isEqualTo(2);
        pass(MIN_INTERVAL);
        source.put("a", workload.token("a", "2"));
        confirmedWith("2");
        assertThat(workload.kms.calls()).isEqualTo(4);
    }

    @Test
    void retainedKeysetNeedsNoKmsUntilADocumentChanges() {
        open(workload.store(source).retainKeyset(true));
        for (int i = 0; i < 5; i++) {
            source.put("a", workload.token("a", "v" + i));
            confirmedWith("v" + i);
        }
        assertThat(workload.kms.calls()).isZero();
        source.put("copy.keyset.json", workload.document());
        confirmedWith("v4");
        assertThat(workload.kms.calls()).isEqualTo(2);
    }

    @Test
    void refusedInputIsNotOpenedAgain() {
        open();
        String authentic = workload.token("a", "2");
        char last = authentic.charAt(authentic.length() - 5);
        source.put(
                "a",
                authentic.substring(0, authentic.length() - 5)
                        + (last == 'A' ? 'B' : 'A')
                        + authentic.substring(authentic.length() - 4));
        for (int i = 0; i < 5; i++) {
            refusedWith(AUTHENTICATION);
            pass(MIN_INTERVAL);
        }
        assertThat(workload.kms.calls()).isEqualTo(1);
        source.put("a", authentic);
        confirmedWith("2");
    }

    @Test
    void valuesStayWhileTheKmsIsDownAndTheChangeComesAfterwards() {
        open(workload.store(source).kmsDeadline(Duration.ofMillis(50)));
        workload.kms.answers(FakeKms.DOWN);
        source.put("a", workload.token("a", "2"));
        refusedWith(KMS_UNAVAILABLE);
        assertThat(Workload.text(store, "a")).isEqualTo("1");
        assertThat(store.status().servedBy()).as("the current generation's").containsExactly(workload.kms.uri());
        workload.kms.answers(FakeKms.WORKS);
        refusedWith(KMS_UNAVAILABLE);
        pass(MIN_INTERVAL);
        confirmedWith("2");
    }

    @Test
    void denialAndLackOfCredentialsAreOvercomeOnceTheyAreMended() {
        open();
        source.put("a", workload.token("a", "2"));
        workload.kms.answers(FakeKms.DENIES);
        refusedWith(KMS_DENIED);
        pass(MIN_INTERVAL);
        workload.kms.answers(FakeKms.LACKS_CREDENTIALS);
        refusedWith(CONFIGURATION);
        pass(MIN_INTERVAL);
        workload.kms.answers(FakeKms.WORKS);
        confirmedWith("2");
    }

    @Test
    void nameCheckCanRefuseAChangeAndLaterLetItPass() {
        AtomicBoolean strict = new AtomicBoolean();
        open(workload.store(source).nameCheck(names -> {
            if (strict.get()) {
                throw CONFIGURATION.because("reserved");
            }
        }));
        strict.set(true);
        source.put("a", workload.token("a", "2"));
        refusedWith(CONFIGURATION);
        assertThat(workload.kms.calls()).isZero();
        strict.set(false);
        confirmedWith("2");
    }

    @Test
    void valueCheckHasAVetoThatIsAskedOnceForEachInput() {
        List<SecretValue> checked = new ArrayList<>();
        open(workload.store(source).valueCheck((name, value) -> {
            checked.add(value);
            if (value.revealString().contains("#{")) {
                throw CONFIGURATION.because("an expression");
            }
        }));
        source.put("a", workload.token("a", "#{1 + 1}")).put("b", workload.token("b", "harmless"));
        for (int i = 0; i < 5; i++) {
            refusedWith(CONFIGURATION);
            pass(MIN_INTERVAL);
        }
        assertThat(problem().detail()).contains("item 'a' of memory").doesNotContain("item 'b'", "1 + 1");
        assertThat(workload.kms.calls()).isEqualTo(1);
        assertThat(checked)
                .as("a, then a and b, and both closed")
                .hasSize(3)
                .allSatisfy(value -> assertThatThrownBy(value::revealBytes).isInstanceOf(IllegalStateException.class));
        source.put("a", workload.token("a", "2"));
        confirmedWith("2");
    }

    @Test
    void defectOfACarrierOrNameCheckIsAProblemAndNotTheEnd() {
        AtomicBoolean broken = new AtomicBoolean();
        open(workload.store(source).nameCheck(names -> {
            if (broken.get()) {
                throw new IllegalStateException("hunter2");
            }
        }));
        source.fails(new IllegalStateException("hunter2"));
        refusedWith(SOURCE_UNAVAILABLE);
        assertThat(problem().getMessage())
                .contains("memory", "IllegalStateException")
                .doesNotContain("hunter2");
        source.fails(null);
        broken.set(true);
        source.put("a", workload.token("a", "2"));
        refusedWith(SOURCE_UNAVAILABLE);
        broken.set(false);
        confirmedWith("2");
    }

    @Test
    void keysetThatGoesAwayRefusesTheChangeAndWithdrawsNothing() {
        open(workload.store(source).refresh(policy(RefreshPolicy.OnDelete.FAIL)));
        source.remove(Workload.DOCUMENT);
        refusedWith(SOURCE_MISSING);
        assertThat(Workload.text(store, "a")).isEqualTo("1");
    }

    private static RefreshPolicy policy(RefreshPolicy.OnDelete onDelete) {
        RefreshPolicy defaults = RefreshPolicy.DEFAULT;
        return new RefreshPolicy(
                true, defaults.pollInterval(), defaults.minInterval(), defaults.maxStaleness(), onDelete);
    }

    @Test
    void optionalSourceThatAppearsLaterIsOpenedThen() {
        source.fails(SOURCE_MISSING.because("not yet"));
        store = workload.store(source)
                .refresh(policy(RefreshPolicy.OnDelete.FAIL))
                .openIfPresent()
                .orElseThrow();
        assertThat(store.current().number()).isZero();
        pass(Duration.ofHours(1));
        assertThat(store.refresh()).as("absence is what was allowed").isTrue();
        assertThat(store.status().problem()).isNull();
        source.fails(SOURCE_UNAVAILABLE.because("cut off"));
        refusedWith(SOURCE_UNAVAILABLE);
        source.fails(null);
        confirmedWith("1");
        assertThat(store.current().number()).isEqualTo(1);
        source.fails(SOURCE_MISSING.because("deleted"));
        refusedWith(SOURCE_MISSING);
        assertThatThrownBy(store::current)
                .as("once it was there, deletion counts")
                .isInstanceOf(PodsealException.class);
    }

    @Test
    void optionalSourceThatAppearsWithWhatTheKmsRefusesAsksItOnceInAnInterval() {
        source.fails(SOURCE_MISSING.because("not yet"));
        store = workload.store(source).openIfPresent().orElseThrow();
        source.fails(null);
        workload.kms.answers(FakeKms.DENIES);
        refusedWith(KMS_DENIED);
        source.put("b", workload.token("b", "2"));
        store.refresh();
        assertThat(workload.kms.calls()).isEqualTo(1);
        pass(MIN_INTERVAL);
        refusedWith(KMS_DENIED);
        assertThat(workload.kms.calls()).isEqualTo(2);
    }

    @Test
    void optionalSourceThatIsNotConfiguredIsNotEvenRead() {
        SecretSource nowhere = new SecretSource() {
            @Override
            public List<SourceItem> read() {
                throw SOURCE_UNAVAILABLE.because("no API server is configured");
            }

            @Override
            public boolean isLive() {
                return true;
            }

            @Override
            public boolean isConfigured() {
                return false;
            }
        };
        assertThat(workload.store(nowhere).openIfPresent()).isEmpty();
        Refusal.of(SOURCE_UNAVAILABLE, () -> workload.store(nowhere).open());
    }

    @Test
    void onlyAnOptionalSourceIsToldNotToWait() {
        SecretSource waiting = new SecretSource() {
            @Override
            public List<SourceItem> read() {
                throw SOURCE_MISSING.because("waited");
            }

            @Override
            public List<SourceItem> readWithoutWaiting() {
                throw SOURCE_MISSING.because("did not wait");
            }
        };
        assertThatThrownBy(() -> workload.store(waiting).open()).hasMessageContaining("waited");
        assertThat(workload.store(waiting).openIfPresent()).isEmpty();
        SecretSource documents = new SecretSource() {
            @Override
            public List<SourceItem> read() {
                throw SOURCE_MISSING.because("waited");
            }
        };
        assertThatThrownBy(() -> workload.store(source).keysets(documents).openIfPresent())
                .as("absence of keysets is never forgiven")
                .hasMessageContaining("waited");
    }

    @Test
    void sourcesAreClosedWithTheStoreOrTheStartThatFails() {
        MemorySource documents = new MemorySource(null).put(Workload.DOCUMENT, "{}");
        Refusal.of(
                ErrorCode.FORMAT,
                () -> workload.store(source).keysets(documents).open());
        assertThat(source.closings).hasValue(1);
        assertThat(documents.closings).hasValue(1);
        open();
        assertThat(source.closings).hasValue(1);
        store.close();
        assertThat(source.closings).hasValue(2);
    }

    @Test
    void deletionKeepsTheLastGoodValuesByDefault() {
        open();
        source.fails(SOURCE_MISSING.because("deleted"));
        refusedWith(SOURCE_MISSING);
        assertThat(Workload.text(store, "a")).isEqualTo("1");
        source.fails(null);
        confirmedWith("1");
    }

    @Test
    void deletionFailsReadsWhereAskedUntilTheSourceIsBack() {
        open(workload.store(source).refresh(policy(RefreshPolicy.OnDelete.FAIL)));
        source.fails(SOURCE_MISSING.because("deleted"));
        refusedWith(SOURCE_MISSING);
        withdrawn();
        source.fails(SOURCE_UNAVAILABLE.because("I/O error"));
        refusedWith(SOURCE_UNAVAILABLE);
        withdrawn();
        source.fails(null);
        source.put("b", "hunter2");
        refusedWith(FORMAT);
        withdrawn();
        source.remove("b");
        confirmedWith("1");
        assertThat(workload.kms.calls()).isZero();
    }

    private void withdrawn() {
        assertThat(Refusal.of(SOURCE_MISSING, store::current).detail()).isEqualTo("deleted");
    }

    @Test
    void otherFailureThanDeletionNeverWithdraws() {
        open(workload.store(source).refresh(policy(RefreshPolicy.OnDelete.FAIL)));
        source.fails(SOURCE_UNAVAILABLE.because("I/O error"));
        refusedWith(SOURCE_UNAVAILABLE);
        assertThat(Workload.text(store, "a")).isEqualTo("1");
    }

    @Test
    void storeThatCannotBeConfirmedForLongerThanAllowedIsStaleAndRecovers() {
        open();
        Duration allowed = RefreshPolicy.DEFAULT.maxStaleness();
        source.fails(SOURCE_UNAVAILABLE.because("I/O error"));
        pass(allowed);
        refusedWith(SOURCE_UNAVAILABLE);
        assertThat(store.status().sinceConfirmed()).isEqualTo(allowed);
        pass(Duration.ofNanos(1));
        assertThat(problem().code()).isEqualTo(ErrorCode.STALE);
        assertThat(problem().detail()).contains("600 s", "I/O error");
        assertThat(Workload.text(store, "a")).isEqualTo("1");
        source.fails(null);
        confirmedWith("1");
        assertThat(store.status().sinceConfirmed()).isZero();
    }

    @Test
    void refusedOrWaitingChangeDoesNotConfirmWhatIsOpen() {
        open();
        source.put("b", "hunter2");
        refusedWith(FORMAT);
        pass(Duration.ofSeconds(5));
        refusedWith(FORMAT);
        assertThat(store.status().sinceConfirmed()).isEqualTo(Duration.ofSeconds(5));
        source.remove("b").put("a", workload.token("a", "2"));
        confirmedWith("2");
        source.put("a", workload.token("a", "3"));
        pass(Duration.ofSeconds(5));
        assertThat(store.refresh()).isFalse();
        assertThat(store.status().sinceConfirmed()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void staticSourceIsNeverStale() {
        source.notLive();
        open();
        pass(Duration.ofDays(365));
        assertThat(store.status().problem()).isNull();
        assertThat(store.status().sinceConfirmed()).isZero();
    }

    @Test
    void staticSourceIsReadOnceWhateverItsKeysetDoes() {
        MemorySource documents = new MemorySource(null).put(Workload.DOCUMENT, workload.document());
        open(workload.store(source.notLive()).keysets(documents).exclude(List.of("left-out")));
        int readings = source.readings.get();
        source.put("a", "half of a tok");
        documents.put(Workload.DOCUMENT, workload.document());
        confirmedWith("1");
        assertThat(source.readings).hasValue(readings);
        assertThat(store.current().number()).as("opened anew").isEqualTo(2);
    }

    @Test
    void absentKeysetIsNoChangeWhereThereAreNoValues() {
        MemorySource documents = new MemorySource(null).put(Workload.DOCUMENT, workload.document());
        source.remove("a");
        open(workload.store(source).keysets(documents));
        documents.fails(SOURCE_MISSING.because("no such file"));
        assertThat(store.refresh()).isTrue();
        long number = store.current().number();
        assertThat(store.refresh()).isTrue();
        assertThat(store.current().number()).isEqualTo(number);
    }

    @Test
    void refusalThatIsMendedWithoutTouchingTheSecretIsOvercome(@TempDir Path temp) throws IOException {
        Path kek = temp.resolve("kek.json");
        LocalKms.createKek(kek);
        Keks keks = Keks.builder()
                .kek("local-kms:" + kek)
                .client(LocalKms.allowedInCluster())
                .build();
        source.put(Workload.DOCUMENT, Keysets.wrap(workload.keyset, keks).toJson());
        open(workload.store(source).keks(keks));
        Files.setPosixFilePermissions(kek, PosixFilePermissions.fromString("rw-r--r--"));
        source.put("a", workload.token("a", "2"));
        refusedWith(KEYSET_POLICY);
        Files.setPosixFilePermissions(kek, PosixFilePermissions.fromString("rw-------"));
        pass(MIN_INTERVAL);
        confirmedWith("2");
    }

    @Test
    void storeThatIsNotRefreshedIsNeverStaleButSaysHowOldItIs() {
        open(workload.store(source).refresh(RefreshPolicy.DEFAULT.disabled()));
        pass(Duration.ofDays(365));
        assertThat(store.status().problem()).isNull();
        assertThat(store.status().sinceConfirmed()).isEqualTo(Duration.ofDays(365));
    }

    @Test
    void statusSaysWhatMayBeSaid() {
        source.put("b", workload.token("b", "1"));
        open();
        assertThat(store.status())
                .isEqualTo(new StoreStatus(1, 2, Duration.ZERO, null, null, false, List.of(workload.kms.uri())));
        assertThat(store).hasToString("SecretStore[memory, Generation[1, 2 values]]");
    }

    @Test
    void valuesThatAllGoAwayLeaveAnEmptyGeneration() {
        open();
        source.remove("a");
        assertThat(store.refresh()).isTrue();
        assertThat(store.current().names()).isEmpty();
        source.put("a", workload.token("a", "2"));
        confirmedWith("2");
    }
}
