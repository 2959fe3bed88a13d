// SPDX-License-Identifier: Apache-2.0
package com.amazonaws;

/** Stands in for the class of that name in AWS's SDK v1, which core reads by name only. */
public class SdkClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SdkClientException(String message, Throwable cause) {
        super(message, cause);
    }
}
