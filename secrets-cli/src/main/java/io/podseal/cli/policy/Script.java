// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import io.podseal.ErrorCode;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A shell script under construction: notes, files and commands, with every word quoted that needs it. */
final class Script {
    /** What a terminal obeys, or does not show where it stands. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private final StringBuilder text = new StringBuilder();

    /** A line that the shell passes over: one line, whatever a URI in it has. */
    Script comment(String line) {
        text.append("# ").append(UNSEEN.matcher(line).replaceAll("?")).append('\n');
        return this;
    }

    /** A comment behind an empty line. */
    Script section(String line) {
        text.append('\n');
        return comment(line);
    }

    /** A file, taken by the shell as it stands here. */
    Script file(String name, String content) {
        return file(name, "'EOF'", content);
    }

    /** A file in which the shell puts the values of variables. */
    Script template(String name, String content) {
        return file(name, "EOF", content);
    }

    private Script file(String name, String end, String content) {
        text.append("cat >")
                .append(ShellWord.of(name))
                .append(" <<")
                .append(end)
                .append('\n')
                .append(content)
                .append("EOF\n");
        return this;
    }

    /** A command. */
    Script command(String... words) {
        text.append(line(words)).append('\n');
        return this;
    }

    /** More words of the command before, on a line of their own. */
    Script more(String... words) {
        text.setLength(text.length() - 1);
        text.append(" \\\n  ").append(line(words)).append('\n');
        return this;
    }

    /** The command that comes next runs only where this one prints nothing. */
    Script unlessPrinted(String... words) {
        text.append(line(words)).append(" | grep -q . ||\n  ");
        return this;
    }

    /** What a command prints, as a variable; where it fails, nothing further is run. */
    Script variable(String name, String... words) {
        text.append(name).append("=$(").append(line(words)).append(") || exit\n");
        return this;
    }

    /** Another script, which the shell passes over until somebody takes the marks away. */
    Script alternative(Script other) {
        text.append('\n').append(other.toString().replaceAll("(?m)^", "# ").replaceFirst("# $", ""));
        return this;
    }

    private static String line(String... words) {
        return Arrays.stream(words).map(Script::word).collect(Collectors.joining(" "));
    }

    private static String word(String word) {
        if (UNSEEN.matcher(word).find()) {
            throw ErrorCode.CONFIGURATION.because(
                    "the KEK's URI has control characters, as they are or percent-encoded, which"
                            + " nobody sees in a command; give the key a name without them");
        }
        return ShellWord.of(word);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
