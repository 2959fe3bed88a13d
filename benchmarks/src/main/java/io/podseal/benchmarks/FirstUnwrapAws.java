// SPDX-License-Identifier: Apache-2.0
package io.podseal.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.kms.aws.AwsKms;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * One unwrap with AWS KMS in a fresh process, by the adapter or by the SDK's client as it comes; {@code first-unwrap-aws.sh}
 * compares what the processes cost.
 */
public final class FirstUnwrapAws {
    private static final String ACCOUNT = "podseal:v1:keyset:spiffe://cluster.local/ns/payments/sa/api";
    private static final Map<String, String> CONTEXT = Map.of(
            "kubernetes-namespace", "payments",
            "kubernetes-service-account", "api",
            "podseal-trust-domain", "cluster.local");

    private FirstUnwrapAws() {}

    /**
     * Does one thing.
     *
     * @param arguments {@code wrap}, {@code podseal} or {@code sdk}; the endpoint; the file of the wrapped bytes, with that of
     *     the key's ARN beside it
     */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        String endpoint = arguments[1];
        Path wrapped = Path.of(arguments[2]);
        Path arn = Path.of(arguments[2] + ".arn");
        switch (arguments[0]) {
            case "wrap" -> {
                try (KmsClient kms = sdk(endpoint)) {
                    Files.writeString(
                            arn, kms.createKey(key -> {}).keyMetadata().arn());
                }
                try (AwsKms kms = AwsKms.builder().endpoint(endpoint).build()) {
                    Files.write(
                            wrapped,
                            kms.getAead("aws-kms://" + Files.readString(arn))
                                    .encrypt(new byte[100], ACCOUNT.getBytes(UTF_8)));
                }
            }
            case "podseal" -> {
                try (AwsKms kms = AwsKms.builder().endpoint(endpoint).build()) {
                    require(kms.getAead("aws-kms://" + Files.readString(arn))
                            .decrypt(Files.readAllBytes(wrapped), ACCOUNT.getBytes(UTF_8)));
                }
            }
            case "sdk" -> {
                String key = Files.readString(arn);
                SdkBytes ciphertext = SdkBytes.fromByteArray(Files.readAllBytes(wrapped));
                try (KmsClient kms = sdk(endpoint)) {
                    require(kms.decrypt(request -> request.keyId(key)
                                    .encryptionContext(CONTEXT)
                                    .ciphertextBlob(ciphertext))
                            .plaintext()
                            .asByteArray());
                }
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static KmsClient sdk(String endpoint) {
        return KmsClient.builder()
                .region(Region.EU_CENTRAL_1)
                .endpointOverride(URI.create(endpoint))
                .build();
    }

    private static void require(byte[] plaintext) {
        if (plaintext.length != 100) {
            throw new IllegalStateException("not what was wrapped");
        }
    }
}
