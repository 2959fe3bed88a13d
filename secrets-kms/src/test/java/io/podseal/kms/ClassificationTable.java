// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The table under "Classification" of the adapter's page: the tests are its lines, so that neither has one that the other lacks. */
public final class ClassificationTable {
    private static final Pattern LITERAL = Pattern.compile("`([^`]*)`");

    private ClassificationTable() {}

    /** A line: an answer, the code that it becomes, whether that is retried, and what the message says. */
    public record Row(String answer, ErrorCode code, boolean retried, List<String> says) {
        /** Runs the call, which is refused as this line says. */
        public PodsealException refuses(ThrowingCallable call) {
            PodsealException refusal = Refusal.of(code, call);
            assertThat(refusal.detail()).contains(says);
            assertThat(refusal instanceof PodsealException.Kms kms && kms.retryable())
                    .as("retried")
                    .isEqualTo(retried);
            return refusal;
        }

        @Override
        public String toString() {
            return answer;
        }
    }

    /** The lines of {@code docs/kms/<name>.md}, which must say something of the message, as literals. */
    private static List<Row> of(String name) {
        String page;
        try {
            page = Files.readString(Path.of("../../docs/kms", name + ".md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Row> rows = page.substring(page.indexOf("\n## Classification\n") + 1)
                .lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(ClassificationTable::row)
                .toList();
        assertThat(rows).isNotEmpty().allSatisfy(row -> assertThat(row.says()).isNotEmpty());
        return rows;
    }

    /** The lines of that page whose answer has that form. */
    public static List<Row> like(Pattern answer, String name) {
        return of(name).stream()
                .filter(row -> answer.matcher(row.answer()).matches())
                .toList();
    }

    /** The others. */
    public static List<Row> unlike(Pattern answer, String name) {
        return of(name).stream()
                .filter(row -> !answer.matcher(row.answer()).matches())
                .toList();
    }

    private static Row row(String line) {
        List<String> cells =
                Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList();
        return new Row(
                cells.get(0),
                ErrorCode.valueOf(cells.get(1).replace("`", "")),
                cells.get(2).equals("yes"),
                LITERAL.matcher(cells.get(3))
                        .results()
                        .map(match -> match.group(1))
                        .toList());
    }
}
