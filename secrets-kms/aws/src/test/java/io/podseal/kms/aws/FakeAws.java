// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import io.podseal.kms.Refusal;
import java.util.Base64;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Answers in the form that AWS documents, for what moto does not do. */
final class FakeAws {
    static final String ARN = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    static final String KEK = "aws-kms://" + ARN;

    static final StaticCredentialsProvider CREDENTIALS = StaticCredentialsProvider.create(
            AwsBasicCredentials.create("id-" + Refusal.CANARY, "key-" + Refusal.CANARY));

    private FakeAws() {}

    static byte[] error(int status, String code, String text) {
        return Wire.http(status, "", "{\"__type\":\"" + code + "\",\"message\":\"" + text + Refusal.CANARY + "\"}");
    }

    static byte[] decrypted(String arn, byte[] plaintext) {
        return Wire.http(
                200,
                "",
                "{\"KeyId\":\"" + arn + "\",\"Plaintext\":\"" + base64(plaintext)
                        + "\",\"EncryptionAlgorithm\":\"SYMMETRIC_DEFAULT\"}");
    }

    static byte[] encrypted(String arn, byte[] ciphertext) {
        return Wire.http(
                200,
                "",
                "{\"KeyId\":\"" + arn + "\",\"CiphertextBlob\":\"" + base64(ciphertext)
                        + "\",\"EncryptionAlgorithm\":\"SYMMETRIC_DEFAULT\"}");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
