// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.ErrorCode;
import io.podseal.OneLine;
import io.podseal.store.SecretSource;
import io.podseal.store.SourceItem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One Secret of a manifest file, read as static. */
final class ManifestSource implements SecretSource {
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private final Path file;
    private final @Nullable String objectName;
    private volatile @Nullable String secretName;

    ManifestSource(Path file, @Nullable String objectName, @Nullable String sealedAs) {
        this.file = file;
        this.objectName = objectName;
        this.secretName = sealedAs != null ? sealedAs : objectName;
    }

    @Override
    public List<SourceItem> read() {
        ManifestSecret secret = chosen(ManifestSecret.allIn(content(), toString()));
        if (secretName == null) {
            secretName = secret.name();
        }
        List<SourceItem> items = secret.items(toString());
        if (items.isEmpty()) {
            throw ErrorCode.SOURCE_MISSING.because(this + ": its Secret has no items; put sealed values into it");
        }
        return items;
    }

    private byte[] content() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw ErrorCode.SIZE.because(this + " has more than " + MAX_BYTES + " bytes");
            }
            return content;
        } catch (NoSuchFileException e) {
            throw ErrorCode.SOURCE_MISSING.because(this + " does not exist; correct the location", e);
        } catch (AccessDeniedException e) {
            throw ErrorCode.SOURCE_DENIED.because(this + " may not be read by this process", e);
        } catch (IOException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because(this + " cannot be read", e);
        }
    }

    private ManifestSecret chosen(List<ManifestSecret> secrets) {
        List<ManifestSecret> matching = secrets.stream()
                .filter(secret -> objectName == null || objectName.equals(secret.name()))
                .toList();
        String names =
                OneLine.of(secrets.stream().map(ManifestSecret::nameOrPosition).collect(Collectors.joining(", ")));
        if (matching.isEmpty()) {
            throw ErrorCode.SOURCE_MISSING.because(
                    secrets.isEmpty()
                            ? this + " holds no Secret; correct the location"
                            : this + " holds no Secret '" + objectName + "'; it holds " + names);
        }
        if (matching.size() > 1) {
            throw ErrorCode.CONFIGURATION.because(
                    objectName == null
                            ? this + " holds several Secrets; add ?name=<one of " + names + ">"
                            : this + " holds several Secrets '" + objectName + "'; keep one of them");
        }
        return matching.get(0);
    }

    /** Where the location does not say it, it is known once the file was read. */
    @Override
    public @Nullable String secretName() {
        return secretName;
    }

    @Override
    public String toString() {
        return "manifest " + file;
    }
}
