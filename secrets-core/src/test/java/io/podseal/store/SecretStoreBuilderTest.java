// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.CONFIGURATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Refusal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store that is built in code is refused for, before it reads anything. */
final class SecretStoreBuilderTest {
    private final Workload workload = new Workload();
    private final MemorySource source = workload.source();

    @Test
    void durationsAreTakenUpToTheirLimitsAndNotBeyond() {
        Duration longest = Duration.ofDays(36_500);
        Duration shortest = Duration.ofNanos(1);
        builder(longest, longest, longest).validate();
        builder(shortest, Duration.ZERO, shortest).validate();
        Duration tooLong = longest.plusNanos(1);
        assertThat(Refusal.of(
                                CONFIGURATION,
                                () -> builder(tooLong, longest, longest).validate())
                        .detail())
                .contains("podseal.kms.deadline must be longer than zero, and at most 36500 days");
        assertThat(Refusal.of(
                                CONFIGURATION,
                                () -> builder(longest, tooLong, longest).validate())
                        .detail())
                .contains("podseal.refresh.min-interval must be zero or longer, and at most 36500 days");
        for (Duration wrong : List.of(tooLong, Duration.ZERO)) {
            assertThat(Refusal.of(
                                    CONFIGURATION,
                                    () -> builder(longest, longest, wrong).validate())
                            .detail())
                    .contains("podseal.refresh.poll-interval must be longer than zero");
        }
    }

    private SecretStoreBuilder builder(Duration deadline, Duration minInterval, Duration pollInterval) {
        return workload.store(source)
                .kmsDeadline(deadline)
                .refresh(new RefreshPolicy(
                        true, pollInterval, minInterval, Duration.ofMinutes(1), RefreshPolicy.OnDelete.KEEP));
    }

    @Test
    void storeWithoutIdentityIsAConfigurationError() {
        assertThat(Refusal.of(CONFIGURATION, () -> SecretStore.of(source).open())
                        .detail())
                .contains("identity");
    }
}
