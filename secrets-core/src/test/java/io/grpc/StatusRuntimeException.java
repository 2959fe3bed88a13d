// SPDX-License-Identifier: Apache-2.0
package io.grpc;

/** Stands in for the class of that name in gRPC, which core reads by name only. */
public class StatusRuntimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Status status;

    public StatusRuntimeException(String message, Status status) {
        super(message);
        this.status = status;
    }

    public Status getStatus() {
        return status;
    }
}
