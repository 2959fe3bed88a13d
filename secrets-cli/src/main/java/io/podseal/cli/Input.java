// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a command reads, whole and bounded. */
final class Input {
    /** Enough for every keyset document and for its parser to refuse a longer one. */
    static final int MAX_DOCUMENT_BYTES = 1024 * 1024;

    private static final Path STANDARD_INPUT = Path.of("-");

    private Input() {}

    /** A file, or standard input where it is called {@code -}. */
    static byte[] read(Path file, int maxBytes, String what, Streams streams) {
        return file.equals(STANDARD_INPUT) ? standardInput(maxBytes, what, streams) : file(file, maxBytes, what);
    }

    static byte[] file(Path file, int maxBytes, String what) {
        if (Files.isDirectory(file)) {
            throw ErrorCode.CONFIGURATION.because(file + " is a directory; name " + what);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return bounded(in, maxBytes, what + " " + file);
        } catch (NoSuchFileException e) {
            throw ErrorCode.SOURCE_MISSING.because("there is no file " + file + "; name " + what);
        } catch (AccessDeniedException e) {
            throw ErrorCode.SOURCE_DENIED.because(file + " may not be read by this user");
        } catch (IOException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because(
                    file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    static byte[] standardInput(int maxBytes, String what, Streams streams) {
        try {
            return bounded(streams.in(), maxBytes, what + " on standard input");
        } catch (IOException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because(
                    "standard input cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static byte[] bounded(InputStream in, int maxBytes, String what) throws IOException {
        byte[] bytes = in.readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw ErrorCode.SIZE.because(what + " has more than " + maxBytes + " bytes");
        }
        return bytes;
    }
}
