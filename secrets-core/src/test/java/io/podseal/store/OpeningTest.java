// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.SOURCE_DENIED;
import static io.podseal.ErrorCode.SOURCE_MISSING;
import static io.podseal.ErrorCode.SOURCE_UNAVAILABLE;
import static io.podseal.ErrorCode.UNKNOWN_KEY;
import static io.podseal.ErrorCode.VERSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.CallThreads;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.FakeKms;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first generation: everything opens, or nothing does. */
final class OpeningTest {
    private static final Scope OTHER_SECRET = Scope.item(Workload.API, "other", "password");

    private final OurThreads threads = new OurThreads();
    private final Workload workload = new Workload();
    private final MemorySource source = workload.source();

    private PodsealException refused(ErrorCode code) {
        return Refusal.of(code, () -> workload.store(source).open());
    }

    private void refusedBeforeAnyKey(ErrorCode code, String token) {
        source.put("good", workload.token("good", "1")).put("password", token);
        assertThat(refused(code).detail()).startsWith("item 'password' of memory: ");
        assertThat(workload.kms.calls()).as("KMS calls").isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "HPKE_XWING", mode = EnumSource.Mode.EXCLUDE)
    void valuesOfEveryKeyTypeOpen(KeyType type) {
        Workload typed = new Workload(type);
        MemorySource values = typed.source().put("a", typed.token("a", "1")).put("b", typed.token("b", "2"));
        try (SecretStore store = typed.store(values).open()) {
            assertThat(Workload.text(store, "a")).isEqualTo("1");
            assertThat(Workload.text(store, "b")).isEqualTo("2");
            assertThat(store.current().names()).containsExactlyInAnyOrder("a", "b");
            assertThat(store.current().number()).isEqualTo(1);
            assertThat(Workload.text(store, "c")).isNull();
        }
        assertThat(typed.kms.calls()).as("unwraps of one document").isEqualTo(1);
    }

    @Test
    void swappedItemIsRefused() {
        refusedBeforeAnyKey(CONTEXT_MISMATCH, workload.token("username", "1"));
    }

    @Test
    void itemOfAnotherSecretIsRefused() {
        refusedBeforeAnyKey(CONTEXT_MISMATCH, workload.token(OTHER_SECRET, "1"));
    }

    @Test
    void tokenOfAnotherAccountIsRefusedAndBothAreNamed() {
        TrustedKeyset web = Keysets.create(Workload.WEB, KeyType.AES256_GCM);
        String token = web.sealer()
                .seal(Scope.item(Workload.WEB, Workload.SECRET, "password"), new byte[1])
                .token();
        source.put("password", token);
        assertThat(refused(CONTEXT_MISMATCH).detail()).contains("payments/web", "payments/api");
        assertThat(workload.kms.calls()).isZero();
    }

    @Test
    void plainValueIsRefused() {
        refusedBeforeAnyKey(FORMAT, "hunter2");
    }

    @Test
    void tokenOfAnotherVersionIsRefused() {
        refusedBeforeAnyKey(VERSION, workload.token("password", "1").replace(":v1:", ":v2:"));
    }

    @Test
    void truncatedTokenIsRefused() {
        refusedBeforeAnyKey(SIZE, workload.token("password", "1").substring(0, 48 + 40));
    }

