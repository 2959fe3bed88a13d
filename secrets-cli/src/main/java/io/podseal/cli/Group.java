// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A first word such as {@code keyset}, which does nothing without a second. */
final class Group implements Runnable {
    private final CommandSpec spec;

    private Group(String name, String description) {
        spec = CommandSpec.wrapWithoutInspection(this).name(name);
        spec.usageMessage().description(description);
    }

    /** The group with its commands, or with the one that the second word names. */
    static CommandLine of(String name, String description, String second, Commands commands) {
        CommandSpec spec = new Group(name, description).spec;
        commands.give(second, (word, command) -> spec.addSubcommand(word, new CommandLine(command)));
        return new CommandLine(spec);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name one of " + String.join(", ", spec.subcommands().keySet()));
    }
}
