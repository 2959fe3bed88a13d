// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.EnumSet;
import java.util.Set;

/**
 * The KMS of {@code local-kms:<absolute path>}: the KEK lies in a file on this machine. For development, demonstrations and
 * tests; whoever reads the file opens everything, so in a cluster it is refused unless allowed by name. Immutable and
 * thread-safe; the file is read anew at every call.
 */
public final class LocalKms implements KmsClient {
    private static final String SCHEME = "local-kms:";
    private static final Path POD_TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");
    private static final int MAX_BYTES = 64 * 1024;
    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final boolean refused;

    LocalKms(boolean refused) {
        this.refused = refused;
    }

    /** A client that refuses to work where a ServiceAccount token file or {@code KUBERNETES_SERVICE_HOST} is present. */
    public static LocalKms create() {
        return new LocalKms(System.getenv("KUBERNETES_SERVICE_HOST") != null || Files.exists(POD_TOKEN));
    }

    /** A client that works in a cluster too: for tests and command lines on machines that happen to be pods. */
    public static LocalKms allowedInCluster() {
        return new LocalKms(false);
    }

    /**
     * Makes a KEK file with mode 0600.
     *
     * @throws FileAlreadyExistsException where the file is there already
     * @throws IOException where it cannot be written
     */
    public static void createKek(Path file) throws IOException {
        try {
            KeysetHandle kek = KeysetHandle.newBuilder()
                    .setConfiguration(AeadConfig2026.get())
                    .addEntry(KeysetHandle.generateEntryFromParameters(KeyType.AES256_GCM.parameters())
                            .withRandomId()
                            .makePrimary())
                    .build();
            String json =
                    TinkJsonProtoKeysetFormat.serializeKeyset(kek, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, json);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink can make an AES key", e);
        }
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return keyUri.startsWith(SCHEME);
    }

    @Override
    public KmsClient withCredentials(String credentialPath) {
        return this;
    }

    @Override
    public KmsClient withDefaultCredentials() {
        return this;
    }

    /** An AEAD that reads the KEK file at every call, and throws {@link PodsealException} where it may not be used. */
    @Override
    public Aead getAead(String keyUri) {
        if (!doesSupport(keyUri)) {
            throw ErrorCode.CONFIGURATION.because("not a local-kms: KEK; hand in the client of its own scheme");
        }
        KekUri.requireWellFormed(keyUri);
        Path file = Path.of(keyUri.substring(SCHEME.length()));
        return new Aead() {
            @Override
            public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
                return kek(file).encrypt(plaintext, associatedData);
            }

            @Override
            public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
                return kek(file).decrypt(ciphertext, associatedData);
            }
        };
    }

    private Aead kek(Path file) throws GeneralSecurityException {
        if (refused) {
            throw ErrorCode.KEYSET_POLICY.because(
                    "local-kms: is for development, and this process runs in a cluster; wrap"
                            + " the keyset for a real KMS, or set podseal.kms.local.allow-in-cluster=true");
        }
        KeysetHandle kek = read(file);
        if (kek.size() != 1
                || kek.getAt(0).getStatus() != KeyStatus.ENABLED
                || !KeyType.AES256_GCM.parameters().equals(kek.getAt(0).getKey().getParameters())) {
            throw notAKek(file);
        }
        return kek.getPrimitive(AeadConfig2026.get(), Aead.class);
    }

    private static KeysetHandle read(Path file) {
        try {
            if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
                throw ErrorCode.KEYSET_POLICY.because("others can read the KEK file " + file + "; run chmod 600 on it");
            }
            byte[] json;
            try (InputStream in = Files.newInputStream(file)) {
                json = in.readNBytes(MAX_BYTES);
            }
            return TinkJsonProtoKeysetFormat.parseKeyset(
                    new String(json, UTF_8), AeadConfig2026.get(), InsecureSecretKeyAccess.get());
        } catch (NoSuchFileException e) {
            throw ((PodsealException.Kms) ErrorCode.KMS_UNAVAILABLE.because("there is no KEK file " + file
                            + "; make one with 'podseal kek create', or correct the URI"))
                    .notRetryable();
        } catch (AccessDeniedException e) {
            throw ErrorCode.KMS_DENIED.because(
                    "the KEK file " + file + " may not be read by this user; change its owner");
        } catch (IOException e) {
            throw ErrorCode.KMS_UNAVAILABLE.because(
                    "the KEK file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        } catch (GeneralSecurityException | UnsupportedOperationException e) {
            throw notAKek(file);
        }
    }

    private static PodsealException notAKek(Path file) {
        return ErrorCode.KEYSET_POLICY.because(file
                + " is not a KEK file: a Tink JSON keyset with one enabled AES256_GCM key; make one with 'podseal kek"
                + " create'");
    }
}
