// SPDX-License-Identifier: Apache-2.0
package com.google.crypto.tink.integration.awskms;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.kms.AWSKMSClientBuilder;
import com.google.crypto.tink.KmsClient;
import io.podseal.kms.Refusal;

/** Tink's own client at another endpoint, which it lets only its own package name. */
public final class StockAwsKms {
    private StockAwsKms() {}

    /** A client that asks that URL. */
    public static KmsClient at(String url, String region) {
        return new AwsKmsClient()
                .withAwsKms(AWSKMSClientBuilder.standard()
                        .withEndpointConfiguration(new EndpointConfiguration(url, region))
                        .withCredentials(new AWSStaticCredentialsProvider(
                                new BasicAWSCredentials("id-" + Refusal.CANARY, "key-" + Refusal.CANARY)))
                        .build());
    }
}
