// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The role of {@code AWS_ROLE_ARN}, taken with the token of {@code AWS_WEB_IDENTITY_TOKEN_FILE} (IRSA). The SDK's chain does that
 * too, but asks where the environment says, passes over a missing {@code sts} in silence, and hides why it was refused.
 */
record WebIdentity(StsClient sts, AwsCredentialsProvider role) implements AwsCredentialsProvider, SdkAutoCloseable {
    /** Whether the environment asks for it, and has no access key, which would come first. */
    static boolean isAskedFor() {
        return SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE.getStringValue().isPresent()
                && SdkSystemSetting.AWS_ROLE_ARN.getStringValue().isPresent()
                && SdkSystemSetting.AWS_ACCESS_KEY_ID.getStringValue().isEmpty();
    }

    static WebIdentity of(String keyRegion, Connection connection) {
        Region region = Region.of(connection.stsRegion() != null ? connection.stsRegion() : keyRegion);
        URI endpoint =
                connection.stsEndpoint() != null ? connection.stsEndpoint() : Connection.endpointOfAws("sts", region);
        StsClient sts = connection
                .configure(StsClient.builder(), region, endpoint)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .build();
        return new WebIdentity(
                sts,
                StsWebIdentityTokenFileCredentialsProvider.builder()
                        .stsClient(sts)
                        .build());
    }

    @Override
    public AwsCredentials resolveCredentials() {
        return role.resolveCredentials();
    }

    @Override
    public void close() {
        sts.close();
    }
}
