// SPDX-License-Identifier: Apache-2.0
package software.amazon.awssdk.awscore.exception;

/** Stands in for the class of that name in AWS's SDK v2, which core reads by name only. */
public record AwsErrorDetails(String errorCode) {}
