// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Files that a command writes: to a temporary name beside the target, then renamed, so that nobody ever sees half a file and
 * a failure leaves the old one. Nothing is overwritten unless asked.
 */
final class Output {
    private final Path target;
    private final boolean replace;

    private Output(Path target, boolean replace) {
        this.target = target;
        this.replace = replace;
    }

    /** Writes the content of the temporary file. */
    interface Writer {
        void write(Path temporary) throws IOException;
    }

    /** A file that must not be there yet, unless forced. Checked now, before any work, and again when written. */
    static Output to(Path target, boolean force) {
        if (!force && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(target);
        }
        return new Output(target, force);
    }

    /** A file that is there and will be replaced. */
    static Output replacing(Path target) {
        return new Output(target, true);
    }

    void write(byte[] content) {
        // Created like any other file, so that its mode is what the umask gives.
        write(temporary -> {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
        });
    }

    void write(Writer writer) {
        try {
            Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
            byte[] random = new byte[6];
            new SecureRandom().nextBytes(random);
            Path temporary = real.resolveSibling(".podseal-" + HexFormat.of().formatHex(random) + ".tmp");
            try {
                writer.write(temporary);
                publish(temporary, real);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (FileAlreadyExistsException e) {
            throw exists(target);
        } catch (NoSuchFileException e) {
            throw ErrorCode.CONFIGURATION.because("the folder of " + target + " does not exist; make it first");
        } catch (AccessDeniedException e) {
            throw ErrorCode.CONFIGURATION.because("the folder of " + target + " may not be written by this user");
        } catch (IOException e) {
            throw ErrorCode.CONFIGURATION.because(
                    target + " cannot be written (" + e.getClass().getSimpleName() + ")");
        }
    }

    private void publish(Path temporary, Path real) throws IOException {
        if (replace) {
            Files.move(temporary, real, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try {
            // A rename would overwrite what somebody else put there meanwhile; a link refuses.
            Files.createLink(real, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException noLinksHere) {
            if (Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(real.toString());
            }
            Files.move(temporary, real, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static PodsealException exists(Path target) {
        return ErrorCode.CONFIGURATION.because(
                target + " exists already and is not overwritten; choose another name, or add --force");
    }
}
