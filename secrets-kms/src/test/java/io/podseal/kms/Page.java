// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The page of {@code docs/kms} about the adapter whose tests these are: what it says is what they check. */
public final class Page {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Pattern MARKED = Pattern.compile("`([^`]+)`");

    private Page() {}

    /** All of it. */
    public static String text() {
        try {
            return Files.readString(MODULE.resolve("../../docs/kms/" + MODULE.getFileName() + ".md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cells of each line of the table with this head. */
    public static List<List<String>> table(String head) {
        List<String> lines = text().lines().toList();
        List<List<String>> table = lines.stream()
                .skip(lines.indexOf(head) + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
        if (!lines.contains(head) || table.isEmpty()) {
            throw new IllegalStateException("the page has no table " + head);
        }
        return table;
    }

    /** What is marked as code. */
    public static List<String> marked(String text) {
        return MARKED.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(Page::bare)
                .toList();
    }

    /** Without the marks. */
    public static String bare(String text) {
        return text.replace("`", "");
    }
}
