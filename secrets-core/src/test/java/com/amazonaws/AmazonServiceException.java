// SPDX-License-Identifier: Apache-2.0
package com.amazonaws;

/** Stands in for the class of that name in AWS's SDK v1, which core reads by name only. */
public class AmazonServiceException extends SdkClientException {
    private static final long serialVersionUID = 1L;

    private final String errorCode;

    public AmazonServiceException(String message, String errorCode) {
        super(message, null);
        this.errorCode = errorCode;
    }

    public String getErrorCode() {
        return errorCode;
    }
}
