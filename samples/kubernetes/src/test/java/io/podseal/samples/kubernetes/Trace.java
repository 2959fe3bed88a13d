// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.podseal.testkit.MissingPart;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code strace} saw of a process and its threads: the files that they opened for writing, and the bytes that they wrote
 * to files, also to those that are gone by now.
 *
 * @param files by name
 * @param unseen those into which the kernel brought bytes that {@code strace} does not show: mapped, or copied from a file
 * @param written in the order in which it was written, each piece behind the other
 */
record Trace(Set<Path> files, Set<Path> unseen, byte[] written) {
    private static final String OPENING = "open,openat,openat2,creat";
    private static final String WRITING = "write,pwrite64,writev,pwritev,pwritev2";
    private static final String UNSEEN_WRITING = "mmap,sendfile,copy_file_range,splice";
    private static final int WHOLE = 1 << 24;

    /** The folder that a relative path begins in, the path that was asked for, the flags, and the path that was opened. */
    private static final Pattern OPEN = Pattern.compile(
            "\\d+ +(?:open\\w*|creat)\\((?:\\w+<([^>]*)>[^,]*, )?\"([^\"]*)\", (.*?)(?:= \\d+<([^>]*)>.*)?");

    private static final Pattern FOR_WRITING = Pattern.compile("O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND");
    /** To a file, which has a path; not to a socket or a pipe. One that was deleted says so behind its path. */
    private static final Pattern WRITE = Pattern.compile("\\d+ +p?write\\w*\\(\\d+<\\\\x2f[^>]*>[^,]*, (.*)");

    private static final Pattern UNSEEN_WRITE = Pattern.compile("\\d+ +(?:sendfile\\w*\\("
            + "|(?:copy_file_range|splice)\\(\\d+<[^>]*>[^,]*, [^,]*, "
            + "|mmap\\w*\\([^\"]*PROT_WRITE\\S* MAP_SHARED\\S* )"
            + "\\d+<(\\\\x2f[^>]*)>.*");

    /** Another thread came between the beginning of a call and its end. */
    private static final Pattern BEGUN = Pattern.compile("((\\d+) .*) <unfinished \\.\\.\\.>");

    private static final Pattern RESUMED = Pattern.compile("(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)");

    /** Skips the test where there is no {@code strace}; fails it where {@code CI=true}. */
    static void assumePossible() {
        if (!Program.works("strace", "-V")) {
            MissingPart.abort("strace is not installed, so nothing says which files a process writes");
        }
    }

    /** The command that runs another and writes what it does to that file. */
    static List<String> command(Path file) {
        return List.of(
                "strace",
                "-f",
                "-qq",
                "-y",
                "-xx",
                "-s",
                String.valueOf(WHOLE),
                "--seccomp-bpf",
                "-e",
                "signal=none",
                "-e",
                "trace=" + OPENING + "," + WRITING + "," + UNSEEN_WRITING,
                "-o",
                file.toString());
    }

    static Trace read(Path file) {
        Trace.Reader reader = new Trace.Reader();
        try (BufferedReader lines = Files.newBufferedReader(file, ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reader.line(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reader.end();
    }

    private static final class Reader {
        private final Map<String, String> begun = new LinkedHashMap<>();
        private final Set<Path> files = new TreeSet<>();
        private final Set<Path> unseen = new TreeSet<>();
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();

        void line(String line) {
            Matcher beginning = BEGUN.matcher(line);
            Matcher ending = RESUMED.matcher(line);
            if (beginning.matches()) {
                begun.put(beginning.group(2), beginning.group(1));
            } else if (ending.matches()) {
                String before = begun.remove(ending.group(1));
                call(before == null ? line : before + ending.group(2));
            } else {
                call(line);
            }
        }

        private void call(String line) {
            Matcher open = OPEN.matcher(line);
            Matcher write = WRITE.matcher(line);
            Matcher unseenWrite = UNSEEN_WRITE.matcher(line);
            if (open.matches()) {
                boolean forWriting = line.contains(" creat(")
                        || FOR_WRITING.matcher(open.group(3)).find();
                if (forWriting && !line.contains(" = -1 ")) {
                    files.add(opened(open));
                }
            } else if (write.matches()) {
                // every text is written in hexadecimal, so a quotation mark is always one of strace's
                String[] parts = write.group(1).split("\"");
                for (int i = 1; i < parts.length; i += 2) {
                    written.writeBytes(decoded(parts[i]));
                }
            } else if (unseenWrite.matches()) {
                unseen.add(path(unseenWrite.group(1)));
            }
        }

        /** As the kernel says, or as it was asked for, where the process ended before it was told. */
        private static Path opened(Matcher open) {
            Path opened = open.group(4) != null
                    ? path(open.group(4))
                    : path(open.group(1) == null ? "" : open.group(1)).resolve(path(open.group(2)));
            if (!opened.isAbsolute()) {
                throw new IllegalStateException("nothing says in which folder this is: " + opened);
            }
            return opened;
        }

        Trace end() {
            begun.values().forEach(this::call);
            return new Trace(files, unseen, written.toByteArray());
        }
    }

    private static Path path(String text) {
        return Path.of(new String(decoded(text), ISO_8859_1));
    }

    private static byte[] decoded(String text) {
        return HexFormat.of().parseHex(text.replace("\\x", ""));
    }
}
