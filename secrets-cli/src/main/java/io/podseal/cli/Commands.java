// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Commands by name, made when they are asked for: describing all of them to the parser would take longer than what most of
 * them do.
 */
final class Commands {
    private final Map<String, Supplier<Object>> commands = new LinkedHashMap<>();

    Commands add(String name, Supplier<Object> command) {
        commands.put(name, command);
        return this;
    }

    /** Gives the one that is named, else all of them, as help and mistakes need. */
    void give(String word, BiConsumer<String, Object> taker) {
        Supplier<Object> named = commands.get(word);
        if (named != null) {
            taker.accept(word, named.get());
        } else {
            commands.forEach((name, command) -> taker.accept(name, command.get()));
        }
    }
}
