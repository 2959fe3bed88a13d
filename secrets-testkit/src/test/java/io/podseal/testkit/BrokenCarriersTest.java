// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.podseal.store.SecretSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Each rule of the contract of carriers finds a carrier that breaks it, for its fault and no other reason. */
final class BrokenCarriersTest {
    private static @Nullable BrokenCarrier current;

    /** A good carrier, seen through a fault. */
    static class Broken extends MountContractTest {
        @Override
        protected SecretSource source() {
            return current == null ? super.source() : current.of(super.source());
        }

        @Override
        protected void deliver(Map<String, byte[]> items) {
            super.deliver(items);
            BrokenCarrier.Delivered.now(items);
        }

        /** Short where nothing comes, however long one waits; no rule that tells more depends on it. */
        @Override
        protected Duration timeout() {
            return current != null && current.isSilent() ? Duration.ofSeconds(2) : super.timeout();
        }
    }

    /** One that cannot be made unreadable. */
    static final class Unobstructed extends Broken {
        @Override
        protected @Nullable AutoCloseable obstruct() {
            return null;
        }
    }

    @ParameterizedTest
    @EnumSource
    void ruleFindsTheCarrierThatBreaksIt(BrokenCarrier broken) {
        current = broken;
        run(Broken.class, broken.rule)
                .assertThatEvents()
                .haveExactly(1, event(test(), finishedWithFailure(message(said -> said.contains(broken.blame)))));
    }

    /** The control. */
    @ParameterizedTest
    @MethodSource("rules")
    void ruleFindsNothingInAGoodCarrier(String rule) {
        current = null;
        run(Broken.class, rule).assertStatistics(tests -> tests.started(1).succeeded(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unreadablePlaceIsNotTakenForAbsent", "storeTellsAFaultFromADeletion"})
    void ruleThatShowedNothingSaysSo(String rule) {
        current = null;
        run(Unobstructed.class, rule)
                .assertStatistics(tests -> tests.succeeded(1).reportingEntryPublished(1));
    }

    @Test
    void everyRuleHasACarrierThatBreaksIt() {
        assertThat(Arrays.stream(BrokenCarrier.values()).map(broken -> broken.rule))
                .containsAll(rules().toList());
    }

    /** The test class of a user may have one instance for all its tests by default; here each begins anew. */
    @Test
    void everyTestHasAnInstanceOfItsOwn() {
        current = null;
        EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.testinstance.lifecycle.default", "per_class")
                .selectors(
                        selectMethod(Broken.class, "whatIsNotThereIsMissing"),
                        selectMethod(Broken.class, "storeOpensWhatWasSealedForItsItems"),
                        selectMethod(Broken.class, "sourceMayBeClosedTwiceAndUnread"),
                        selectMethod(Broken.class, "storeFollowsAChange"))
                .execute()
                .testEvents()
                .assertStatistics(tests -> tests.started(4).succeeded(4));
    }

    private static Events run(Class<?> contract, String rule) {
        String method = Stream.of(SecretSourceContract.class, LiveSourceContract.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(each -> each.getName().equals(rule))
                .map(each -> rule
                        + Arrays.stream(each.getParameterTypes())
                                .map(Class::getName)
                                .toList()
                                .toString()
                                .replace('[', '(')
                                .replace(']', ')'))
                .findFirst()
                .orElseThrow();
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(contract.getName() + "#" + method))
                .execute()
                .testEvents();
    }

    private static Stream<String> rules() {
        return Stream.of(SecretSourceContract.class, LiveSourceContract.class)
                .flatMap(contract -> Arrays.stream(contract.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getName());
    }
}
