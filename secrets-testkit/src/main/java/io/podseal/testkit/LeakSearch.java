// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * A search for canaries where they may have leaked, in the forms in which values leak: as they are, base64 at any offset in
 * either alphabet, hexadecimal, lists of bytes, URL-encoded, JSON strings, UTF-16. Not found are values that are compressed,
 * encrypted, cut, or broken into lines.
 *
 * <p>Every search has a positive control, and throws an {@link AssertionError} where it does not find that: a search that
 * could not have found anything proves nothing. For texts, bytes and exceptions the search plants it itself. For files and
 * processes {@link #control} must be put, by the way that a leak would go, where the search will look: a line in the log, an
 * item beside the sealed one, a variable in the environment.
 *
 * <p>Immutable and thread-safe. A search returns when all has been read, and has no time limit. Failures to read are
 * unchecked: what cannot be read has not been searched.
 */
public final class LeakSearch {
    private final Canary control;
    private final LeakScan scan;

    private LeakSearch(List<Canary> secrets) {
        this.control = Canary.random("control");
        this.scan = LeakScan.of(secrets, control);
    }

    /** A search for all of these. */
    public static LeakSearch of(Canary... secrets) {
        return new LeakSearch(List.of(secrets));
    }

    /** What must be found. */
    public Canary control() {
        return control;
    }

    /** Searches bytes, for example a response or the raw value of a store. */
    public LeakReport inBytes(byte[] bytes) {
        LeakScan search = scan.anew();
        byte[] planted = new byte[bytes.length + 1 + control.bytes().length];
        System.arraycopy(bytes, 0, planted, 0, bytes.length);
        System.arraycopy(control.bytes(), 0, planted, bytes.length + 1, planted.length - bytes.length - 1);
        search.read("bytes", planted);
        return search.report("bytes");
    }

    /** Searches a text. */
    public LeakReport inText(CharSequence text) {
        LeakScan search = scan.anew();
        search.read("text", (text + "\n" + control.text()).getBytes(UTF_8));
        return search.report("text");
    }

    /** Searches messages, descriptions and stack traces of an exception, its causes and what it suppressed. */
    public LeakReport inThrowable(Throwable thrown) {
        Throwable top = new Throwable(thrown);
        top.addSuppressed(new Throwable(new Throwable(control.text())));
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> open = new ArrayDeque<>(List.of(top));
        while (!open.isEmpty()) {
            Throwable next = open.pop();
            if (seen.add(next)) {
                out.println(next.getMessage());
                out.println(next.getLocalizedMessage());
                out.println(next);
                open.addAll(List.of(next.getSuppressed()));
                if (next.getCause() != null) {
                    open.add(next.getCause());
                }
            }
        }
        thrown.printStackTrace(out);
        out.flush();
        LeakScan search = scan.anew();
        search.read("exception", text.toString().getBytes(UTF_8));
        return search.report("exception");
    }

    /**
     * Searches regular files, and whole trees with the names in them. No link is followed, except the ones given. Files that
     * vanish meanwhile are left out.
     */
    public LeakReport inFiles(Path... roots) {
        LeakScan search = scan.anew();
        try {
            for (Path root : roots) {
                Files.walkFileTree(root.toRealPath(), new FileScan(search, root));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return search.report("the files " + List.of(roots));
    }

    private static final class FileScan extends SimpleFileVisitor<Path> {
        private final LeakScan search;
        private final Path root;

        FileScan(LeakScan search, Path root) {
            this.search = search;
            this.root = root;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            name(directory);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            name(file);
            if (attributes.isRegularFile()) {
                try (InputStream in = Files.newInputStream(file)) {
                    search.read(file.toString(), 0, in::read);
                } catch (NoSuchFileException vanished) {
                    return FileVisitResult.CONTINUE;
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        private void name(Path path) {
            search.read(
                    "a file name below " + root, path.getFileName().toString().getBytes(UTF_8));
        }
    }

    /** Searches the environment that a process was started with; Linux only. */
    public LeakReport inEnvironment(long pid) {
        return inFiles(proc(pid, "environ"));
    }

    /** Searches the command line of a process; Linux only. */
    public LeakReport inCommandLine(long pid) {
        return inFiles(proc(pid, "cmdline"));
    }

    /**
     * Searches the memory of another process, all that it can read itself, while it stands still; Linux only, and only with
     * the right to trace it, as the parent of a process usually has. Not the memory of this one: what the search reads it
     * would find again.
     *
     * @throws IllegalArgumentException where it is this process
     */
    public LeakReport inMemory(long pid) {
        LeakScan search = scan.anew();
        try {
            ProcessMemory.read(pid, search);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return search.report("the memory of process " + pid);
    }

    private static Path proc(long pid, String file) {
        return Path.of("/proc", Long.toString(pid), file);
    }
}
