// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.EncryptResponse;

/** One KEK: Encrypt and Decrypt of AWS KMS, and a look at what came back. */
record AwsAead(AwsKek kek, Supplier<KmsRegion> region) implements Aead {
    /** AWS's own limits. */
    private static final int MAX_PLAINTEXT_BYTES = 4096;

    private static final int MAX_CIPHERTEXT_BYTES = 6144;

    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
        if (plaintext.length > MAX_PLAINTEXT_BYTES) {
            throw ErrorCode.SIZE.because("AWS KMS wraps at most " + MAX_PLAINTEXT_BYTES + " bytes, and this keyset has "
                    + plaintext.length + "; retire keys that nothing is sealed with ('podseal keyset retire')");
        }
        Map<String, String> context = kek.encryptionContext(associatedData);
        EncryptResponse answer = region.get()
                .ask(
                        "kms:Encrypt",
                        kms -> kms.encrypt(request -> request.keyId(kek.arn())
                                .encryptionContext(context)
                                .plaintext(SdkBytes.fromByteArrayUnsafe(plaintext))));
        return checked("kms:Encrypt", answer.keyId(), answer.ciphertextBlob());
    }

    @Override
    public byte[] decrypt(byte[] ciphertext, byte[] associatedData) {
        if (ciphertext.length == 0 || ciphertext.length > MAX_CIPHERTEXT_BYTES) {
            throw ErrorCode.SIZE.because(
                    "a keyset wrapped by AWS KMS has 1 to " + MAX_CIPHERTEXT_BYTES + " bytes, this has "
                            + ciphertext.length + "; deliver the document as 'podseal keyset create' wrote it");
        }
        Map<String, String> context = kek.encryptionContext(associatedData);
        DecryptResponse answer = region.get()
                .ask(
                        "kms:Decrypt",
                        kms -> kms.decrypt(request -> request.keyId(kek.arn())
                                .encryptionContext(context)
                                .ciphertextBlob(SdkBytes.fromByteArrayUnsafe(ciphertext))));
        return checked("kms:Decrypt", answer.keyId(), answer.plaintext());
    }

    /** Not a copy, so that whoever wipes it wipes the answer too. */
    private byte[] checked(String action, @Nullable String keyId, @Nullable SdkBytes result) {
        if (keyId == null || result == null || result.asByteArrayUnsafe().length == 0) {
            throw ErrorCode.KMS_UNAVAILABLE.because(action + " was answered without key or content; see that"
                    + " podseal.kms.aws.endpoint is that of AWS");
        }
        if (!keyId.equals(kek.arn())) {
            throw ErrorCode.AUTHENTICATION.because(action + " was answered with another key than was named; see that"
                    + " podseal.kms.aws.endpoint is that of AWS, and that nobody answers in its place");
        }
        return result.asByteArrayUnsafe();
    }
}
