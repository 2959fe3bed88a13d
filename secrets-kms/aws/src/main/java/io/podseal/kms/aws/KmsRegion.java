// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import io.podseal.PodsealException;
import java.net.URI;
import java.util.function.Function;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KmsException;

/** AWS KMS in one region, with the credentials that it is asked with. Thread-safe. */
record KmsRegion(KmsClient kms, Credentials credentials) implements AutoCloseable {
    static KmsRegion of(String name, Connection connection) {
        Region region = Region.of(name);
        URI endpoint = connection.endpoint() != null
                ? connection.endpoint()
                : Connection.endpointOfAws(connection.fips() ? "kms-fips" : "kms", region);
        Credentials credentials = Credentials.of(name, connection);
        return new KmsRegion(
                connection
                        .configure(KmsClient.builder(), region, endpoint)
                        .credentialsProvider(credentials)
                        .build(),
                credentials);
    }

    /** @param action for example {@code kms:Decrypt} */
    <T> T ask(String action, Function<KmsClient, T> call) {
        try {
            try {
                return call.apply(kms);
            } catch (KmsException refused) {
                if (!AwsFailure.isOfSignature(refused)) {
                    throw refused;
                }
                // Where the clock was wrong, the SDK has taken the time from that answer.
                return call.apply(kms);
            }
        } catch (PodsealException ours) {
            throw ours;
        } catch (RuntimeException failure) {
            throw AwsFailure.of(action, failure);
        }
    }

    @Override
    public void close() {
        kms.close();
        credentials.close();
    }
}
