// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static io.podseal.ErrorCode.CONFIGURATION;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ScopeTest {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");

    @Test
    void headerIsTheTokenUpToItsLastColon() {
        assertThat(new String(Scope.item(API, "db", "password").header(), US_ASCII))
                .isEqualTo("podseal:v1:payments/api/db/password");
        assertThat(new String(Scope.accountBound(API).header(), US_ASCII)).isEqualTo("podseal:v1:payments/api");
        String token = Tokens.of("payments/api/db/password");
        assertThat(new String(SealedValue.parse(token).scope().header(), US_ASCII))
                .isEqualTo(token.substring(0, token.lastIndexOf(':')));
    }

    @Test
    void noSecretMayBeCalledInline() {
        assertThat(Refusal.of(CONFIGURATION, () -> Scope.item(API, "inline", "password"))
                        .detail())
                .contains("inline", "rename");
        assertThat(Scope.item(API, "inline-1", "password").secret()).isEqualTo("inline-1");
    }

    @Test
    void inlineScopeNamesAPropertyInKebabForm() {
        Scope scope = Scope.inline(API, "spring.datasource.password");
        assertThat(scope).hasToString("payments/api/inline/spring.datasource.password");
        assertThat(scope)
                .isEqualTo(SealedValue.parse(Tokens.of(scope.toString())).scope());
        assertThat(Scope.inline(API, "servers.0.api-key").key()).isEqualTo("servers.0.api-key");
        for (String other : new String[] {"", "spring.dataSource", "SPRING_DATASOURCE", "servers[0]", "..a", "a b"}) {
            Refusal.of(CONFIGURATION, () -> Scope.inline(API, other));
        }
    }

    @Test
    void accountBoundAndItemBoundScopesDiffer() {
        Scope account = Scope.accountBound(API);
        Scope item = Scope.item(API, "db", "password");
        assertThat(account.isItemBound()).isFalse();
        assertThat(item.isItemBound()).isTrue();
        assertThat(account)
                .isNotEqualTo(item)
                .isEqualTo(Scope.accountBound(API))
                .hasSameHashCodeAs(Scope.accountBound(API));
        assertThat(item.belongsTo(API)).isTrue();
        assertThat(item.belongsTo(new ServiceAccount("cluster.local", "payments", "web")))
                .isFalse();
        assertThat(item.belongsTo(new ServiceAccount("cluster.local", "shop", "api")))
                .isFalse();
    }

    @Test
    void trustDomainIsNoPartOfATokensScope() {
        assertThat(Scope.accountBound(API).belongsTo(new ServiceAccount("other.local", "payments", "api")))
                .isTrue();
    }
}
