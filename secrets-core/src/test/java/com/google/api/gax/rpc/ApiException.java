// SPDX-License-Identifier: Apache-2.0
package com.google.api.gax.rpc;

/** Stands in for the class of that name in Google's gax, which core reads by name only. */
public class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient StatusCode statusCode;

    public ApiException(String message, Throwable cause, StatusCode statusCode) {
        super(message, cause);
        this.statusCode = statusCode;
    }

    public StatusCode getStatusCode() {
        return statusCode;
    }
}
