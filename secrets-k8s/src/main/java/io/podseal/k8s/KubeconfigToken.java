// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.podseal.PodsealException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The token of one user of a kubeconfig, read again when that file changes. Only that user's: another current context may be
 * another cluster's, which must not be shown to this one. Thread-safe.
 */
final class KubeconfigToken implements OAuthTokenProvider {
    private final Path file;
    private final String userName;
    private @Nullable FileStamp stamp;
    private String token;

    /** @param token what was read already */
    KubeconfigToken(Path file, String userName, String token) {
        this.file = file;
        this.userName = userName;
        this.token = token;
    }

    /** What was readable last decides while a replacement is not. */
    @Override
    public synchronized String getToken() {
        try {
            FileStamp now = FileStamp.of(file);
            if (!now.equals(stamp)) {
                String read = Kubeconfig.token(file, userName);
                token = read == null ? token : read;
                stamp = now;
            }
        } catch (IOException | PodsealException notYet) {
            return token;
        }
        return token;
    }

    /** Without it. */
    @Override
    public String toString() {
        return "the token of a user in the kubeconfig " + file;
    }
}
