// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import io.podseal.Scope;
import io.podseal.keyset.EncryptedKeyset;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A directory of items. The kubelet writes a new version beside the old one, swaps the link {@code ..data} to it and only
 * then removes the old one; so a version was read whole if the link still points to it afterwards.
 */
final class MountSource implements SecretSource {
    private static final String CURRENT = "..data";
    private static final int MAX_SWAPS = 100;
    private static final long MAX_TOTAL_BYTES = 64L * 1024 * 1024;

    private final Path directory;
    private final @Nullable String secretName;
    private final boolean documentsOnly;

    /** @param documentsOnly whether to read keyset documents only, whatever else lies beside them */
    MountSource(Path directory, @Nullable String secretName, boolean documentsOnly) {
        this.directory = directory;
        this.secretName = secretName != null ? secretName : secretNameOf(directory);
        this.documentsOnly = documentsOnly;
    }

    /** The name of the directory, where it can be a Secret's. */
    static @Nullable String secretNameOf(@Nullable Path directory) {
        Path last = directory == null ? null : directory.getFileName();
        return last != null && Scope.isSecretName(last.toString()) ? last.toString() : null;
    }

    @Override
    public @Nullable String secretName() {
        return secretName;
    }

    @Override
    public List<SourceItem> read() {
        try {
            List<SourceItem> items = isLive() ? readCurrent() : readVersion(directory);
            if (items.isEmpty()) {
                throw ErrorCode.SOURCE_MISSING.because(
                        documentsOnly
                                ? this + " has no item that ends with " + EncryptedKeyset.FILE_SUFFIX
                                        + "; deliver the account's keyset document there, or correct podseal.keysets"
                                : this
                                        + " is empty; put sealed values into the Secret, or write 'optional:' in front of"
                                        + " the location");
            }
            return items;
        } catch (NotDirectoryException e) {
            throw ErrorCode.CONFIGURATION.because(
                    e.getFile() + " is not a directory; for one file write file:" + e.getFile(), e);
        } catch (IOException e) {
            throw RegularFile.failed(directory, e);
        }
    }

    private List<SourceItem> readCurrent() throws IOException {
        Path link = directory.resolve(CURRENT);
        for (int attempt = 0; attempt < MAX_SWAPS; attempt++) {
            Path version = Files.readSymbolicLink(link);
            if (version.isAbsolute() || version.getNameCount() != 1) {
                throw ErrorCode.SOURCE_DENIED.because(link + " does not point to a directory beside it");
            }
            try {
                List<SourceItem> items = readVersion(directory.resolve(version));
                if (version.equals(Files.readSymbolicLink(link))) {
                    return items;
                }
            } catch (NoSuchFileException | NotDirectoryException gone) {
                if (version.equals(Files.readSymbolicLink(link))) {
                    throw gone;
                }
            }
        }
        throw ErrorCode.SOURCE_UNAVAILABLE.because(
                this + " was replaced " + MAX_SWAPS + " times while it was read; it is read again later");
    }

    private List<SourceItem> readVersion(Path version) throws IOException {
        List<SourceItem> items = new ArrayList<>();
        long total = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(withinMount(version))) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (documentsOnly && !ItemFilter.isKeysetDocument(name)) {
                    continue;
                }
                byte[] content = RegularFile.read(Files.isSymbolicLink(file) ? withinMount(file) : file);
                total += content.length;
                if (items.size() == MAX_ITEMS || total > MAX_TOTAL_BYTES) {
                    throw ErrorCode.SIZE.because(this + " has more than " + MAX_ITEMS + " items, or more than "
                            + MAX_TOTAL_BYTES + " bytes in all");
                }
                items.add(new SourceItem(name, content));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return items;
    }

    private Path withinMount(Path path) throws IOException {
        Path target = path.toRealPath();
        if (!target.startsWith(directory.toRealPath())) {
            throw ErrorCode.SOURCE_DENIED
                    .because("a link out of the mount; only what lies in it is read")
                    .at(path.toString());
        }
        return target;
    }

    @Override
    public boolean isLive() {
        return Files.exists(directory.resolve(CURRENT), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public Watch watch(Executor executor, Runnable changed) {
        return isLive() ? DirectoryWatch.start(directory, executor, changed) : () -> {};
    }

    @Override
    public String toString() {
        return "mount " + directory;
    }
}
