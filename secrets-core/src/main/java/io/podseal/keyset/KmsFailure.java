// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_THROTTLED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Puts what a KMS client threw into one of our codes. Our own adapters throw {@link PodsealException} already; a client
 * handed in from elsewhere is read by class name and public getters, since its SDK is not on our class path. Its message is
 * never passed on: such texts name principals and may quote answers.
 */
final class KmsFailure {
    private static final int MAX_CAUSES = 12;

    private static final Map<String, ErrorCode> AWS = Map.ofEntries(
            Map.entry("InvalidCiphertextException", AUTHENTICATION),
            Map.entry("IncorrectKeyException", AUTHENTICATION),
            Map.entry("AccessDeniedException", KMS_DENIED),
            Map.entry("NotFoundException", KMS_DENIED),
            Map.entry("DisabledException", KMS_DENIED),
            Map.entry("KMSInvalidStateException", KMS_DENIED),
            Map.entry("InvalidGrantTokenException", KMS_DENIED),
            Map.entry("ExpiredTokenException", KMS_DENIED),
            Map.entry("UnrecognizedClientException", KMS_DENIED),
            Map.entry("MissingAuthenticationTokenException", KMS_DENIED),
            Map.entry("InvalidSignatureException", KMS_DENIED),
            Map.entry("ThrottlingException", KMS_THROTTLED),
            Map.entry("LimitExceededException", KMS_THROTTLED),
            Map.entry("ValidationException", CONFIGURATION),
            Map.entry("InvalidKeyUsageException", CONFIGURATION),
            Map.entry("InvalidArnException", CONFIGURATION));

    private static final Map<String, ErrorCode> GOOGLE = Map.of(
            "INVALID_ARGUMENT", AUTHENTICATION,
            "PERMISSION_DENIED", KMS_DENIED,
            "NOT_FOUND", KMS_DENIED,
            "FAILED_PRECONDITION", KMS_DENIED,
            "UNAUTHENTICATED", KMS_DENIED,
            "RESOURCE_EXHAUSTED", KMS_THROTTLED);

    private KmsFailure() {}

    static PodsealException of(String kek, Throwable failure) {
        if (failure instanceof PodsealException ours) {
            return ours.at("KEK " + kek);
        }
        ErrorCode code = null;
        Throwable named = failure;
        int depth = 0;
        for (Throwable t = failure; t != null && depth < MAX_CAUSES; t = t.getCause(), depth++) {
            ErrorCode known = code == null ? provided(t) : null;
            // A refusal by the network outranks what a client wrapped around it. Any other I/O failure (a login, a
            // metadata
            // server, a broken answer) does where no answer of the KMS stands above it: some clients keep an answer's
            // cause.
            if (isNetwork(t) || (t instanceof IOException && code == null && known == null)) {
                return explained(KMS_UNAVAILABLE, kek, t);
            }
            if (known != null) {
                code = known;
                named = t;
            }
        }
        if (code == null) {
            code = failure instanceof GeneralSecurityException ? AUTHENTICATION : KMS_UNAVAILABLE;
        }
        return explained(code, kek, named);
    }

    private static boolean isNetwork(Throwable t) {
        return t instanceof SocketException
                || t instanceof UnknownHostException
                || t instanceof InterruptedIOException
                || t instanceof HttpTimeoutException
                || t instanceof SSLException
                || t instanceof TimeoutException;
    }

    private static @Nullable ErrorCode provided(Throwable t) {
        for (Class<?> type = t.getClass(); type != null; type = type.getSuperclass()) {
            switch (type.getName()) {
                case "com.amazonaws.AmazonServiceException" -> {
                    return AWS.getOrDefault(String.valueOf(call(t, "getErrorCode")), KMS_UNAVAILABLE);
                }
                case "software.amazon.awssdk.awscore.exception.AwsServiceException" -> {
                    return AWS.getOrDefault(
                            String.valueOf(call(call(t, "awsErrorDetails"), "errorCode")), KMS_UNAVAILABLE);
                }
                case "io.grpc.StatusRuntimeException" -> {
                    return google(call(call(t, "getStatus"), "getCode"));
                }
                case "com.google.api.gax.rpc.ApiException" -> {
                    return google(call(call(t, "getStatusCode"), "getCode"));
                }
                case "com.google.api.client.googleapis.json.GoogleJsonResponseException" -> {
                    return call(t, "getDetails") instanceof Map<?, ?> details
                            ? google(details.get("status"))
                            : http(call(t, "getStatusCode"));
                }
                default -> {}
            }
        }
        return null;
    }

    private static ErrorCode google(@Nullable Object status) {
        return GOOGLE.getOrDefault(String.valueOf(status), KMS_UNAVAILABLE);
    }

    /** The JDK's own connection keeps the body of some answers to itself, that of a 401 for one. */
    private static ErrorCode http(@Nullable Object status) {
        return switch (String.valueOf(status)) {
            case "401", "403", "404" -> KMS_DENIED;
            case "429" -> KMS_THROTTLED;
            default -> KMS_UNAVAILABLE;
        };
    }

    private static @Nullable Object call(@Nullable Object target, String getter) {
        try {
            return target == null ? null : target.getClass().getMethod(getter).invoke(target);
        } catch (ReflectiveOperationException | RuntimeException unreadable) {
            return null;
        }
    }

    private static PodsealException explained(ErrorCode code, String kek, Throwable failure) {
        String next = switch (code) {
            case AUTHENTICATION ->
                "the KMS says that the wrapped keyset was altered, or was wrapped for another account or key;"
                        + " deliver the document again as 'podseal keyset create' or 'rewrap' wrote it";
            case KMS_DENIED ->
                "the KMS refused; grant this workload the right to decrypt with this key under its own context"
                        + " ('podseal print policy'), and see that the key is enabled";
            case KMS_THROTTLED -> "the KMS asks for fewer calls; raise its quota if this goes on";
            case CONFIGURATION -> "the KMS finds the request wrong; check the URI and the client's settings";
            default -> "the KMS gave no usable answer; check that it runs and can be reached from here";
        };
        return code.because(
                "KEK " + kek + ": " + next + " (" + failure.getClass().getName() + ")");
    }
}
