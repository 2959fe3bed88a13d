// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.cloud.kms.v1.DecryptRequest;
import com.google.cloud.kms.v1.DecryptResponse;
import com.google.cloud.kms.v1.EncryptRequest;
import com.google.cloud.kms.v1.EncryptResponse;
import com.google.cloud.kms.v1.KeyManagementServiceClient;
import com.google.crypto.tink.Aead;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import com.google.protobuf.UnsafeByteOperations;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;
import java.util.zip.CRC32C;

/** One CryptoKey. Every field that is sent or received and has a checksum is checked. */
record GcpKek(Connection connection, String key) implements Aead {
    /** What Encrypt takes of a software key; an HSM key takes less, and says so. */
    private static final int MAX_PLAINTEXT_BYTES = 64 * 1024;

    /** Where the client comes from; the first caller makes it. */
    interface Connection {
        KeyManagementServiceClient client() throws IOException;
    }

    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
        if (plaintext.length > MAX_PLAINTEXT_BYTES) {
            throw ErrorCode.SIZE.because("Google Cloud KMS wraps at most " + MAX_PLAINTEXT_BYTES
                    + " bytes, this keyset has " + plaintext.length + "; retire old keys first");
        }
        EncryptRequest request = EncryptRequest.newBuilder()
                .setName(key)
                .setPlaintext(UnsafeByteOperations.unsafeWrap(plaintext))
                .setPlaintextCrc32C(crc32c(plaintext))
                .setAdditionalAuthenticatedData(UnsafeByteOperations.unsafeWrap(associatedData))
                .setAdditionalAuthenticatedDataCrc32C(crc32c(associatedData))
                .build();
        EncryptResponse answer = ask(GcpFailure.Right.ENCRYPT, client -> client.encrypt(request));
        if (!answer.getName().startsWith(key + "/cryptoKeyVersions/")) {
            throw unusable("an answer for another key");
        }
        if (!answer.getVerifiedPlaintextCrc32C() || !answer.getVerifiedAdditionalAuthenticatedDataCrc32C()) {
            throw unusable("an answer to a request without checksums");
        }
        return checked(answer.getCiphertext(), answer.hasCiphertextCrc32C(), answer.getCiphertextCrc32C());
    }

    @Override
    public byte[] decrypt(byte[] ciphertext, byte[] associatedData) {
        DecryptRequest request = DecryptRequest.newBuilder()
                .setName(key)
                .setCiphertext(UnsafeByteOperations.unsafeWrap(ciphertext))
                .setCiphertextCrc32C(crc32c(ciphertext))
                .setAdditionalAuthenticatedData(UnsafeByteOperations.unsafeWrap(associatedData))
                .setAdditionalAuthenticatedDataCrc32C(crc32c(associatedData))
                .build();
        DecryptResponse answer = ask(GcpFailure.Right.DECRYPT, client -> client.decrypt(request));
        return checked(answer.getPlaintext(), answer.hasPlaintextCrc32C(), answer.getPlaintextCrc32C());
    }

    private <T> T ask(GcpFailure.Right right, Function<KeyManagementServiceClient, T> call) {
        KeyManagementServiceClient client;
        try {
            client = connection.client();
        } catch (PodsealException closed) {
            throw closed;
        } catch (IOException | RuntimeException e) { // a file that is no JSON is an IllegalArgumentException
            throw GcpFailure.ofCredentials(e);
        }
        try {
            return call.apply(client);
        } catch (RuntimeException e) {
            throw GcpFailure.of(e, right, key);
        }
    }

    private static byte[] checked(ByteString bytes, boolean hasChecksum, Int64Value checksum) {
        byte[] copy = bytes.toByteArray();
        if (copy.length == 0) {
            throw unusable("an empty answer");
        }
        if (!hasChecksum || checksum.getValue() != crc32c(copy).getValue()) {
            Arrays.fill(copy, (byte) 0);
            throw unusable("an answer whose CRC32C is wrong: it was altered on its way");
        }
        return copy;
    }

    private static Int64Value crc32c(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return Int64Value.of(checksum.getValue());
    }

    private static PodsealException unusable(String what) {
        return ErrorCode.KMS_UNAVAILABLE.because("Google Cloud KMS gave " + what);
    }
}
