// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.podseal.store.SecretSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Each rule of the contract of carriers finds a carrier that breaks it. */
final class BrokenCarriersTest {
    private static Fault current = Fault.ANSWERS_NOTHING;

    /** A good carrier, seen through a fault. */
    static final class Broken extends MountContractTest {
        @Override
        protected SecretSource source() {
            return current.of(super.source());
        }

        @Override
        protected Duration patience() {
            return Duration.ofMillis(500);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ruleFindsTheCarrierThatBreaksIt(Fault fault) {
        current = fault;
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(Broken.class, fault.rule))
                .execute()
                .testEvents()
                .assertStatistics(tests -> tests.started(1).failed(1));
    }

    @Test
    void everyRuleHasACarrierThatBreaksIt() {
        assertThat(Arrays.stream(Fault.values()).map(fault -> fault.rule))
                .containsAll(Stream.of(SecretSourceContract.class, LiveSourceContract.class)
                        .flatMap(contract -> Arrays.stream(contract.getDeclaredMethods()))
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .map(method -> method.getName())
                        .toList());
    }
}
