// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Reads regular files only, to a limit: a FIFO would hang the reader, a device never end. */
final class RegularFile {
    private RegularFile() {}

    /** @throws NoSuchFileException where it has gone away, which a caller that retries wants to know */
    static byte[] read(Path file) throws IOException {
        // not Files.isRegularFile: that answers "no" where it may not look
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw ErrorCode.SOURCE_DENIED
                    .because("not a regular file; only files are read")
                    .at(file.toString());
        }
        byte[] content;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            content = in.readNBytes(SecretSource.MAX_ITEM_BYTES + 1);
        }
        if (content.length > SecretSource.MAX_ITEM_BYTES) {
            throw ErrorCode.SIZE
                    .because("more than " + SecretSource.MAX_ITEM_BYTES + " bytes, the limit of an item")
                    .at(file.toString());
        }
        return content;
    }

    /** What a failure to read that path means: it is missing only where it is itself what is not there. */
    static PodsealException failed(Path path, IOException e) {
        if (e instanceof NoSuchFileException gone && path.toString().equals(gone.getFile())) {
            return ErrorCode.SOURCE_MISSING.because(
                    "there is no " + path + "; mount the Secret there, correct the path, or"
                            + " write 'optional:' in front of the location",
                    e);
        }
        if (e instanceof AccessDeniedException) {
            return ErrorCode.SOURCE_DENIED.because(
                    path + " may not be read by this user; correct its mode or the pod's fsGroup", e);
        }
        return ErrorCode.SOURCE_UNAVAILABLE.because(
                path + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
}
