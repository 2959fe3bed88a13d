// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A first word such as {@code keyset}, which does nothing without a second. */
final class Group implements Runnable {
    private final CommandSpec spec;

    Group(String name, String description, Object... commands) {
        spec = CommandSpec.wrapWithoutInspection(this).name(name);
        spec.usageMessage().description(description);
        for (Object command : commands) {
            CommandSpec sub = CommandSpec.forAnnotatedObject(command);
            spec.addSubcommand(sub.name(), sub);
        }
    }

    CommandLine commandLine() {
        return new CommandLine(spec);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name one of " + String.join(", ", spec.subcommands().keySet()));
    }
}
