// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.podseal.ErrorCode;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.FakeKms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What health and metrics are made of. */
final class StatusTest {
    private final OurThreads threads = new OurThreads();
    private final Workload workload = new Workload();
    private final FakeKms other = new FakeKms("fake-kms://b");
    private final MemorySource source = workload.source().put("a", workload.token("a", "1"));
    private final Keks both = Keks.builder()
            .kek(workload.kms.uri())
            .client(workload.kms)
            .kek(other.uri())
            .client(other)
            .build();
    private SecretStore store;

    @BeforeEach
    void wrapForBoth() {
        source.put(Workload.DOCUMENT, Keysets.wrap(workload.keyset, both).toJson());
    }

    private void open() {
        open(RefreshPolicy.OnDelete.KEEP);
    }

    private void open(RefreshPolicy.OnDelete onDelete) {
        RefreshPolicy policy = RefreshPolicy.DEFAULT;
        store = workload.store(source)
                .keks(both)
                .refresh(new RefreshPolicy(true, policy.pollInterval(), Duration.ZERO, policy.maxStaleness(), onDelete))
                .open();
    }

    @AfterEach
    void close() {
        store.close();
        threads.awaitNone();
    }

    @Test
    void kmsThatServedIsShown() {
        workload.kms.answers(FakeKms.DENIES);
        open();
        assertThat(store.status().servedBy()).containsExactly(other.uri());
        assertThat(store.status().details()).containsEntry("servedBy", List.of(other.uri()));
    }

    @Test
    void kmsThatServedTheLastGenerationIsShownNoMore() {
        open();
        workload.kms.answers(FakeKms.DENIES);
        source.put("a", workload.token("a", "2"));
        assertThat(store.refresh()).isTrue();
        assertThat(store.status().servedBy()).containsExactly(other.uri());
    }

    @Test
    void eachDocumentMayBeServedByAnother() {
        TrustedKeyset second = Keysets.create(Workload.API, KeyType.AES256_GCM);
        Keks otherAlone = Keks.builder().kek(other.uri()).client(other).build();
        source.put("second.keyset.json", Keysets.wrap(second, otherAlone).toJson());
        open();
        assertThat(store.status().servedBy()).containsExactly(workload.kms.uri(), other.uri());
    }

    @Test
    void everyCallIsCountedUnderItsKekAndOutcomeFromTheStartOn() {
        workload.kms.answers(FakeKms.THROTTLES);
        other.answers(FakeKms.DOWN, FakeKms.WORKS);
        open();
        StoreCounts counts = store.counts();
        assertThat(counts.keks()).containsExactly(workload.kms.uri(), other.uri());
        assertThat(counts.failed(workload.kms.uri(), ErrorCode.KMS_THROTTLED)).isEqualTo(workload.kms.calls());
        assertThat(counts.failed(other.uri(), ErrorCode.KMS_UNAVAILABLE)).isEqualTo(1);
        assertThat(counts.unwrapped(workload.kms.uri()) + counts.unwrapped(other.uri()))
                .isEqualTo(1);

        workload.kms.answers(FakeKms.REJECTS);
        source.put("a", workload.token("a", "2"));
        store.refresh();
        assertThat(counts.failed(workload.kms.uri(), ErrorCode.AUTHENTICATION)).isEqualTo(1);
        assertThat(counts.refused(ErrorCode.AUTHENTICATION)).isEqualTo(1);
        assertThat(counts).asString().contains("failure=AUTHENTICATION]=1").doesNotContain("password");
    }

    @Test
    void answerThatThePolicyRefusesIsNoUnwrap() {
        open();
        workload.kms.answers(FakeKms.GARBAGE);
        source.put("a", workload.token("a", "2"));
        store.refresh();
        assertThat(store.counts().failed(workload.kms.uri(), ErrorCode.KEYSET_POLICY))
                .isEqualTo(1);
        assertThat(store.counts().unwrapped(workload.kms.uri())).isEqualTo(1);
        assertThat(store.status().servedBy()).as("the last good one's").containsExactly(workload.kms.uri());
    }

    @Test
    void everyRefusedReadingIsCounted() {
        open();
        source.put("a", "hunter2");
        store.refresh();
        store.refresh();
        source.fails(ErrorCode.SOURCE_UNAVAILABLE.because("I/O error"));
        store.refresh();
        assertThat(store.counts().refused(ErrorCode.FORMAT)).isEqualTo(2);
        assertThat(store.counts().refused(ErrorCode.SOURCE_UNAVAILABLE)).isEqualTo(1);
        assertThat(store.counts().refused(ErrorCode.STALE)).isZero();
    }

