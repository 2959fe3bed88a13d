// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import org.jspecify.annotations.Nullable;

/**
 * What every operation of Podseal throws when it refuses or fails. Each code belongs to one of the four subclasses, so a
 * caller may catch by remedy or switch on {@link #code()}. Messages hold coordinates and the next step, never values.
 */
public abstract sealed class PodsealException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The code; part of the message too. */
    private final ErrorCode code;

    /** The message without the code. */
    private final String detail;

    private PodsealException(ErrorCode code, String detail, @Nullable Throwable cause) {
        super(code + ": " + detail, cause);
        this.code = code;
        this.detail = detail;
    }

    static PodsealException of(ErrorCode code, String detail, @Nullable Throwable cause) {
        return switch (code) {
            case FORMAT, VERSION, SIZE, CONTEXT_MISMATCH, UNKNOWN_KEY, AUTHENTICATION, KEYSET_POLICY ->
                new Refused(code, detail, cause);
            case KMS_DENIED -> new Kms(code, detail, false);
            case KMS_THROTTLED, KMS_UNAVAILABLE -> new Kms(code, detail, true);
            case SOURCE_MISSING, SOURCE_DENIED, SOURCE_UNAVAILABLE, STALE -> new Source(code, detail, cause);
            case CONFIGURATION -> new Configuration(code, detail, cause);
        };
    }

    /** The code of the specification's section 6. */
    public final ErrorCode code() {
        return code;
    }

    /** The message without its leading code. */
    public final String detail() {
        return detail;
    }

    /**
     * The same failure with the place where it happened in front.
     *
     * @param where for example {@code item 'password' of mount /etc/podseal/db}; names of other people's making may stand in
     *     it, so it is kept on one line
     */
    public PodsealException at(String where) {
        return of(code, detailAt(where), getCause());
    }

    final String detailAt(String where) {
        return OneLine.of(where) + ": " + detail;
    }

    /** A token, document or keyset was refused. Trying again with the same input gives the same answer. */
    public static final class Refused extends PodsealException {
        private static final long serialVersionUID = 1L;

        private Refused(ErrorCode code, String detail, @Nullable Throwable cause) {
            super(code, detail, cause);
        }
    }

    /** The KMS refused, asked for patience, or was not to be had. */
    public static final class Kms extends PodsealException {
        private static final long serialVersionUID = 1L;

        /** Whether the same call may succeed later without anybody acting. */
        private final boolean retryable;

        private Kms(ErrorCode code, String detail, boolean retryable) {
            super(code, detail, null);
            this.retryable = retryable;
        }

        /** Whether the same call may succeed later without anybody acting. */
        public boolean retryable() {
            return retryable;
        }

        /** The same failure, marked as one that waiting does not mend. */
        public Kms notRetryable() {
            return new Kms(code(), detail(), false);
        }

        @Override
        public Kms at(String where) {
            return new Kms(code(), detailAt(where), retryable);
        }
    }

    /** The carrier of the values was missing, closed to us, out of reach or silent for too long. */
    public static final class Source extends PodsealException {
        private static final long serialVersionUID = 1L;

        private Source(ErrorCode code, String detail, @Nullable Throwable cause) {
            super(code, detail, cause);
        }
    }

    /** A setting or argument has to be changed. */
    public static final class Configuration extends PodsealException {
        private static final long serialVersionUID = 1L;

        private Configuration(ErrorCode code, String detail, @Nullable Throwable cause) {
            super(code, detail, cause);
        }
    }
}
