// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Spoils tokens in every way that one edit can, and tries to open what comes out: in its place, and where the header was
 * edited without a place too. The same seed gives the same edits.
 */
public final class TokenMutants {
    /** A genuine token, and what opens it where. */
    public record Target(String token, Scope place, SecretOpener opener) {}

    /**
     * What became of the mutants.
     *
     * @param opened mutants that opened: none may
     * @param foreign exceptions that are not ours: none may be
     * @param refused how many refusals there were of each code
     */
    public record Tally(List<String> opened, List<Throwable> foreign, Map<ErrorCode, Integer> refused) {}

    private enum Edit {
        SUBSTITUTION,
        INSERTION,
        DELETION,
        TRUNCATION,
        DUPLICATION
    }

    /** What a mutant's new characters are taken from, besides all of ASCII: those that a parser might overlook. */
    private static final String TELLING = "AQBg-_=+/:.. \n\r\t\0\u00e9\u0661\u200b\ufeff\uff21\ud83d\ude00";

    private final Random random;

    private TokenMutants(long seed) {
        this.random = new Random(seed);
    }

    /** Tries that many mutants, the targets in turn. */
    public static Tally attack(long seed, int mutants, List<Target> targets) {
        TokenMutants source = new TokenMutants(seed);
        Tally tally = new Tally(new ArrayList<>(), new ArrayList<>(), new EnumMap<>(ErrorCode.class));
        for (int i = 0; i < mutants; i++) {
            Target target = targets.get(i % targets.size());
            String mutant = source.mutant(target.token());
            attempt(mutant, tally, () -> target.opener().open(mutant, target.place()));
            if (!mutant.startsWith(target.token().substring(0, target.token().lastIndexOf(':') + 1))) {
                // Not stopped by its place, an edited header goes all the way to the key.
                attempt(mutant, tally, () -> target.opener().open(SealedValue.parse(mutant)));
            }
        }
        return tally;
    }

    private static void attempt(String mutant, Tally tally, Runnable opening) {
        try {
            opening.run();
            tally.opened().add(mutant);
        } catch (PodsealException refused) {
            tally.refused().merge(refused.code(), 1, Integer::sum);
        } catch (RuntimeException | Error foreign) {
            tally.foreign().add(foreign);
        }
    }

    private String mutant(String token) {
        String mutant;
        do {
            Edit edit = Edit.values()[random.nextInt(Edit.values().length)];
            // Half of the edits in the first 80 characters, where the header is.
            int at = random.nextInt(random.nextBoolean() ? Math.min(80, token.length()) : token.length());
            int end = at + 1 + random.nextInt(Math.min(8, token.length() - at));
            mutant = switch (edit) {
                case SUBSTITUTION -> token.substring(0, at) + character() + token.substring(at + 1);
                case INSERTION -> token.substring(0, at) + character() + token.substring(at);
                case DELETION -> token.substring(0, at) + token.substring(end);
                case TRUNCATION -> token.substring(0, at);
                case DUPLICATION -> token.substring(0, end) + token.substring(at);
            };
        } while (mutant.equals(token));
        return mutant;
    }

    private String character() {
        char c = random.nextInt(4) == 0
                ? TELLING.charAt(random.nextInt(TELLING.length()))
                : (char) (0x21 + random.nextInt(0x5e));
        return String.valueOf(c);
    }
}
