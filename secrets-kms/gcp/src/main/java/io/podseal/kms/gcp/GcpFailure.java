// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_THROTTLED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;

/** Puts what Google Cloud KMS answered into one of our codes. Its texts name principals and are never passed on. */
final class GcpFailure {
    private static final String GRANT_ALSO = ", and see that the Cloud KMS API is enabled ('podseal print policy')";
    private static final String RESTORE =
            "enable it, or restore it while it is scheduled for destruction; the key must have"
                    + " the purpose ENCRYPT_DECRYPT";
    private static final String CREDENTIALS =
            "check Workload Identity or podseal.kms.gcp.credentials-file, and the clock of this machine";
    private static final String REACH = "check that the endpoint can be reached and its certificate is trusted"
            + " (podseal.kms.gcp.endpoint, podseal.kms.gcp.proxy)";
    private static final String LOGIN =
            "check that it can be reached (podseal.kms.gcp.proxy); it is the metadata server"
                    + " (Workload Identity) where there is no credentials file (podseal.kms.gcp.credentials-file)";

    private GcpFailure() {}

    /** What a call needs to be allowed, and what it means that its arguments are refused. */
    enum Right {
        ENCRYPT(
                "roles/cloudkms.cryptoKeyEncrypter (cloudkms.cryptoKeyVersions.useToEncrypt)",
                CONFIGURATION,
                "the key must have the purpose ENCRYPT_DECRYPT, and one of an HSM takes at most 8 KiB"),
        DECRYPT(
                "roles/cloudkms.cryptoKeyDecrypter (cloudkms.cryptoKeyVersions.useToDecrypt)",
                AUTHENTICATION,
                "the wrapped keyset was altered, or was wrapped for another account or key; deliver the document again as"
                        + " 'podseal keyset create' or 'rewrap' wrote it");

        private final String role;
        private final ErrorCode invalid;
        private final String invalidMeans;

        Right(String role, ErrorCode invalid, String invalidMeans) {
            this.role = role;
            this.invalid = invalid;
            this.invalidMeans = invalidMeans;
        }
    }

    static PodsealException of(RuntimeException failure, Right right, String key) {
        if (!(failure instanceof ApiException answer)) {
            return said(KMS_UNAVAILABLE, "no usable answer", failure.getClass().getName());
        }
        StatusCode.Code status = answer.getStatusCode().getCode();
        String text = String.valueOf(answer.getMessage()).replace(key, "");
        return switch (status) {
            case INVALID_ARGUMENT ->
                text.contains("crc32c") || text.contains("checksum")
                        ? said(KMS_UNAVAILABLE, "the request was altered on its way", status)
                        : said(right.invalid, right.invalidMeans, status);
            case PERMISSION_DENIED -> said(KMS_DENIED, "grant " + right.role + " on " + key + GRANT_ALSO, status);
            case NOT_FOUND ->
                said(KMS_DENIED, "no such key; check project, location and names in podseal.keks", status);
            case FAILED_PRECONDITION -> said(KMS_DENIED, "no enabled key version; " + RESTORE, status);
            case UNAUTHENTICATED -> said(KMS_DENIED, "the credentials are expired or refused; " + CREDENTIALS, status);
            case RESOURCE_EXHAUSTED ->
                text.contains("exceeds maximum size") // gRPC's own word for an answer that we refuse to read
                        ? said(KMS_UNAVAILABLE, "the answer is too large", status)
                        : said(KMS_THROTTLED, "fewer calls are asked for; raise the quota if this goes on", status);
            case UNIMPLEMENTED -> said(CONFIGURATION, "that is not Cloud KMS; check podseal.kms.gcp.endpoint", status);
            default ->
                text.contains("failed to obtain metadata") // gRPC's own word for a login that gives no token
                        ? said(KMS_UNAVAILABLE, "its login gives no answer; " + LOGIN, status)
                        : said(KMS_UNAVAILABLE, "no usable answer; " + REACH, status);
        };
    }

    static PodsealException ofCredentials(Exception failure) {
        return said(
                CONFIGURATION,
                "no usable credentials; " + CREDENTIALS,
                failure.getClass().getName());
    }

    private static PodsealException said(ErrorCode code, String what, Object status) {
        return code.because("Google Cloud KMS: " + what + " (" + status + ")");
    }
}
