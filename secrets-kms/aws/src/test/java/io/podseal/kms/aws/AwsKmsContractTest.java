// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.podseal.kms.Refusal;
import io.podseal.testkit.Canary;
import io.podseal.testkit.FakeKms;
import io.podseal.testkit.KmsClientContract;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** On two keys that answer as AWS documents; moto denies where AWS finds a ciphertext invalid. */
final class AwsKmsContractTest extends KmsClientContract {
    private static final String OTHER = FakeAws.ARN.replace("1234abcd", "4321dcba");

    private final Map<String, Aead> keys =
            Map.of(FakeAws.ARN, new FakeKms("fake-kms://one").kek(), OTHER, new FakeKms("fake-kms://other").kek());
    private final Wire wire = Wire.answering(this::answer);
    private final List<AwsKms> others = new ArrayList<>();

    private byte[] answer(Wire.Call call) {
        JsonObject request = JsonParser.parseString(call.body()).getAsJsonObject();
        String arn = request.get("KeyId").getAsString();
        byte[] context = request.get("EncryptionContext").toString().getBytes(UTF_8);
        try {
            if (call.operation().equals("Encrypt")) {
                return FakeAws.encrypted(arn, keys.get(arn).encrypt(bytes(request, "Plaintext"), context));
            }
            return FakeAws.decrypted(arn, keys.get(arn).decrypt(bytes(request, "CiphertextBlob"), context));
        } catch (GeneralSecurityException altered) {
            return FakeAws.error(400, "InvalidCiphertextException", "");
        }
    }

    private static byte[] bytes(JsonObject request, String field) {
        return Base64.getDecoder().decode(request.get(field).getAsString());
    }

    @AfterEach
    void close() {
        others.forEach(AwsKms::close);
        wire.close();
    }

    @Override
    protected KmsClient client() {
        return awsKms();
    }

    private AwsKms awsKms() {
        return AwsKms.builder()
                .endpoint(wire.url())
                .credentials(FakeAws.CREDENTIALS)
                .build();
    }

    @Override
    protected String kekUri() {
        return FakeAws.KEK;
    }

    @Override
    protected Aead otherKek() {
        AwsKms kms = awsKms();
        others.add(kms);
        return kms.getAead("aws-kms://" + OTHER);
    }

    @Override
    protected int unwraps() {
        return (int) wire.operations().stream()
                .filter(operation -> operation.equals("Decrypt"))
                .count();
    }

    @Override
    protected int requests() {
        return wire.calls().size();
    }

    @Override
    protected List<Canary> secrets() {
        return List.of(Canary.of("credentials and texts", Refusal.CANARY));
    }
}
