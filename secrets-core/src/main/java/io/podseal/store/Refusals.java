// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.PodsealException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Applies a step to every item and reports all refusals at once; the first in the order of the items gives the code. */
final class Refusals {
    private static final int MAX_NAMED = 10;

    private Refusals() {}

    static <I, O> List<O> each(List<I> items, Function<I, String> where, Function<I, @Nullable O> step) {
        List<O> results = new ArrayList<>(items.size());
        List<PodsealException> refusals = new ArrayList<>();
        for (I item : items) {
            try {
                O result = step.apply(item);
                if (result != null) {
                    results.add(result);
                }
            } catch (PodsealException refused) {
                refusals.add(refused.at(where.apply(item)));
            }
        }
        if (!refusals.isEmpty()) {
            throw combined(refusals);
        }
        return results;
    }

    private static PodsealException combined(List<PodsealException> refusals) {
        PodsealException first = refusals.get(0);
        if (refusals.size() == 1) {
            return first;
        }
        String others = refusals.stream()
                .skip(1)
                .limit(MAX_NAMED - 1)
                .map(PodsealException::getMessage)
                .collect(Collectors.joining(" | "));
        String rest = refusals.size() > MAX_NAMED ? " | and " + (refusals.size() - MAX_NAMED) + " more" : "";
        return first.code().because(first.detail() + " | " + others + rest);
    }
}
