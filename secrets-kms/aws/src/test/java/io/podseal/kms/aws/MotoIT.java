// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.SIZE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.kms.Moto;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import io.podseal.store.SecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter on moto, with every call counted on the wire. */
final class MotoIT {
    private static final byte[] KEYSET = "a keyset".getBytes(UTF_8);
    private static final byte[] ACCOUNT = Workload.associatedData(Workload.API);

    private final Moto moto = Moto.running();
    private final Wire wire = Wire.before(moto.url());
    private final AwsKms kms = AwsKms.builder()
            .endpoint(wire.url())
            .credentials(FakeAws.CREDENTIALS)
            .build();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        kms.close();
        wire.close();
    }

    private Keks keks(String... uris) {
        return Keks.builder().client(kms).keks(List.of(uris)).build();
    }

    @Test
    void storeOpensEveryValueForEveryThreadWithOneCallThroughTheSettingsAlone() throws IOException {
        String kek = moto.kek();
        Path mount = Files.createDirectory(folder.resolve("db-credentials"));
        Workload.mount(mount, keks(kek), 200);
        assertThat(wire.operations()).containsExactly("Encrypt");

        System.setProperty("aws.accessKeyId", "id-" + Refusal.CANARY);
        System.setProperty("aws.secretAccessKey", "key-" + Refusal.CANARY);
        try (SecretStore store =
                Workload.open(mount, "keks", kek, "kms.aws.endpoint", wire.url(), "refresh.enabled", "false")) {
            IntStream.range(0, 200)
                    .parallel()
                    .forEach(i -> assertThat(Workload.value(store, "item-" + i)).isEqualTo("value-" + i));
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
        assertThat(wire.operations()).containsExactly("Encrypt", "Decrypt");
    }

    @Test
    void nothingIsAskedBeforeAKeyIsUsed() {
        kms.getAead(moto.kek());
        assertThat(wire.calls()).isEmpty();
    }

    @Test
    void contextStandsReadableOnTheWireAndIsWhatAwsBindsTo() throws Exception {
        String kek = moto.kek();
        byte[] wrapped = kms.getAead(kek + "?context.stage=prod").encrypt(KEYSET, ACCOUNT);

        assertThat(wire.calls().get(0).body())
                .contains("\"EncryptionContext\":{")
                .contains("\"kubernetes-namespace\":\"payments\"")
                .contains("\"kubernetes-service-account\":\"api\"")
                .contains("\"podseal-trust-domain\":\"cluster.local\"")
                .contains("\"stage\":\"prod\"");
        JsonObject answer = moto.ask("Decrypt", """
                {"KeyId": "%s", "CiphertextBlob": "%s", "EncryptionContext": {"kubernetes-namespace": "payments",
                  "kubernetes-service-account": "api", "podseal-trust-domain": "cluster.local", "stage": "prod"}}
                """.formatted(
                kek.substring("aws-kms://".length()), Base64.getEncoder().encodeToString(wrapped)));
        assertThat(Base64.getDecoder().decode(answer.get("Plaintext").getAsString()))
                .isEqualTo(KEYSET);
    }

    @Test
    void keysetOpensForItsOwnAccountAndContextAlone() throws Exception {
        String kek = moto.kek();
        byte[] wrapped = kms.getAead(kek).encrypt(KEYSET, ACCOUNT);

        assertThat(kms.getAead(kek).decrypt(wrapped, ACCOUNT)).isEqualTo(KEYSET);
        Refusal.of(AUTHENTICATION, () -> kms.getAead(kek).decrypt(wrapped, Workload.associatedData(Workload.WEB)));
        Refusal.of(
                AUTHENTICATION, () -> kms.getAead(kek + "?context.stage=prod").decrypt(wrapped, ACCOUNT));
        Refusal.of(AUTHENTICATION, () -> kms.getAead(kek + "?context=tink").decrypt(wrapped, ACCOUNT));
        byte[] tinks = kms.getAead(kek + "?context=tink").encrypt(KEYSET, ACCOUNT);
        assertThat(kms.getAead(kek + "?context=tink").decrypt(tinks, ACCOUNT)).isEqualTo(KEYSET);
        Refusal.of(AUTHENTICATION, () -> kms.getAead(kek).decrypt(tinks, ACCOUNT));
    }

    /** AWS itself answers IncorrectKeyException and InvalidCiphertextException to two of these; moto denies the access. */
    @Test
    void otherKeysAndAlteredKeysetsDoNotOpen() throws Exception {
        byte[] wrapped = kms.getAead(moto.kek()).encrypt(KEYSET, ACCOUNT);
        String other = moto.kek();
        String gone = other.replaceFirst("key/.*", "key/00000000-0000-0000-0000-000000000000");

        Refusal.of(KMS_DENIED, () -> kms.getAead(other).decrypt(wrapped, ACCOUNT));
        Refusal.of(KMS_DENIED, () -> kms.getAead(other).decrypt(new byte[200], ACCOUNT));
        assertThat(Refusal.of(KMS_DENIED, () -> kms.getAead(gone).encrypt(KEYSET, ACCOUNT))
                        .detail())
                .contains("NotFoundException", "region, account and id");
    }

    @Test
    void regionIsAskedForWhatItsArnSays() throws Exception {
        String elsewhere = moto.kek().replace(Moto.REGION, "us-west-2");

        Refusal.of(KMS_DENIED, () -> kms.getAead(elsewhere).encrypt(KEYSET, ACCOUNT));

        assertThat(wire.calls().get(0).headers().get("authorization")).contains("/us-west-2/kms/aws4_request");
    }

    @Test
    void everyEditOfAKeysetIsWrappedAndOpensAgain() {
        String kek = moto.kek();
        String second = moto.kek();
        TrustedKeyset keyset = Keysets.create(Workload.API, KeyType.HPKE_X25519);
        TrustedKeyset rotated = Keysets.add(keyset);
        EncryptedKeyset document = Keysets.wrap(rotated, keks(kek, second));

        assertThat(Workload.unwrap(kms, kek, document).fingerprint()).isEqualTo(rotated.fingerprint());
        assertThat(Workload.unwrap(kms, second, document).fingerprint()).isEqualTo(rotated.fingerprint());
        assertThat(wire.operations()).containsExactly("Encrypt", "Encrypt", "Decrypt", "Decrypt");
    }

    @Test
    void keysetThatIsTooLargeIsRefusedAtItsCreation() {
        TrustedKeyset keyset = Keysets.create(Workload.API, KeyType.HPKE_X25519);
        for (int i = 0; i < 31; i++) {
            keyset = Keysets.add(keyset);
        }
        TrustedKeyset large = keyset;
        String kek = moto.kek();

        assertThat(Refusal.of(SIZE, () -> Keysets.wrap(large, keks(kek))).detail())
                .contains("4096 bytes", "podseal keyset retire");
        assertThat(wire.calls()).isEmpty();
    }

    @Test
    void closedClientLeavesNoThread() throws Exception {
        kms.getAead(moto.kek()).encrypt(KEYSET, ACCOUNT);
        kms.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("sdk-")) {
                thread.join(10_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }
}
