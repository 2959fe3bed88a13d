// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code strace} saw of a process and its threads: the files that they opened for writing, and every byte that they wrote
 * to a file, also to one that is gone by now.
 *
 * @param files by name
 * @param written in the order in which it was written, each piece behind the other
 */
record Trace(Set<Path> files, byte[] written) {
    private static final String OPENING = "open,openat,openat2,creat";
    private static final String WRITING = "write,pwrite64,writev,pwritev,pwritev2";
    private static final int WHOLE = 1 << 24;

    /** With the path that was asked for, the flags behind it, and the path that was opened. */
    private static final Pattern OPEN =
            Pattern.compile("\\d+ +(?:open\\w*|creat)\\([^\"]*\"([^\"]*)\", (.*?)(?:= \\d+<([^>]*)>)?");

    private static final Pattern FOR_WRITING = Pattern.compile("O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND");
    /** To a file, which has a path; not to a socket or a pipe. */
    private static final Pattern WRITE = Pattern.compile("\\d+ +p?write\\w*\\(\\d+<\\\\x2f[^>]*>, (.*)");

    /** Skips the test where there is no {@code strace}; fails it where {@code CI=true}. */
    static void assumePossible() {
        if (!Program.works("strace", "-V")) {
            Missing.part("strace is not installed, so nothing says which files a process writes");
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
                "trace=" + OPENING + "," + WRITING,
                "-o",
                file.toString());
    }

    static Trace read(Path file) {
        Set<Path> files = new TreeSet<>();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try (BufferedReader lines = Files.newBufferedReader(file, ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher open = OPEN.matcher(line);
                Matcher write = WRITE.matcher(line);
                if (open.matches()
                        && !line.contains(" = -1 ")
                        && (line.contains(" creat(")
                                || FOR_WRITING.matcher(open.group(2)).find())) {
                    files.add(path(open.group(3) != null ? open.group(3) : open.group(1)));
                } else if (write.matches()) {
                    // every text is written in hexadecimal, so a quotation mark is always one of strace's
                    String[] parts = write.group(1).split("\"");
                    for (int i = 1; i < parts.length; i += 2) {
                        written.writeBytes(decoded(parts[i]));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Trace(files, written.toByteArray());
    }

    private static Path path(String text) {
        return Path.of(new String(decoded(text), ISO_8859_1));
    }

    private static byte[] decoded(String text) {
        return HexFormat.of().parseHex(text.replace("\\x", ""));
    }
}
