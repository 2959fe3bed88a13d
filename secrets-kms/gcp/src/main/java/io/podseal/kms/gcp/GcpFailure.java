// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.util.Locale;

/** Puts what Google Cloud KMS answered into one of our codes. Its texts name principals and are never passed on. */
final class GcpFailure {
    private GcpFailure() {}

    /** What a call needs to be allowed. */
    enum Right {
        ENCRYPT("cloudkms.cryptoKeyVersions.useToEncrypt", "roles/cloudkms.cryptoKeyEncrypter"),
        DECRYPT("cloudkms.cryptoKeyVersions.useToDecrypt", "roles/cloudkms.cryptoKeyDecrypter");

        private final String permission;
        private final String role;

        Right(String permission, String role) {
            this.permission = permission;
            this.role = role;
        }
    }

    static PodsealException of(RuntimeException failure, Right right, String key) {
        if (!(failure instanceof ApiException answer)) {
            return because(
                    ErrorCode.KMS_UNAVAILABLE,
                    "no usable answer",
                    failure.getClass().getName());
        }
        StatusCode.Code status = answer.getStatusCode().getCode();
        String text = String.valueOf(answer.getMessage()).toLowerCase(Locale.ROOT);
        return switch (status) {
            case INVALID_ARGUMENT -> {
                if (text.contains("crc32c") || text.contains("checksum")) {
                    yield because(ErrorCode.KMS_UNAVAILABLE, "the request was altered on its way", status);
                }
                yield right == Right.DECRYPT
                        ? because(
                                ErrorCode.AUTHENTICATION,
                                "the wrapped keyset was altered, or was wrapped for another account or key; deliver the"
                                        + " document again as 'podseal keyset create' or 'rewrap' wrote it",
                                status)
                        : because(
                                ErrorCode.CONFIGURATION,
                                "the request is refused; the key must have the purpose ENCRYPT_DECRYPT, and one of an HSM"
                                        + " takes at most 8 KiB",
                                status);
            }
            case PERMISSION_DENIED ->
                because(
                        ErrorCode.KMS_DENIED,
                        "grant this workload " + right.permission + " (" + right.role + ") on " + key
                                + ", and see that the Cloud KMS API is enabled ('podseal print policy')",
                        status);
            case NOT_FOUND ->
                because(
                        ErrorCode.KMS_DENIED,
                        "there is no such key, location or key version, or its version was destroyed; check "
                                + "the project, the location and the names in podseal.keks",
                        status);
            case FAILED_PRECONDITION ->
                because(
                        ErrorCode.KMS_DENIED,
                        "the key version is disabled, scheduled for destruction or destroyed; enable or restore it",
                        status);
            case UNAUTHENTICATED ->
                because(
                        ErrorCode.KMS_DENIED,
                        "the credentials are missing, expired or refused; check Workload Identity, or"
                                + " podseal.kms.gcp.credentials-file, and the clock of this machine",
                        status);
            case RESOURCE_EXHAUSTED -> {
                // gRPC uses the same status for an answer that we refuse to read
                yield text.contains("exceeds maximum")
                        ? because(ErrorCode.KMS_UNAVAILABLE, "the answer is too large to be one of Cloud KMS", status)
                        : because(
                                ErrorCode.KMS_THROTTLED,
                                "it asks for fewer calls; raise the quota of cryptographic requests if this goes on",
                                status);
            }
            case UNIMPLEMENTED ->
                because(
                        ErrorCode.CONFIGURATION,
                        "what answers is not Cloud KMS; check podseal.kms.gcp.endpoint",
                        status);
            default ->
                because(
                        ErrorCode.KMS_UNAVAILABLE,
                        "no usable answer; check that the endpoint can be reached from here and that its certificate is"
                                + " trusted (podseal.kms.gcp.endpoint, podseal.kms.gcp.proxy)",
                        status);
        };
    }

    static PodsealException ofCredentials(Exception failure) {
        return ErrorCode.CONFIGURATION.because("there are no usable Google Cloud credentials ("
                + failure.getClass().getName()
                + "); bind the ServiceAccount by Workload Identity, or set podseal.kms.gcp.credentials-file");
    }

    private static PodsealException because(ErrorCode code, String what, Object status) {
        return code.because("Google Cloud KMS: " + what + " (" + status + ")");
    }
}