    private double metric(String name, Map<String, String> tags) {
        List<StoreMetric> found = store.metrics().stream()
                .filter(metric -> metric.name().equals(name) && metric.tags().equals(tags))
                .toList();
        assertThat(found).as(name + tags).hasSize(1);
        return found.get(0).value().getAsDouble();
    }

    @Test
    void metricsAreReadLiveUnderFixedNamesAndTags() {
        workload.kms.answers(FakeKms.DENIES);
        open();
        assertThat(store.metrics())
                .extracting(StoreMetric::name)
                .containsOnly(
                        "podseal.generation.age",
                        "podseal.generation.number",
                        "podseal.unwrap",
                        "podseal.generation.refused");
        assertThat(store.metrics().stream().flatMap(metric -> metric.tags().keySet().stream()))
                .containsOnly("kek", "outcome", "code");
        assertThat(metric("podseal.unwrap", Map.of("kek", workload.kms.uri(), "outcome", "KMS_DENIED")))
                .isEqualTo(1);
        assertThat(metric("podseal.unwrap", Map.of("kek", other.uri(), "outcome", "SUCCESS")))
                .isEqualTo(1);
        assertThat(metric("podseal.generation.number", Map.of())).isEqualTo(1);

        workload.nanos.addAndGet(Duration.ofMillis(1500).toNanos());
        source.put("a", "hunter2");
        store.refresh();
        assertThat(metric("podseal.generation.age", Map.of())).isEqualTo(1.5);
        assertThat(metric("podseal.generation.refused", Map.of("code", "FORMAT")))
                .isEqualTo(1);
    }

    @Test
    void thereIsAFigureForEveryOutcomeThatAnUnwrapHas() {
        Map<FakeKms.Answer, String> outcomes = Map.of(
                FakeKms.WORKS, "SUCCESS",
                FakeKms.DENIES, "KMS_DENIED",
                FakeKms.LACKS_CREDENTIALS, "CONFIGURATION",
                FakeKms.REJECTS, "AUTHENTICATION",
                FakeKms.GARBAGE, "KEYSET_POLICY");
        open();
        double before = metric("podseal.unwrap", Map.of("kek", workload.kms.uri(), "outcome", "SUCCESS"));
        int change = 1;
        for (Map.Entry<FakeKms.Answer, String> outcome : outcomes.entrySet()) {
            workload.kms.answers(outcome.getKey());
            source.put("a", workload.token("a", "" + change++));
            store.refresh();
            assertThat(metric("podseal.unwrap", Map.of("kek", workload.kms.uri(), "outcome", outcome.getValue())))
                    .as(outcome.getValue())
                    .isEqualTo(outcome.getValue().equals("SUCCESS") ? before + 1 : 1);
        }
    }

    @Test
    void detailsAreNumbersCodesAndUris() {
        open();
        assertThat(store.status().details())
                .containsExactly(
                        entry("generation", 1L),
                        entry("values", 1),
                        entry("secondsSinceConfirmed", 0L),
                        entry("servedBy", List.of(workload.kms.uri())));
    }

    @Test
    void refusalIsShownAndHealthyUntilTheGenerationIsStale() {
        open();
        source.put("a", "hunter2");
        store.refresh();
        Map<String, Object> details = store.status().details();
        assertThat(details).contains(entry("problem", "FORMAT"), entry("lastRefusal", "FORMAT"));
        assertThat(details.toString()).doesNotContain("hunter2", "'a'");
        assertThat(store.status().isHealthy()).isTrue();

        workload.nanos.addAndGet(RefreshPolicy.DEFAULT.maxStaleness().toNanos() + 1);
        assertThat(store.status().isHealthy()).isFalse();
        assertThat(store.status().details())
                .contains(
                        entry("problem", "STALE"),
                        entry("lastRefusal", "FORMAT"),
                        entry("secondsSinceConfirmed", 600L));

        source.put("a", workload.token("a", "2"));
        store.refresh();
        assertThat(store.status().isHealthy()).isTrue();
        assertThat(store.status().details()).doesNotContainKeys("problem", "lastRefusal");
    }

    @Test
    void withdrawnValuesAreNotHealthy() {
        open(RefreshPolicy.OnDelete.FAIL);
        source.fails(ErrorCode.SOURCE_MISSING.because("deleted"));
        store.refresh();
        assertThat(store.status().withdrawn()).isTrue();
        assertThat(store.status().isHealthy()).isFalse();
    }

    @Test
    void deletedSourceWhoseValuesAreKeptIsHealthyUntilStale() {
        open();
        source.fails(ErrorCode.SOURCE_MISSING.because("deleted"));
        store.refresh();
        assertThat(store.status().isHealthy()).isTrue();
        assertThat(store.status().details()).containsEntry("problem", "SOURCE_MISSING");
    }
}
