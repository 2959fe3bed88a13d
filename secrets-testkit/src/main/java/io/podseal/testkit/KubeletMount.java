// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A volume as the kubelet's atomic writer lays it out and updates it: the items lie in a hidden directory named after the
 * time, {@code ..data} is a link to that directory, and each item is a link through {@code ..data}. An update writes another
 * directory and renames a new link over {@code ..data}, so all items change in one step; then links of items that are gone
 * are removed, and the old directory. Not thread-safe.
 */
public final class KubeletMount {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("'..'uuuu_MM_dd_HH_mm_ss'.'");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final String DATA = "..data";
    private static final String NEW_DATA = "..data_tmp";
    private static final int LONGEST_NAME = 255;

    private final Path directory;
    private final Set<PosixFilePermission> fileMode;

    /** A volume with the default mode of Secret volumes, {@code rw-r--r--}. */
    public KubeletMount(Path directory) {
        this(directory, "rw-r--r--");
    }

    /**
     * A volume at that directory, which is made where it is absent; what is mounted there already is updated.
     *
     * @param fileMode of the items, as {@code ls -l} shows it
     */
    public KubeletMount(Path directory, String fileMode) {
        this.directory = directory;
        this.fileMode = PosixFilePermissions.fromString(fileMode);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    /** {@link #write} of texts, in UTF-8. */
    public KubeletMount writeTexts(Map<String, String> items) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        items.forEach((path, text) -> bytes.put(path, text.getBytes(UTF_8)));
        return write(bytes);
    }

    /**
     * Replaces all items by these. As the kubelet, it writes nothing where they are mounted already.
     *
     * @param items by relative path, which may lead through directories
     */
    public KubeletMount write(Map<String, byte[]> items) {
        items.keySet().forEach(KubeletMount::requireProjectable);
        try {
            Path old = current();
            Set<String> gone = old == null ? Set.of() : gone(old, items.keySet());
            boolean changed = old == null || !gone.isEmpty() || differs(old, items);
            if (changed) {
                swapTo(written(items));
            }
            for (String path : items.keySet()) {
                link(path.split("/", 2)[0]);
            }
            for (String path : gone) {
                if (path.indexOf('/') < 0) {
                    Files.delete(directory.resolve(path));
                }
            }
            if (changed && old != null) {
                TemporaryFolder.delete(old);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireProjectable(String path) {
        boolean projectable = !path.isEmpty() && !path.startsWith("/") && !path.startsWith("..");
        for (String name : path.split("/", -1)) {
            projectable &= !name.equals("..") && name.length() <= LONGEST_NAME;
        }
        if (!projectable) {
            throw new IllegalArgumentException("the kubelet does not project an item at " + path);
        }
    }

    private @Nullable Path current() throws IOException {
        Path data = directory.resolve(DATA);
        return Files.isSymbolicLink(data) ? directory.resolve(Files.readSymbolicLink(data)) : null;
    }

    /** The paths in the old directory that none of these is, or lies below. */
    private static Set<String> gone(Path old, Set<String> paths) throws IOException {
        Set<String> gone = new TreeSet<>();
        try (Stream<Path> entries = Files.walk(old)) {
            entries.filter(entry -> !entry.equals(old))
                    .forEach(entry -> gone.add(old.relativize(entry).toString()));
        }
        gone.removeIf(path -> paths.stream().anyMatch(kept -> kept.equals(path) || kept.startsWith(path + "/")));
        return gone;
    }

    private static boolean differs(Path old, Map<String, byte[]> items) throws IOException {
        for (Map.Entry<String, byte[]> item : items.entrySet()) {
            Path file = old.resolve(item.getKey());
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    || !Arrays.equals(Files.readAllBytes(file), item.getValue())) {
                return true;
            }
        }
        return false;
    }

    private Path written(Map<String, byte[]> items) throws IOException {
        String random = Integer.toUnsignedString(ThreadLocalRandom.current().nextInt());
        Path next = Files.createDirectory(directory.resolve(TIME.format(LocalDateTime.now(ZoneOffset.UTC)) + random));
        // Set after the fact, because a mode at creation is subject to the umask.
        Files.setPosixFilePermissions(next, DIRECTORY);
        for (Map.Entry<String, byte[]> item : items.entrySet()) {
            Path file = next.resolve(item.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, item.getValue());
            Files.setPosixFilePermissions(file, fileMode);
        }
        return next;
    }

    private void swapTo(Path next) throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve(NEW_DATA), next.getFileName());
        Files.move(link, directory.resolve(DATA), ATOMIC_MOVE);
    }

    private void link(String name) throws IOException {
        Path link = directory.resolve(name);
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, Path.of(DATA, name));
        }
    }
}
