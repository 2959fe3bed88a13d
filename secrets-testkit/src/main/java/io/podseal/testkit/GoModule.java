// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Programs that Go builds from a pinned module, once for each state of its files, into the user's cache folder. Any number of
 * JVMs may ask at once.
 *
 * @param name the folder in the cache
 * @param files the module's files, as resources of this package
 * @param programs what to build
 * @param otherwise what to do instead of installing Go, or nothing
 */
record GoModule(String name, List<String> files, List<GoProgram> programs, String otherwise) {
    private static final System.Logger LOG = System.getLogger(GoModule.class.getName());
    private static final Object THIS_JVM = new Object();

    /** The folder with the programs. */
    Path built() {
        try {
            Path cache = Files.createDirectories(cacheFolder().resolve(name));
            Path built = cache.resolve(hash());
            // A file lock belongs to the whole JVM, so its threads need one of their own.
            synchronized (THIS_JVM) {
                if (!Files.isDirectory(built)) {
                    GoProgram.requireGo(name, otherwise);
                    try (FileChannel channel = FileChannel.open(
                                    cache.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                            FileLock lock = channel.lock()) {
                        if (lock.isValid() && !Files.isDirectory(built)) {
                            build(cache, built);
                        }
                    }
                }
            }
            return built;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path cacheFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path home =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return home.resolve("podseal");
    }

    /** Under the lock, so what an interrupted build left is nobody's. */
    private void build(Path cache, Path built) throws IOException {
        try (Stream<Path> left = Files.list(cache)) {
            left.filter(path -> path.getFileName().toString().startsWith("building-"))
                    .forEach(TemporaryFolder::delete);
        }
        LOG.log(
                System.Logger.Level.INFO,
                "Building {0} with Go, once, into {1}; it may take some minutes",
                name,
                built);
        long start = System.nanoTime();
        Path work = Files.createTempDirectory(cache, "building-");
        Path sources = Files.createDirectory(work.resolve("sources"));
        Path output = Files.createDirectory(work.resolve("output"));
        for (String file : files) {
            Files.write(sources.resolve(file.substring(file.lastIndexOf('/') + 1)), resource(file));
        }
        for (GoProgram program : programs) {
            program.build(sources, output, work.resolve("build.log"));
        }
        Files.move(output, built, StandardCopyOption.ATOMIC_MOVE);
        TemporaryFolder.delete(work);
        LOG.log(
                System.Logger.Level.INFO,
                "Built {0} in {1} s",
                name,
                Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }

    /** Of everything that is ours and decides what is built. */
    private String hash() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
            digest.update((platform + programs).getBytes(UTF_8));
            for (String file : files) {
                digest.update(resource(file));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] resource(String file) throws IOException {
        try (InputStream in = GoModule.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IOException("the test kit's resource " + file + " is missing");
            }
            return in.readAllBytes();
        }
    }
}
