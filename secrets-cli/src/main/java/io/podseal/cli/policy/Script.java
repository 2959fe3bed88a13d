// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A shell script under construction: notes, files and commands, with every word quoted that needs it. */
final class Script {
    private final StringBuilder text = new StringBuilder();

    /** A line that the shell passes over: one line, whatever a URI in it has. */
    Script comment(String line) {
        text.append("# ")
                .append(line.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?"))
                .append('\n');
        return this;
    }

    /** A comment behind an empty line. */
    Script section(String line) {
        text.append('\n');
        return comment(line);
    }

    /** A file, taken by the shell as it stands here. */
    Script file(String name, String content) {
        text.append("cat >")
                .append(ShellWord.of(name))
                .append(" <<'EOF'\n")
                .append(content)
                .append("EOF\n");
        return this;
    }

    /** A command; a backslash among its words begins a new line. */
    Script command(String... words) {
        text.append(Arrays.stream(words)
                .map(word -> word.equals("\\") ? "\\\n " : ShellWord.of(word))
                .collect(Collectors.joining(" ")));
        text.append('\n');
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
