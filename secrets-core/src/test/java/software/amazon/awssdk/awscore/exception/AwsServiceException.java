// SPDX-License-Identifier: Apache-2.0
package software.amazon.awssdk.awscore.exception;

/** Stands in for the class of that name in AWS's SDK v2, which core reads by name only. */
public class AwsServiceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient AwsErrorDetails details;

    public AwsServiceException(String message, AwsErrorDetails details) {
        super(message);
        this.details = details;
    }

    public AwsErrorDetails awsErrorDetails() {
        return details;
    }
}
