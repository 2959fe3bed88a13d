// SPDX-License-Identifier: Apache-2.0
/**
 * Keysets wrapped by AWS KMS. {@link io.podseal.kms.aws.AwsKms} is the Tink {@code KmsClient} of {@code aws-kms://} KEKs, on the
 * AWS SDK for Java 2. Endpoint, region and key come from the application's own configuration alone; credentials from the SDK's
 * default chain, or from who builds the client. Retries are the core's.
 */
@NullMarked
package io.podseal.kms.aws;

import org.jspecify.annotations.NullMarked;
