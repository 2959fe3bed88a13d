// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.utils.IoUtils;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Credentials whose absence is told apart from AWS KMS's own answers: the SDK says it in a text alone. */
record Credentials(AwsCredentialsProvider provider, boolean owned) implements AwsCredentialsProvider, SdkAutoCloseable {
    /** @throws PodsealException {@code CONFIGURATION} where what the environment asks for is not on the class path */
    static Credentials of(String region, Connection connection) {
        if (connection.credentials() != null) {
            return new Credentials(connection.credentials(), false);
        }
        if (!WebIdentity.isAskedFor()) {
            return new Credentials(DefaultCredentialsProvider.builder().build(), true);
        }
        try {
            return new Credentials(WebIdentity.of(region, connection), true);
        } catch (NoClassDefFoundError absent) {
            throw ErrorCode.CONFIGURATION.because("AWS_WEB_IDENTITY_TOKEN_FILE asks to take a role, which needs"
                    + " software.amazon.awssdk:sts; add it to the class path");
        }
    }

    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return provider.resolveCredentials();
        } catch (AwsServiceException refused) {
            throw AwsFailure.of("taking the role of AWS_ROLE_ARN", refused);
        } catch (RuntimeException failure) {
            if (failure.getCause() != null || WebIdentity.isAskedFor()) {
                throw AwsFailure.of("asking for credentials", failure);
            }
            if (hasAgent()) {
                // The SDK's chain keeps to itself whether it refused or did not answer.
                throw ErrorCode.KMS_UNAVAILABLE.because(
                        "the agent of the pod's credentials gave none; see the Pod Identity"
                                + " association of this ServiceAccount, the role's trust policy, and the agent's log");
            }
            throw ErrorCode.CONFIGURATION.because("no credentials for AWS KMS; give this ServiceAccount a role (EKS Pod"
                    + " Identity, IRSA), or set what the AWS SDK's default chain reads; where the instance should give"
                    + " them, see that its metadata service answers here, containers being one hop further");
        }
    }

    /** Whether something in the pod should have given some, and may do so in a moment. */
    private static boolean hasAgent() {
        return SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI
                        .getStringValue()
                        .isPresent()
                || SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
                        .getStringValue()
                        .isPresent();
    }

    @Override
    public void close() {
        if (owned) {
            IoUtils.closeIfCloseableV2(provider, null);
        }
    }
}
