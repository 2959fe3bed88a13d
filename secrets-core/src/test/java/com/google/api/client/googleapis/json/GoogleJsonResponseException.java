// SPDX-License-Identifier: Apache-2.0
package com.google.api.client.googleapis.json;

import java.io.IOException;
import java.util.Map;

/** Stands in for the class of that name in Google's HTTP client, which core reads by name only. */
public class GoogleJsonResponseException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Map<String, Object> details;

    public GoogleJsonResponseException(String message, Map<String, Object> details) {
        super(message);
        this.details = details;
    }

    public Map<String, Object> getDetails() {
        return details;
    }
}
