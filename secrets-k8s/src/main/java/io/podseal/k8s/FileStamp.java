// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** Tells whether a file was changed or replaced, links followed, without reading it. */
record FileStamp(FileTime modified, long bytes, @Nullable Object identity) {
    static FileStamp of(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileStamp(now.lastModifiedTime(), now.size(), now.fileKey());
    }
}
