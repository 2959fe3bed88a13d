// SPDX-License-Identifier: Apache-2.0
package com.google.api.client.googleapis.json;

import java.io.IOException;
import java.util.Map;

/** Stands in for the class of that name in Google's HTTP client, which core reads by name only. */
public class GoogleJsonResponseException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, Object> details;
    private final int statusCode;

    public GoogleJsonResponseException(String message, Map<String, Object> details) {
        this(message, details, 400);
    }

    public GoogleJsonResponseException(String message, Map<String, Object> details, int statusCode) {
        super(message);
        this.details = details;
        this.statusCode = statusCode;
    }

    public int getStatusCode() {
        return statusCode;
    }

    public Map<String, Object> getDetails() {
        return details;
    }
}