    @Test
    void emptyItemIsRefused() {
        refusedBeforeAnyKey(FORMAT, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void oneTrailingLineEndIsAccepted(String lineEnd) {
        source.put("password", workload.token("password", "1") + lineEnd);
        try (SecretStore store = workload.store(source).open()) {
            assertThat(Workload.text(store, "password")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n\n", "\r\n\r\n", "\n\r\n", "\r", " \n", " "})
    void otherTrailingWhiteSpaceIsRefused(String end) {
        refusedBeforeAnyKey(FORMAT, workload.token("password", "1") + end);
    }

    @Test
    void emptyValueIsAValue() {
        source.put("password", workload.token("password", ""));
        try (SecretStore store = workload.store(source).open()) {
            assertThat(Workload.text(store, "password")).isEmpty();
        }
    }

    @Test
    void accountBoundValueFitsAnyItemOfAnySecret() {
        String token = workload.token(Scope.accountBound(Workload.API), "1");
        for (String secret : new String[] {Workload.SECRET, "other", null}) {
            MemorySource anywhere = new MemorySource(secret)
                    .put(Workload.DOCUMENT, workload.document())
                    .put("a", token)
                    .put("b", token);
            try (SecretStore store = workload.store(anywhere).open()) {
                assertThat(Workload.text(store, "b")).isEqualTo("1");
            }
        }
    }

    @Test
    void accountBoundValueIsRefusedWhereItemBoundIsRequired() {
        source.put("a", workload.token("a", "1")).put("b", workload.token(Scope.accountBound(Workload.API), "1"));
        assertThat(Refusal.of(
                                CONTEXT_MISMATCH,
                                () -> workload.store(source)
                                        .requireItemBound(true)
                                        .open())
                        .detail())
                .contains("item 'b'", "podseal.require-item-bound");
        assertThat(workload.kms.calls()).isZero();
        source.remove("b");
        workload.store(source).requireItemBound(true).open().close();
    }

    @Test
    void itemBoundValueIsRefusedWhereTheSecretIsUnknown() {
        MemorySource anonymous = new MemorySource(null)
                .put(Workload.DOCUMENT, workload.document())
                .put("password", workload.token("password", "1"));
        assertThat(Refusal.of(CONTEXT_MISMATCH, () -> workload.store(anonymous).open())
                        .detail())
                .contains("secret=");
    }

    @Test
    void secretCalledInlineIsRefused() {
        MemorySource inline = new MemorySource("inline").put("a", workload.token(Scope.inline(Workload.API, "a"), "1"));
        assertThat(Refusal.of(CONFIGURATION, () -> workload.store(inline).open())
                        .detail())
                .contains("'inline'");
    }

    @Test
    void everyRefusalIsNamedAndTheLowestItemGivesTheCode() {
        source.put("b", workload.token("a", "1"))
                .put("a", "hunter2")
                .put("c", workload.token("c", "1").replace(":v1:", ":v9:"));
        assertThat(refused(FORMAT).detail())
                .containsSubsequence(
                        "item 'a' of memory: ",
                        " | CONTEXT_MISMATCH: item 'b' of memory: ",
                        " | VERSION: item 'c' of memory: ")
                .doesNotContain("more");
        source.put("A", workload.token("b", "1"));
        refused(CONTEXT_MISMATCH);
    }

    @Test
    void tenRefusalsAreNamedAndTheOthersCounted() {
        for (int i = 10; i < 35; i++) {
            source.put("item" + i, "hunter2");
        }
        assertThat(refused(FORMAT).detail())
                .contains("item 'item10'", "item 'item19'", "and 15 more")
                .doesNotContain("item 'item20'");
    }

    @Test
    void elevenRefusalsAreTenAndOneMoreAndTenAreJustThose() {
        for (int i = 10; i < 20; i++) {
            source.put("item" + i, "hunter2");
        }
        assertThat(refused(FORMAT).detail()).contains("item 'item19'").doesNotContain("more");
        source.put("item20", "hunter2");
        assertThat(refused(FORMAT).detail()).contains("item 'item19'", "and 1 more");
    }

    @Test
    void lowestItemGivesTheCodeInWhateverOrderTheSourceGivesThem() {
        source.put("a", "hunter2").put("b", workload.token("a", "1"));
        assertThat(refused(FORMAT).detail()).containsSubsequence("item 'a'", "item 'b'");
        source.reversed();
        assertThat(refused(FORMAT).detail()).containsSubsequence("item 'a'", "item 'b'");
    }

    @Test
    void refusalsUnderTheKeysAreCollectedToo() {
        TrustedKeyset stranger = Keysets.create(Workload.API, KeyType.AES256_GCM);
        String authentic = workload.token("c", "1");
        char last = authentic.charAt(authentic.length() - 5);
        source.put("a", workload.token("a", "1"))
                .put(
                        "b",
                        stranger.sealer()
                                .seal(Scope.item(Workload.API, Workload.SECRET, "b"), new byte[1])
                                .token())
                .put(
                        "c",
                        authentic.substring(0, authentic.length() - 5)
                                + (last == 'A' ? 'B' : 'A')
                                + authentic.substring(authentic.length() - 4));
        assertThat(refused(UNKNOWN_KEY).detail())
                .contains("item 'b'", "| AUTHENTICATION: item 'c'")
                .doesNotContain("item 'a'");
        source.remove("b");
        refused(AUTHENTICATION);
    }

    @Test
    void valueOfADisabledKeyIsRefused() {
        TrustedKeyset two = Keysets.add(workload.keyset);
        long old = two.keys().get(0).id();
        TrustedKeyset retired =
                Keysets.disable(Keysets.promote(two, two.keys().get(1).id()), old);
        source.put("a", workload.token("a", "1")).put(Workload.DOCUMENT, workload.document(retired));
        assertThat(refused(UNKNOWN_KEY).detail()).contains("disabled");
    }

    @Test
    void valueOfAPublicKeysetIsRefusedWhereOnlySymmetricIsAccepted() {
        Workload hybrid = new Workload(KeyType.HPKE_X25519);
        MemorySource values = hybrid.source().put("a", hybrid.token("a", "1"));
        assertThat(Refusal.of(
                                KEYSET_POLICY,
                                () -> hybrid.store(values)
                                        .acceptSymmetricOnly(true)
                                        .open())
                        .detail())
                .contains("podseal.accept=symmetric");
        source.put("a", workload.token("a", "1"));
        workload.store(source).acceptSymmetricOnly(true).open().close();
    }

    @Test
    void keysetDocumentIsNeverAValueAndGlobsDoNotTouchIt() {
        source.put("a", workload.token("a", "1")).put("b", workload.token("b", "2"));
        try (SecretStore store =
                workload.store(source).only(List.of("a*", "*.json")).open()) {
            assertThat(store.current().names()).containsExactly("a");
        }
        try (SecretStore store =
                workload.store(source).exclude(List.of("a", "*.keyset.json")).open()) {
            assertThat(store.current().names()).containsExactly("b");
        }
    }

    @Test
    void excludedItemMayHoldAnything() {
        source.put("a", workload.token("a", "1")).put("readme", "hunter2");
        try (SecretStore store =
                workload.store(source).exclude(List.of("read*")).open()) {
            assertThat(store.current().names()).containsExactly("a");
        }
    }

    @Test
    void missingKeysetIsMissingAndNotForgiven() {
        MemorySource bare = new MemorySource(Workload.SECRET).put("a", workload.token("a", "1"));
        assertThat(Refusal.of(SOURCE_MISSING, () -> workload.store(bare).open()).detail())
                .contains(".keyset.json", "podseal.keysets");
        Refusal.of(SOURCE_MISSING, () -> workload.store(bare).openIfPresent());
    }

    @Test
    void keysetDocumentsFromElsewhereReplaceThoseBesideTheValues() {
        MemorySource documents = new MemorySource(null).put("whatever its name", workload.document());
        source.put("a", workload.token("a", "1")).put(Workload.DOCUMENT, "not even a document");
        try (SecretStore store = workload.store(source).keysets(documents).open()) {
            assertThat(Workload.text(store, "a")).isEqualTo("1");
        }
        documents.fails(SOURCE_MISSING.because("no such file"));
        Refusal.of(
                SOURCE_MISSING, () -> workload.store(source).keysets(documents).openIfPresent());
    }

    @Test
    void valuesAreCheckedBeforeAnAbsentKeysetIsReported() {
        MemorySource documents = new MemorySource(null);
        documents.fails(SOURCE_MISSING.because("no such file"));
        source.put("a", "hunter2");
        Refusal.of(FORMAT, () -> workload.store(source).keysets(documents).open());
        source.put("a", workload.token("b", "1"));
        Refusal.of(
                CONTEXT_MISMATCH,
                () -> workload.store(source).keysets(documents).open());
        source.put("a", workload.token("a", "1"));
        Refusal.of(
                SOURCE_MISSING, () -> workload.store(source).keysets(documents).open());
    }

    @Test
    void absenceOfTheSourceAloneIsForgiven() {
        source.notLive().fails(SOURCE_MISSING.because("no such mount"));
        assertThat(workload.store(source).openIfPresent()).isEmpty();
        assertThat(source.closings).hasValue(1);
        refused(SOURCE_MISSING);
        for (ErrorCode code : List.of(SOURCE_DENIED, SOURCE_UNAVAILABLE, SIZE, CONFIGURATION)) {
            source.fails(code.because("failed"));
            Refusal.of(code, () -> workload.store(source).openIfPresent());
        }
        source.fails(null);
        source.put("a", workload.token("a", "1"));
        workload.store(source).openIfPresent().orElseThrow().close();
        workload.kms.answers(FakeKms.DENIES);
        Refusal.of(KMS_DENIED, () -> workload.store(source).openIfPresent());
        source.put("a", "hunter2");
        Refusal.of(FORMAT, () -> workload.store(source).openIfPresent());
    }

    @Test
    void malformedDocumentIsRefusedBeforeAnyKeyAndNamed() {
        source.put("a", workload.token("a", "1")).put("b.keyset.json", "{}");
        assertThat(refused(FORMAT).detail()).startsWith("keyset document 'b.keyset.json': ");
        assertThat(workload.kms.calls()).isZero();
    }

    @Test
    void documentOfAnotherAccountAloneIsRefusedAndBesideOursIsSkipped() {
        TrustedKeyset web = Keysets.create(Workload.WEB, KeyType.AES256_GCM);
        source.put("a", workload.token("a", "1")).put("web.keyset.json", workload.document(web));
        workload.store(source).open().close();
        assertThat(workload.kms.calls()).isEqualTo(1);
        source.remove(Workload.DOCUMENT);
        assertThat(refused(CONTEXT_MISMATCH).detail()).contains("payments/sa/api", "payments/sa/web");
        assertThat(workload.kms.calls()).isEqualTo(1);
    }

    @Test
    void twoDocumentsAreUnwrappedOnceEach() {
        TrustedKeyset second = Keysets.create(Workload.API, KeyType.XAES256_GCM);
        byte[] document = workload.document();
        source.put(Workload.DOCUMENT, document)
                .put("a", workload.token("a", "1"))
                .put(
                        "b",
                        second.sealer()
                                .seal(Scope.item(Workload.API, Workload.SECRET, "b"), new byte[2])
                                .token())
                .put("copy.keyset.json", document)
                .put("second.keyset.json", workload.document(second));
        try (SecretStore store = workload.store(source).open()) {
            assertThat(store.current().names()).containsExactlyInAnyOrder("a", "b");
            assertThat(store.status().servedBy()).containsExactly(workload.kms.uri());
        }
        assertThat(workload.kms.calls()).isEqualTo(2);
    }

    @Test
    void pinDecidesWhichKeysetIsTrusted() {
        source.put("a", workload.token("a", "1"));
        workload.store(source)
                .pins(List.of(workload.keyset.fingerprint()))
                .open()
                .close();
        Refusal.of(
                KEYSET_POLICY,
                () -> workload.store(source)
                        .pins(List.of("sha256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"))
                        .open());
    }

    @Test
    void nameCheckHasAVetoBeforeAnyKeyIsUsed() {
        source.put("a", workload.token("a", "1"))
                .put("spring.config.import", workload.token("spring.config.import", "1"))
                .put("b", workload.token("b", "1"));
        AtomicReference<Set<String>> asked = new AtomicReference<>();
        Refusal.of(
                CONFIGURATION,
                () -> workload.store(source)
                        .exclude(List.of("b"))
                        .nameCheck(names -> {
                            asked.set(names);
                            throw CONFIGURATION.because("reserved");
                        })
                        .open());
        assertThat(asked.get()).containsExactlyInAnyOrder("a", "spring.config.import");
        assertThat(workload.kms.calls()).isZero();
    }

    @Test
    void nothingToOpenNeedsNoKeyset() {
        MemorySource filtered = new MemorySource(Workload.SECRET).put("readme", "hunter2");
        try (SecretStore store = workload.store(filtered).exclude(List.of("*")).open()) {
            assertThat(store.current().names()).isEmpty();
        }
        assertThat(workload.kms.calls()).isZero();
    }

    @Test
    void failureFromElsewhereLeavesNoThreadBehind() {
        source.put("a", workload.token("a", "1"));
        assertThatThrownBy(() -> workload.store(source)
                        .listener(new OpenListener() {})
                        .nameCheck(names -> {
                            throw new IllegalStateException("ours");
                        })
                        .open())
                .isInstanceOf(IllegalStateException.class);
        threads.awaitNone();
    }

    @Test
    void opensOnThreadsOfTheirOwnThatEnd() throws InterruptedException {
        source.put("a", workload.token("a", "1"));
        AtomicReference<Thread> opening = new AtomicReference<>();
        CallThreads asking = new CallThreads();
        workload.kms.answers(asking.before(FakeKms.WORKS));
        SecretStoreBuilder builder =
                workload.store(source).valueCheck((name, value) -> opening.set(Thread.currentThread()));
        try (SecretStore store = builder.open()) {
            assertThat(opening.get().getName()).isEqualTo("podseal-open");
            assertThat(opening.get().isDaemon()).isTrue();
            opening.get().join();
            assertThat(asking.list()).hasSize(1).allSatisfy(thread -> {
                assertThat(thread.getName()).isEqualTo("podseal-kms");
                assertThat(thread.isDaemon()).isTrue();
            });
            asking.join();
            assertThat(Workload.text(store, "a")).isEqualTo("1");
        }
    }
}
