// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.PodsealException;
import java.time.Duration;

/** Why a call gave no object, and what may be made of that. */
final class CallFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final PodsealException reason;
    private final Duration retryAfter;

    CallFailure(Kind kind, PodsealException reason) {
        this(kind, reason, Duration.ZERO);
    }

    CallFailure(Kind kind, PodsealException reason, Duration retryAfter) {
        super(reason);
        this.kind = kind;
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    enum Kind {
        /** There is no such object: it may appear. */
        ABSENT,
        /** The server asks for patience, or has a problem of its own: it may answer later. */
        BUSY,
        /** There was no answer: there may be one later, and what else is open to that server is not to be trusted. */
        SILENT,
        /** Asking again would give the same until somebody acts. */
        FINAL
    }

    Kind kind() {
        return kind;
    }

    PodsealException reason() {
        return reason;
    }

    /** How long the server asked to be left alone. */
    Duration retryAfter() {
        return retryAfter;
    }
}
