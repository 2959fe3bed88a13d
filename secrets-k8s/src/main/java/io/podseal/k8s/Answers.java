// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.fabric8.kubernetes.api.model.Status;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What an answer of the API server that holds no object, or the lack of an answer, means for the reading of one. */
final class Answers {
    private static final Pattern USER = Pattern.compile("User \"([-a-zA-Z0-9.:@_/]{1,512})\"");

    private final ObjectReference object;
    private final Connection connection;

    private final Rights rights;

    Answers(ObjectReference object, Connection connection, Rights rights) {
        this.object = object;
        this.connection = connection;
        this.rights = rights;
    }

    private CallFailure failure(CallFailure.Kind kind, ErrorCode code, String what) {
        return new CallFailure(kind, code.because(object + ": " + what));
    }

    private CallFailure failure(CallFailure.Kind kind, String what, Throwable cause) {
        // The client library's texts hold what the server said; those of the JDK speak of the connection only.
        boolean ours = cause instanceof java.io.IOException;
        String detail = object + ": " + what;
        PodsealException reason = ours
                ? ErrorCode.SOURCE_UNAVAILABLE.because(detail, cause)
                : ErrorCode.SOURCE_UNAVAILABLE.because(detail);
        return new CallFailure(kind, reason);
    }

    CallFailure interrupted() {
        return failure(CallFailure.Kind.FINAL, ErrorCode.SOURCE_UNAVAILABLE, "interrupted while asking " + connection);
    }

    CallFailure tooLong() {
        return failure(CallFailure.Kind.FINAL, ErrorCode.SIZE, connection + " sent more than any object has");
    }

    /** There was no answer, or not the whole of one. */
    CallFailure silent(Throwable why) {
        Patience.TooEarly tooEarly = find(why, Patience.TooEarly.class);
        if (tooEarly != null) {
            return busy(tooEarly.remaining());
        }
        if (find(why, CertificateException.class) != null
                || find(why, CertPathValidatorException.class) != null
                || find(why, CertPathBuilderException.class) != null
                || find(why, SSLPeerUnverifiedException.class) != null) {
            return failure(CallFailure.Kind.FINAL, untrusted(), why);
        }
        if (why instanceof TimeoutException || find(why, HttpTimeoutException.class) != null) {
            return failure(
                    CallFailure.Kind.SILENT,
                    connection + " gave no answer within "
                            + connection.callTimeout().toMillis() + " ms (podseal.kubernetes.call-timeout)",
                    why);
        }
        if (find(why, UnresolvedAddressException.class) != null) {
            return failure(CallFailure.Kind.SILENT, connection + " cannot be reached: its host name is unknown", why);
        }
        if (find(why, ConnectException.class) != null) {
            return failure(
                    CallFailure.Kind.SILENT,
                    connection
                            + " cannot be reached: the connection was refused; check that a NetworkPolicy lets this pod"
                            + " reach it",
                    why);
        }
        return failure(
                CallFailure.Kind.SILENT,
                "the call to " + connection + " broke off (" + why.getClass().getSimpleName() + ")",
                why);
    }

    private String untrusted() {
        return connection.ca() == null
                ? connection + " shows a certificate that its certificate-authority does not vouch for"
                : connection + " shows a certificate for another name, or one that " + connection.ca()
                        + " does not vouch for; correct podseal.kubernetes.ca-file or .api-server";
    }

    private static <T extends Throwable> @Nullable T find(Throwable why, Class<T> type) {
        int depth = 0;
        for (Throwable cause = why; cause != null && depth < 20; cause = cause.getCause(), depth++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    /** It asked to be left alone for so long. */
    CallFailure busy(Duration wait) {
        return new CallFailure(
                CallFailure.Kind.BUSY,
                ErrorCode.SOURCE_UNAVAILABLE.because(
                        object + ": " + connection + " asked to be left alone for a while (Retry-After)"),
                wait);
    }

    /**
     * It answered something else than an object.
     *
     * @param status what an API server says with it; null where something else answered
     */
    CallFailure refused(int code, @Nullable Status status, Duration wait) {
        if (code == 404 && isAbout(status)) {
            return new CallFailure(
                    CallFailure.Kind.ABSENT,
                    ErrorCode.SOURCE_MISSING.because(
                            object + " does not exist; apply its manifest, or correct its name or namespace"));
        }
        if (code == 401) {
            return failure(
                    CallFailure.Kind.FINAL,
                    ErrorCode.SOURCE_DENIED,
                    connection + " does not accept " + connection.credentials()
                            + " (401): expired, or for another audience"
                            + " or cluster"
                            + (connection.token() == null ? "" : "; the file is read again when it changes"));
        }
        if (code == 403) {
            return failure(CallFailure.Kind.FINAL, ErrorCode.SOURCE_DENIED, forbidden(status));
        }
        if (code == 429 || code >= 500) {
            return wait.isZero()
                    ? failure(
                            CallFailure.Kind.BUSY,
                            ErrorCode.SOURCE_UNAVAILABLE,
                            connection + " has a problem of its own, or too much to do (" + code + ")")
                    : busy(wait);
        }
        return failure(
                CallFailure.Kind.FINAL,
                ErrorCode.SOURCE_UNAVAILABLE,
                "what answers at " + connection + " is no API server (" + code + ")");
    }

    /** Anybody may answer 404; only an API server says what it is that it does not have. */
    private boolean isAbout(@Nullable Status status) {
        return status != null
                && status.getDetails() != null
                && object.name().equals(status.getDetails().getName());
    }

    private String forbidden(@Nullable Status status) {
        String message = status == null || status.getMessage() == null ? "" : status.getMessage();
        Matcher named = USER.matcher(message);
        String user = named.find() ? named.group(1) : null;
        return connection + " refuses 'get' to " + (user == null ? "this process" : user) + " (403)"
                + rights.toGet(user);
    }
}
