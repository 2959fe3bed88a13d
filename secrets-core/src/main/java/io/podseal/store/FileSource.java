// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One file that holds one token or one keyset document; it may be an item of a mount. */
final class FileSource implements SecretSource {
    private static final int MAX_SWAPS = 100;

    private final Path file;
    private final @Nullable String secretName;
    private final String key;

    FileSource(Path file, @Nullable String secretName, @Nullable String key) {
        this.file = file;
        Path directory = file.toAbsolutePath().normalize().getParent();
        this.secretName = secretName != null ? secretName : MountSource.secretNameOf(directory);
        this.key = key != null ? key : String.valueOf(file.getFileName());
    }

    @Override
    public @Nullable String secretName() {
        return secretName;
    }

    @Override
    public List<SourceItem> read() {
        try {
            return List.of(new SourceItem(key, content()));
        } catch (IOException e) {
            throw RegularFile.failed(file, e);
        }
    }

    /** In a mount the version may be swapped while the link to it is followed; that is no absence. */
    private byte[] content() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return RegularFile.read(file.toRealPath());
            } catch (NoSuchFileException gone) {
                if (attempt == MAX_SWAPS) {
                    throw gone;
                }
            }
        }
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public Watch watch(Executor executor, Runnable changed) {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? () -> {} : DirectoryWatch.start(directory, executor, changed);
    }

    @Override
    public String toString() {
        return "file " + file;
    }
}
