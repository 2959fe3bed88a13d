// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The ServiceAccount token in a file that the kubelet replaces before the token expires: asked at every call. Thread-safe. */
final class TokenFile implements OAuthTokenProvider {
    private static final int MAX_BYTES = 64 * 1024;
    /** What a header may hold: anything else would be a mistake, and would reach a message of the HTTP client. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    private final Path file;
    private @Nullable FileStamp stamp;
    private String token = "";

    TokenFile(Path file) {
        this.file = file;
    }

    /**
     * The token, read again where the file is another one.
     *
     * @throws PodsealException {@code SOURCE_DENIED} or {@code SOURCE_UNAVAILABLE} where there is none
     */
    @Override
    public synchronized String getToken() {
        try {
            FileStamp now = FileStamp.of(file);
            if (!now.equals(stamp)) {
                token = read();
                stamp = now;
            }
            return token;
        } catch (NoSuchFileException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because(
                    this + " is not there; let the pod mount one"
                            + " (automountServiceAccountToken, or a projected volume), or correct podseal.kubernetes.token-file");
        } catch (AccessDeniedException e) {
            throw ErrorCode.SOURCE_DENIED.because(
                    this + " may not be read by this process; let the pod's fsGroup or the"
                            + " volume's defaultMode allow it");
        } catch (IOException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because(this + " cannot be read", e);
        }
    }

    private String read() throws IOException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_BYTES);
        }
        String text = new String(content, ISO_8859_1).strip();
        if (content.length == MAX_BYTES || !TOKEN.matcher(text).matches()) {
            throw ErrorCode.SOURCE_DENIED.because(this + " does not hold a token");
        }
        return text;
    }

    @Override
    public String toString() {
        return "the token file " + file;
    }
}
