// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static io.podseal.ErrorCode.CONFIGURATION;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceAccountTest {
    @Test
    void spiffeIdIsPrintedAndParsedBack() {
        ServiceAccount account = new ServiceAccount("prod.example.org", "payments", "api.v2");
        assertThat(account.spiffeId()).isEqualTo("spiffe://prod.example.org/ns/payments/sa/api.v2");
        assertThat(account).hasToString(account.spiffeId());
        assertThat(ServiceAccount.parseSpiffeId(account.spiffeId())).isEqualTo(account);
        assertThat(account.namespacedName()).isEqualTo("payments/api.v2");
    }

    @Test
    void namespacedNameIsParsedInATrustDomain() {
        assertThat(ServiceAccount.parse("payments/api", ServiceAccount.DEFAULT_TRUST_DOMAIN))
                .isEqualTo(new ServiceAccount("cluster.local", "payments", "api"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "payments",
                "payments/",
                "/api",
                "payments/api/x",
                "payments:api",
                " payments/api",
                "Payments/api"
            })
    void otherSpellingOfANamespacedNameIsRefused(String name) {
        Refusal.of(CONFIGURATION, () -> ServiceAccount.parse(name, "cluster.local"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spiffe://",
                "spiffe:///ns/payments/sa/api",
                "spiffe://cluster.local/ns/payments/sa",
                "spiffe://cluster.local/ns/payments/sa/",
                "spiffe://cluster.local/ns//sa/api",
                "spiffe://cluster.local/ns/payments/sa/api/",
                "spiffe://cluster.local/ns/payments/sa/api/x",
                "spiffe://cluster.local//ns/payments/sa/api",
                "spiffe://cluster.local/NS/payments/sa/api",
                "spiffe://cluster.local/sa/payments/ns/api",
                "SPIFFE://cluster.local/ns/payments/sa/api",
                "Spiffe://cluster.local/ns/payments/sa/api",
                "spiffe://Cluster.local/ns/payments/sa/api",
                "spiffe://cluster.local:443/ns/payments/sa/api",
                "spiffe://user@cluster.local/ns/payments/sa/api",
                "spiffe://cluster.local/ns/payments/sa/api?x=1",
                "spiffe://cluster.local/ns/payments/sa/api#x",
                "spiffe://cluster.local/ns/pay%6Dents/sa/api",
                "spiffe://cluster.local/ns/payments/../payments/sa/api",
                " spiffe://cluster.local/ns/payments/sa/api",
                "spiffe://cluster.local/ns/payments/sa/api\n",
                "https://cluster.local/ns/payments/sa/api"
            })
    void otherSpellingOfASpiffeIdIsRefused(String spiffeId) {
        Refusal.of(CONFIGURATION, () -> ServiceAccount.parseSpiffeId(spiffeId));
    }
}
