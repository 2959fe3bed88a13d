// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One edit anywhere in a token is enough to have it refused, and never does anything else. */
final class TokenMutantsTest {
    private static final int MUTANTS = Integer.getInteger("podseal.test.mutants", 20_000);
    private static final long SEED = 20_261_121L;

    private static List<TokenMutants.Target> targets() {
        ConscryptInstaller.install();
        List<TokenMutants.Target> targets = new ArrayList<>();
        for (KeyType type : KeyType.values()) {
            TrustedKeyset keyset = Keysets.create(Accounts.API, type);
            for (int bytes : new int[] {0, 1, 20, 64}) {
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
        TokenMutants.Tally tally = TokenMutants.attack(SEED, MUTANTS, targets());
        assertThat(tally.opened()).isEmpty();
        assertThat(tally.foreign()).isEmpty();
        assertThat(tally.refused().values().stream().mapToInt(Integer::intValue).sum())
                .isBetween(MUTANTS, 2 * MUTANTS);
        assertThat(tally.refused().keySet())
                .containsOnly(
                        ErrorCode.FORMAT,
                        ErrorCode.VERSION,
                        ErrorCode.SIZE,
                        ErrorCode.CONTEXT_MISMATCH,
                        ErrorCode.UNKNOWN_KEY,
                        ErrorCode.AUTHENTICATION);
    }

    @Test
    void theAttackNoticesAnOpenerThatOpensEverything() {
        TokenMutants.Target gullible = new TokenMutants.Target(
                targets().get(0).token(), Accounts.PASSWORD, token -> io.podseal.SecretValue.owning(new byte[0]));
        TokenMutants.Target broken = new TokenMutants.Target(targets().get(0).token(), Accounts.PASSWORD, token -> {
            throw new IllegalStateException();
        });
        assertThat(TokenMutants.attack(SEED, 100, List.of(gullible)).opened()).isNotEmpty();
        assertThat(TokenMutants.attack(SEED, 100, List.of(broken)).foreign()).isNotEmpty();
    }
}
