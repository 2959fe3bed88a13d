// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static io.podseal.ErrorCode.KMS_THROTTLED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * Puts what the SDK threw into one of our codes, by AWS's error codes and {@code errors.properties}. AWS's texts name principals
 * and are never passed on: code, HTTP status and request id are.
 */
final class AwsFailure {
    private static final Properties ERRORS = errors();
    private static final Set<String> OF_SIGNATURE =
            Set.of("InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final int MAX_CAUSES = 12;

    private AwsFailure() {}

    private static Properties errors() {
        Properties errors = new Properties();
        try (InputStream in = AwsFailure.class.getResourceAsStream("errors.properties")) {
            errors.load(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return errors;
    }

    /** @param action what was asked, for example {@code kms:Decrypt} */
    static PodsealException of(String action, RuntimeException failure) {
        return failure instanceof AwsServiceException answer
                ? answered(action, answer)
                : KMS_UNAVAILABLE.because(action + " got no usable answer " + cause(failure));
    }

    /** Whether AWS says that the signature is wrong, or from another time. */
    static boolean isOfSignature(AwsServiceException answer) {
        return OF_SIGNATURE.contains(awsCode(answer));
    }

    private static String awsCode(AwsServiceException answer) {
        return answer.awsErrorDetails() == null
                ? ""
                : Objects.toString(answer.awsErrorDetails().errorCode(), "");
    }

    private static PodsealException answered(String action, AwsServiceException answer) {
        String[] meaning = ERRORS.getProperty(awsCode(answer), unknown(answer)).split(" ", 2);
        return ErrorCode.valueOf(meaning[0])
                .because(action + " was answered with HTTP " + answer.statusCode() + foreign(", ", awsCode(answer))
                        + foreign(", request ", answer.requestId()) + ": " + meaning[1]);
    }

    private static String unknown(AwsServiceException answer) {
        if (answer.isThrottlingException()) {
            return KMS_THROTTLED
                    + " AWS asks for fewer calls; if this goes on, have this region's request quota raised";
        }
        return KMS_UNAVAILABLE
                + (answer.statusCode() / 100 == 3
                        ? " a redirect, which is never followed; see that podseal.kms.aws.endpoint is that of AWS"
                        : " AWS could not do it now, or something else answers in its place; see AWS's health page, and that"
                                + " podseal.kms.aws.endpoint is that of AWS");
    }

    private static String foreign(String before, @Nullable String word) {
        return word != null && WORD.matcher(word).matches() ? before + word : "";
    }

    private static String cause(Throwable failure) {
        String nextStep = "see that podseal.kms.aws.endpoint is that of AWS, and that it can be reached from here";
        Throwable root = failure;
        for (int depth = 0; depth < MAX_CAUSES; depth++) {
            if (root instanceof UnknownHostException) {
                nextStep = "check the region of the key ARN, podseal.kms.aws.endpoint and DNS";
            } else if (root instanceof SSLException) {
                nextStep = "check the certificate of podseal.kms.aws.endpoint and the JVM's trust store";
            } else if (root instanceof SocketTimeoutException || root instanceof ApiCallTimeoutException) {
                nextStep =
                        "check network policies, VPC endpoint, podseal.kms.aws.proxy and podseal.kms.aws.call-timeout";
            }
            if (root.getCause() == null) {
                break;
            }
            root = root.getCause();
        }
        return "(" + root.getClass().getName() + "); " + nextStep;
    }
}
