// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.SecretValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One edit anywhere in a token is enough to have it refused, and never does anything else. */
final class TokenMutantsTest {
    private static final long AT_LEAST = Long.getLong("podseal.test.mutants", 200_000);
    private static final int[] VALUE_BYTES = {0, 1, 2, 15, 16, 17, 32, 63, 255, 1024};
    /** What a token of 1,500 characters takes many times over, with the classes that its first use loads. */
    private static final long MAX_ALLOCATED = 1 << 20;

    private static List<TokenMutants.Target> targets() {
        ConscryptInstaller.install();
        List<TokenMutants.Target> targets = new ArrayList<>();
        for (KeyType type : KeyType.values()) {
            TrustedKeyset keyset = Keysets.create(Accounts.API, type);
            for (int bytes : VALUE_BYTES) {
                targets.add(new TokenMutants.Target(
                        keyset.sealer().seal(Accounts.PASSWORD, new byte[bytes]).token(),
                        Accounts.PASSWORD,
                        keyset.opener()));
            }
        }
        return targets;
    }

    @Test
    void noMutantOpensAndNoneBreaksTheParser() {
        List<TokenMutants.Target> targets = targets();
        targets.forEach(
                target -> target.opener().open(target.token(), target.place()).close());
        TokenMutants.Tally tally = TokenMutants.attack(AT_LEAST, targets);
        assertThat(tally.opened()).isEmpty();
        assertThat(tally.foreign()).isEmpty();
        assertThat(tally.tried()).isGreaterThan(Math.min(AT_LEAST, TokenMutants.count(targets)) * 98 / 100);
        assertThat(tally.refused().keySet())
                .containsExactlyInAnyOrder(
                        ErrorCode.FORMAT,
                        ErrorCode.VERSION,
                        ErrorCode.SIZE,
                        ErrorCode.CONTEXT_MISMATCH,
                        ErrorCode.UNKNOWN_KEY,
                        ErrorCode.AUTHENTICATION);
        assertThat(tally.maxAllocated()).isLessThan(MAX_ALLOCATED);
        System.out.printf(
                "Token mutants: %,d of %,d, %d opened; refused %s; at most %,d bytes allocated%n",
                tally.tried(),
                TokenMutants.count(targets),
                tally.opened().size(),
                tally.refused(),
                tally.maxAllocated());
    }

    @Test
    void theAttackNoticesAnOpenerThatOpensEverything() {
        TokenMutants.Target genuine = targets().get(0);
        TokenMutants.Target gullible = new TokenMutants.Target(
                genuine.token(), genuine.place(), token -> SecretValue.owning(new byte[2 << 20]));
        TokenMutants.Target broken = new TokenMutants.Target(genuine.token(), genuine.place(), token -> {
            throw new IllegalStateException();
        });
        TokenMutants.Tally tally = TokenMutants.attack(100, List.of(gullible));
        assertThat(tally.opened()).isNotEmpty();
        assertThat(tally.maxAllocated()).isGreaterThan(MAX_ALLOCATED);
        assertThat(TokenMutants.attack(100, List.of(broken)).foreign()).isNotEmpty();
    }
}
