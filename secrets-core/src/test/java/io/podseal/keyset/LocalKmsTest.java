// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.proto.KeyStatusType;
import com.google.crypto.tink.proto.Keyset;
import com.google.crypto.tink.proto.OutputPrefixType;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LocalKmsTest {
    @TempDir
    Path folder;

    private Path file;
    private EncryptedKeyset document;

    @BeforeEach
    void makeAKek() throws IOException {
        file = folder.resolve("kek.json");
        LocalKms.createKek(file);
        document =
                Keysets.wrap(Keysets.create(Accounts.API, KeyType.AES256_GCM), keks(file, LocalKms.allowedInCluster()));
    }

    private static Keks keks(Path kek, LocalKms client) {
        return Keks.builder().kek("local-kms:" + kek).client(client).build();
    }

    private PodsealException refused(ErrorCode code) {
        return Refusal.of(code, () -> Accounts.unwrap(keks(file, LocalKms.allowedInCluster()), Set.of(), document));
    }

    private void write(String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private void writeKeyset(Keyset keyset) throws Exception {
        KeysetHandle handle = TinkProtoKeysetFormat.parseKeyset(
                keyset.toByteArray(), InsecureSecretKeyAccess.get(), AeadConfig2026.get());
        write(TinkJsonProtoKeysetFormat.serializeKeyset(handle, AeadConfig2026.get(), InsecureSecretKeyAccess.get()));
    }

    @Test
    void kekFileWrapsAndUnwrapsAndHasMode0600() throws IOException {
        assertThat(Accounts.unwrap(keks(file, LocalKms.allowedInCluster()), Set.of(), document))
                .hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(document.keks()).containsExactly("local-kms:" + file);
    }

    @Test
    void credentialsChangeNothing() throws Exception {
        LocalKms kms = LocalKms.allowedInCluster();
        assertThat(kms.withDefaultCredentials()).isSameAs(kms);
        assertThat(kms.withCredentials("/nowhere")).isSameAs(kms);
    }

    @Test
    void kekFileIsNeverOverwritten() throws IOException {
        byte[] before = Files.readAllBytes(file);
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> LocalKms.createKek(file));
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rw-r-----",
                "rw--w----",
                "rw---x---",
                "rw----r--",
                "rw-----w-",
                "rw------x",
                "rwxrwxrwx",
                "r--r--r--"
            })
    void kekFileThatOthersCanTouchIsRefused(String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        assertThat(refused(KEYSET_POLICY).detail()).contains(file.toString(), "chmod 600");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------", "rwx------"})
    void modesOfTheOwnerAloneAreAccepted(String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        assertThat(Accounts.unwrap(keks(file, LocalKms.allowedInCluster()), Set.of(), document))
                .hasSize(1);
    }

    @Test
    void absentKekFileIsUnavailableAndNotAskedTwice() throws IOException {
        Files.delete(file);
        PodsealException.Kms failure = (PodsealException.Kms) refused(KMS_UNAVAILABLE);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.detail())
                .contains(file.toString(), "podseal kek create")
                .doesNotContain("gave up");
        file = folder.resolve("no/such/folder/kek.json");
        assertThat(Refusal.of(KMS_UNAVAILABLE, () -> decrypt(LocalKms.allowedInCluster()))
                        .detail())
                .contains("no KEK file");
    }

    private void decrypt(LocalKms kms) throws GeneralSecurityException {
        kms.getAead("local-kms:" + file).decrypt(new byte[40], new byte[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "null",
                "[]",
                "5",
                "{}",
                "{\"key\":5}",
                "{\"primaryKeyId\":1,\"key\":[{}]}",
                "{\"primaryKeyId\":1,\"key\":[]}",
                "{\"primaryKeyId\":1,\"key\":[{\"keyData\":{\"typeUrl\":\"t\",\"value\":\"%%\",\"keyMaterialType\":\"x\"},\"status\":\"ENABLED\",\"keyId\":1,\"outputPrefixType\":\"TINK\"}]}"
            })
    void fileThatIsNoKekIsPolicy(String content) throws IOException {
        write(content);
        assertThat(refused(KEYSET_POLICY).detail())
                .contains(file.toString(), "is not a KEK file", "podseal kek create");
    }

    @Test
    void deepOrHugeFileIsPolicyToo() throws IOException {
        write("[".repeat(60_000));
        refused(KEYSET_POLICY);
        write("{\"a\":".repeat(12_000));
        refused(KEYSET_POLICY);
        write(" ".repeat(1 << 20) + "{}");
        refused(KEYSET_POLICY);
    }

    @Test
    void keysetOtherThanOneEnabledAes256GcmKeyWithTinkPrefixIsNoKek() throws Exception {
        Keyset.Key good = TinkKeysets.aesGcm(1, 32);
        writeKeyset(TinkKeysets.keyset(good));
        refused(AUTHENTICATION); // a KEK, though another one
        writeKeyset(TinkKeysets.keyset(good, TinkKeysets.aesGcm(2, 32)));
        refused(KEYSET_POLICY);
        writeKeyset(TinkKeysets.keyset(TinkKeysets.aesGcm(1, 16)));
        refused(KEYSET_POLICY);
        writeKeyset(TinkKeysets.keyset(TinkKeysets.xAesGcm(1, 12)));
        refused(KEYSET_POLICY);
        writeKeyset(TinkKeysets.keyset(
                good.toBuilder().setOutputPrefixType(OutputPrefixType.RAW).build()));
        refused(KEYSET_POLICY);
        writeKeyset(TinkKeysets.keyset(
                good.toBuilder().setStatus(KeyStatusType.DISABLED).build()));
        refused(KEYSET_POLICY);
    }

    @Test
    void wrappedKeysetIsNoKekFileAndAKekFileNoKeyset() throws IOException {
        write(new String(document.toJson(), java.nio.charset.StandardCharsets.UTF_8));
        refused(KEYSET_POLICY);
    }

    @Test
    void directoryIsNoKekFile() throws IOException {
        Files.delete(file);
        Files.createDirectory(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        assertThat(Refusal.of(KMS_UNAVAILABLE, () -> decrypt(LocalKms.allowedInCluster()))
                        .detail())
                .contains(file.toString());
    }

    @Test
    void clusterIsRefusedUnlessAllowedByName() {
        PodsealException refusal =
                Refusal.of(KEYSET_POLICY, () -> Accounts.unwrap(keks(file, new LocalKms(true)), Set.of(), document));
        assertThat(refusal.detail()).contains("podseal.kms.local.allow-in-cluster=true");
        Refusal.of(
                KEYSET_POLICY,
                () -> Keysets.wrap(Keysets.create(Accounts.API, KeyType.AES256_GCM), keks(file, new LocalKms(true))));
        assertThat(Accounts.unwrap(keks(file, new LocalKms(false)), Set.of(), document))
                .hasSize(1);
    }

    @Test
    void clusterRefusalComesBeforeTheFileIsLookedAt() throws IOException {
        Files.delete(file);
        Refusal.of(KEYSET_POLICY, () -> Accounts.unwrap(keks(file, new LocalKms(true)), Set.of(), document));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local-kms:",
                "local-kms:kek.json",
                "local-kms:../kek.json",
                "local-kms://host/kek.json?x=1",
                "local-kms:/a#b",
                "local-kms:/a\0b",
                "local-kms:/a\nb"
            })
    void uriOtherThanAnAbsolutePathIsConfiguration(String uri) {
        LocalKms kms = LocalKms.allowedInCluster();
        Refusal.of(CONFIGURATION, () -> Keks.builder().kek(uri).client(kms).build());
        Refusal.of(CONFIGURATION, () -> kms.getAead(uri));
    }

    @Test
    void onlyItsOwnSchemeIsSupported() {
        LocalKms kms = LocalKms.allowedInCluster();
        assertThat(kms.doesSupport("local-kms:/x")).isTrue();
        assertThat(kms.doesSupport("LOCAL-KMS:/x")).isFalse();
        assertThat(kms.doesSupport("file:/x")).isFalse();
    }

    /** In a process without root's privilege over files where the tests run as root. */
    @Test
    void kekFileThatThisUserMayNotReadIsDenied() throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));
        if (!Files.isReadable(file)) {
            assertThat(refused(KMS_DENIED).detail()).contains(file.toString(), "may not be read by this user");
            return;
        }
        assertThat(LocalKmsProcess.runBoundByModes(file))
                .contains("KMS_DENIED", file.toString(), "may not be read by this user");
    }
}
