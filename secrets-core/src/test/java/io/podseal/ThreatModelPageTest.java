// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/threat-model.md} names a test for every row, and every test that it names is there: {@code `OpeningTest`}, one of
 * its methods as {@code `OpeningTest#swappedItemIsRefused`}, and where several modules have a class of that name, in which:
 * {@code `RefusalTest` (Spring)}.
 */
final class ThreatModelPageTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAMED =
            Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT))(?:#([A-Za-z0-9]+))?`(?: \\(([^)]*)\\))?");
    private static final Map<String, List<String>> MODULES = Map.of(
            "core", List.of("secrets-core"),
            "Spring", List.of("spring-boot-starter"),
            "Micronaut", List.of("micronaut-module"),
            "both frameworks", List.of("spring-boot-starter", "micronaut-module"),
            "command line", List.of("secrets-cli"));

    /** Module and text of each test, by the name of its class. */
    private static Map<String, Map<String, String>> tests() throws IOException {
        Map<String, Map<String, String>> tests = new HashMap<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = String.valueOf(folder.getFileName());
                return name.equals("target") || name.equals(".git")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String path = ROOT.relativize(file).toString().replace('\\', '/');
                int sources = path.indexOf("/src/test/java/");
                if (sources > 0 && path.matches(".*(Test|IT)\\.java")) {
                    String name = file.getFileName().toString().replace(".java", "");
                    tests.computeIfAbsent(name, any -> new HashMap<>())
                            .put(path.substring(0, sources) + "/" + name, Files.readString(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return tests;
    }

    private static List<String> missing(String text, Map<String, Map<String, String>> tests) {
        List<String> missing = new ArrayList<>();
        Matcher named = NAMED.matcher(text);
        while (named.find()) {
            Map<String, String> classes = tests.getOrDefault(named.group(1), Map.of());
            if (named.group(3) == null) {
                check(
                        classes.size() == 1
                                && declares(classes.values().iterator().next(), named),
                        named,
                        missing);
            } else {
                Arrays.stream(named.group(3).split(", "))
                        .flatMap(where -> MODULES.getOrDefault(where, List.of("no module: " + where)).stream())
                        .map(module -> module + "/" + named.group(1))
                        .forEach(test -> check(declares(classes.getOrDefault(test, ""), named), named, missing));
            }
        }
        return missing;
    }

    private static boolean declares(String source, Matcher named) {
        String method = named.group(2);
        return method == null ? !source.isEmpty() : source.contains("void " + method + "(");
    }

    private static void check(boolean there, Matcher named, List<String> missing) {
        if (!there) {
            missing.add(named.group());
        }
    }

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/threat-model.md"));
    }

    @Test
    void everyTestThatThePageNamesIsInTheRepository() throws IOException {
        Map<String, Map<String, String>> tests = tests();
        assertThat(NAMED.matcher(page()).results()).hasSizeGreaterThan(60);
        assertThat(missing(page(), tests)).isEmpty();
    }

    @Test
    void everyRowOfTheThreeTablesNamesATest() throws IOException {
        for (String section : List.of("Substitution", "Tampering and parsing", "Faults")) {
            String text = page().split("\n## " + section + "\n", 2)[1].split("\n## ", 2)[0];
            List<String> rows =
                    text.lines().filter(line -> line.startsWith("| ")).skip(1).toList();
            assertThat(rows).as(section).hasSizeGreaterThan(8).allSatisfy(row -> {
                String[] cells = row.split(" \\| ");
                assertThat(cells).as(row).hasSize(3);
                assertThat(NAMED.matcher(cells[2]).find()).as(row).isTrue();
            });
        }
    }

    @Test
    void absentMovedAndAmbiguousTestsAreNoticed() throws IOException {
        Map<String, Map<String, String>> tests = tests();
        String there = "`ThreatModelPageTest`, `DisclosureTest` (Spring), `RefusalsTest` (Micronaut),"
                + " `ThreatModelPageTest#absentMovedAndAmbiguousTestsAreNoticed`";
        assertThat(missing(there, tests)).isEmpty();
        String absent = "`NoSuchTest`, `DisclosureTest`, `RefusalsTest` (Spring), `ThreatModelPageTest` (somewhere),"
                + " `ThreatModelPageTest#noSuchMethod`";
        assertThat(missing(absent, tests)).hasSize(5);
    }
}
