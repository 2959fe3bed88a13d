// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/**
 * Each rule of the contract of adapters finds one that breaks it, for its fault and no other reason; {@link
 * FakeKmsContractTest} is the control.
 */
final class BrokenKmsTest {
    private static BrokenKms current = BrokenKms.RETRIES;

    static final class Broken extends KmsClientContract {
        private final BrokenKms.Wire wire = new BrokenKms.Wire(new FakeKms("fake-kms://one").kek());

        @Override
        protected KmsClient client() {
            return current.client(wire, kekUri());
        }

        @Override
        protected String kekUri() {
            return "fake-kms://one";
        }

        @Override
        protected Aead otherKek() throws Exception {
            FakeKms other = new FakeKms(kekUri());
            return current.other(client(), other).getAead(kekUri());
        }

        @Override
        protected int unwraps() {
            return wire.unwraps;
        }

        @Override
        protected int requests() {
            return current.requests(wire);
        }

        @Override
        protected List<Canary> secrets() {
            return List.of();
        }
    }

    @ParameterizedTest
    @EnumSource
    void ruleFindsTheAdapterThatBreaksIt(BrokenKms broken) {
        current = broken;
        String parameters = broken.rule.startsWith("storeOf") ? "(java.nio.file.Path)" : "()";
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectMethod(Broken.class.getName() + "#" + broken.rule + parameters))
                .execute()
                .testEvents()
                .assertThatEvents()
                .haveExactly(1, event(test(), finishedWithFailure(message(said -> said.contains(broken.blame)))));
    }

    @Test
    void everyRuleHasAnAdapterThatBreaksIt() {
        assertThat(Arrays.stream(BrokenKms.values()).map(broken -> broken.rule))
                .containsAll(Arrays.stream(KmsClientContract.class.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .map(method -> method.getName())
                        .toList());
    }
}
