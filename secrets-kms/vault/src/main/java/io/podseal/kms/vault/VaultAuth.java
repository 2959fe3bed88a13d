// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How to log in. Files are read at each login, so what rotates them is followed. Immutable. */
public final class VaultAuth {
    /** Where the kubelet puts a pod's token. */
    static final Path POD_TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

    private static final int MAX_BYTES = 64 * 1024;

    private final @Nullable String mount;
    private final Map<String, String> words = new LinkedHashMap<>();
    private final String fileField;
    private final @Nullable Path file;

    private VaultAuth(@Nullable String mount, String fileField, @Nullable Path file) {
        if (mount != null && !VaultUri.isPath(mount)) {
            throw ErrorCode.CONFIGURATION.because(
                    "podseal.kms.vault.auth-mount must be a path of letters, digits and -._~");
        }
        this.mount = mount;
        this.fileField = fileField;
        this.file = file;
    }

    /** The Kubernetes method with a role, mounted as {@code kubernetes}, with the pod's own token. */
    public static VaultAuth kubernetes(String role) {
        return kubernetes("kubernetes", role, POD_TOKEN);
    }

    /** The Kubernetes method. */
    public static VaultAuth kubernetes(String mount, String role, Path tokenFile) {
        return new VaultAuth(mount, "jwt", tokenFile).with("role", role);
    }

    /**
     * The JWT method.
     *
     * @param role or null for the mount's default role
     */
    public static VaultAuth jwt(String mount, @Nullable String role, Path tokenFile) {
        return new VaultAuth(mount, "jwt", tokenFile).with("role", role);
    }

    /**
     * The AppRole method.
     *
     * @param secretIdFile or null for a role that asks for none
     */
    public static VaultAuth appRole(String mount, String roleId, @Nullable Path secretIdFile) {
        return new VaultAuth(mount, "secret_id", secretIdFile).with("role_id", roleId);
    }

    /** A token that somebody else keeps valid, such as an agent. */
    public static VaultAuth token(Path tokenFile) {
        return new VaultAuth(null, "", tokenFile);
    }

    private VaultAuth with(String field, @Nullable String word) {
        if (word != null) {
            words.put(field, word);
        }
        return this;
    }

    /** The path to log in at, or null where the token is there already. */
    @Nullable
    String loginPath() {
        return mount == null ? null : "auth/" + mount + "/login";
    }

    /** What to post there. */
    byte[] loginBody() {
        Map<String, String> fields = new LinkedHashMap<>(words);
        if (file != null) {
            fields.put(fileField, credential());
        }
        return Json.object(fields);
    }

    /**
     * The credential in the file.
     *
     * @throws PodsealException {@code CONFIGURATION} where there is none
     */
    String credential() {
        if (file == null) {
            throw new IllegalStateException("this way to log in has no file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MAX_BYTES), US_ASCII).strip();
            if (!text.matches("[!#-\\[\\]-~]{1," + (MAX_BYTES - 1) + "}")) {
                throw ErrorCode.CONFIGURATION.because("the file " + file
                        + " holds no token or secret id for Vault: one word of printable characters");
            }
            return text;
        } catch (IOException e) {
            throw ErrorCode.CONFIGURATION.because("the file " + file + " for the login to Vault cannot be read ("
                    + e.getClass().getSimpleName()
                    + "); see to podseal.kms.vault.token-file or secret-id-file, and to the mount of the pod");
        }
    }

    /** Which kind; never a credential. */
    @Override
    public String toString() {
        return "VaultAuth[" + (mount == null ? "token" : mount) + "]";
    }
}
