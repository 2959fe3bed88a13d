// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import com.sun.management.ThreadMXBean;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Every token that one edit makes of a genuine one, and what becomes of it when it is opened: in its place, and where the header
 * was edited without a place too. The mutants of a token have numbers, so that some of them can be taken evenly.
 */
public final class TokenMutants {
    /** A genuine token, and what opens it where. */
    public record Target(String token, Scope place, SecretOpener opener) {
        long mutants() {
            long characters = token.length();
            return CHARACTERS.length * (2 * characters + 1) + 3 * characters;
        }
    }

    /**
     * What became of the mutants.
     *
     * @param tried how many differ from their token
     * @param opened mutants that opened: none may
     * @param foreign exceptions that are not ours: none may be
     * @param refused how many refusals there were of each code
     * @param maxAllocated the bytes that opening one took at most
     */
    public record Tally(
            long tried,
            List<String> opened,
            List<Throwable> foreign,
            Map<ErrorCode, Long> refused,
            long maxAllocated) {}

    /** What a mutant's new characters are: printable ASCII, and what a parser might overlook or take for another. */
    private static final String[] CHARACTERS = characters();

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final List<String> opened = new ArrayList<>();
    private final List<Throwable> foreign = new ArrayList<>();
    private final Map<ErrorCode, Long> refused = new EnumMap<>(ErrorCode.class);
    private long tried;
    private long maxAllocated;

    private TokenMutants() {}

    private static String[] characters() {
        List<String> characters = new ArrayList<>(List.of("\0", "\n", "\u200b", "\u00e9"));
        for (char c = 0x20; c < 0x7f; c++) {
            characters.add(String.valueOf(c));
        }
        return characters.toArray(String[]::new);
    }

    /** How many mutants there are of all of them. */
    public static long count(List<Target> targets) {
        return targets.stream().mapToLong(Target::mutants).sum();
    }

    /** Tries at least that many of the targets' mutants, evenly chosen, or all where there are not more. */
    public static Tally attack(long atLeast, List<Target> targets) {
        TokenMutants attack = new TokenMutants();
        long step = Math.max(1, count(targets) / atLeast);
        long first = 0;
        for (Target target : targets) {
            long mutants = target.mutants();
            long at = first;
            for (; at < mutants; at += step) {
                attack.tryMutant(target, at);
            }
            first = at - mutants;
        }
        return new Tally(attack.tried, attack.opened, attack.foreign, attack.refused, attack.maxAllocated);
    }

    private void tryMutant(Target target, long number) {
        String mutant = mutant(target.token(), number);
        if (mutant.equals(target.token())) {
            return;
        }
        tried++;
        attempt(mutant, () -> target.opener().open(mutant, target.place()));
        String header = target.token().substring(0, target.token().lastIndexOf(':') + 1);
        if (!mutant.startsWith(header)) {
            // Not stopped by its place, an edited header goes all the way to the key.
            attempt(mutant, () -> target.opener().open(SealedValue.parse(mutant)));
        }
    }

    private void attempt(String mutant, Runnable opening) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            opening.run();
            opened.add(mutant);
        } catch (PodsealException refusal) {
            refused.merge(refusal.code(), 1L, Long::sum);
        } catch (RuntimeException | Error thrown) {
            foreign.add(thrown);
        }
        maxAllocated = Math.max(maxAllocated, THREADS.getCurrentThreadAllocatedBytes() - before);
    }

    /** Substitutions, then insertions, deletions, truncations and doubled characters. */
    private static String mutant(String token, long number) {
        int characters = token.length();
        long rest = number;
        if (rest < (long) CHARACTERS.length * characters) {
            int at = (int) (rest / CHARACTERS.length);
            return token.substring(0, at) + CHARACTERS[(int) (rest % CHARACTERS.length)] + token.substring(at + 1);
        }
        rest -= (long) CHARACTERS.length * characters;
        if (rest < CHARACTERS.length * (characters + 1L)) {
            int at = (int) (rest / CHARACTERS.length);
            return token.substring(0, at) + CHARACTERS[(int) (rest % CHARACTERS.length)] + token.substring(at);
        }
        rest -= CHARACTERS.length * (characters + 1L);
        int at = (int) (rest % characters);
        return switch ((int) (rest / characters)) {
            case 0 -> token.substring(0, at) + token.substring(at + 1);
            case 1 -> token.substring(0, at);
            default -> token.substring(0, at + 1) + token.substring(at);
        };
    }
}
