// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.keyset.KeyType;
import io.podseal.store.SecretStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@SealedFor("payments/api")
final class SealedForTest {
    @Test
    void testGetsTheAccountOfItsClass(TestAccount api) {
        assertThat(api.identity().namespacedName()).isEqualTo("payments/api");
        assertThat(api.identity().trustDomain()).isEqualTo("cluster.local");
        assertThat(api.seal("db", "password", "s3cret").open("db").current().names())
                .containsExactly("password");
    }

    @Test
    void parameterMayAskForAnotherAccount(TestAccount api, @SealedFor("payments/web") TestAccount web) {
        String location = api.seal("db", "password", "s3cret").location("db");
        byte[] foreign = api.token(Scope.item(api.identity(), "db", "password"), new byte[] {1})
                .getBytes(UTF_8);
        web.put("db", "password", foreign);
        assertThat(location).isNotEqualTo(web.location("db"));
        assertThatThrownBy(() -> web.open("db"))
                .isInstanceOf(PodsealException.class)
                .hasMessageContaining("sealed for payments/api, running as payments/web");
    }

    @Test
    void sameAccountIsOneAccountWithinATest(TestAccount one, @SealedFor("payments/api") TestAccount other) {
        assertThat(one).isSameAs(other);
    }

    @Test
    void keysetIsOfTheTypeThatWasAskedFor(
            @SealedFor(value = "payments/api", trustDomain = "example.org", type = KeyType.HPKE_X25519)
                    TestAccount account) {
        assertThat(account.keyset().type()).isEqualTo(KeyType.HPKE_X25519);
        assertThat(account.identity().trustDomain()).isEqualTo("example.org");
    }

    @Nested
    class Inside {
        private final TestAccount given;

        Inside(TestAccount given) {
            this.given = given;
        }

        @Test
        void nestedClassesAndConstructorsHaveItToo(TestAccount api) {
            assertThat(api).isSameAs(given);
        }
    }

    @Nested
    @TestMethodOrder(MethodName.class)
    class EachTest {
        private static final List<TestAccount> SEEN = new ArrayList<>();

        @BeforeEach
        void seal(TestAccount api) {
            api.seal("db", "password", "s3cret");
            SEEN.add(api);
        }

        @Test
        void aHasAFreshAccount(TestAccount api) {
            assertThat(SEEN).containsExactly(api);
        }

        @Test
        void bHasAnotherAndTheFirstIsClosed(TestAccount api) {
            assertThat(SEEN).hasSize(2).element(1).isSameAs(api);
            assertThatThrownBy(SEEN.get(0)::keyset).isInstanceOf(IllegalStateException.class);
        }
    }

    @Nested
    @TestMethodOrder(MethodName.class)
    class WholeClass {
        private static TestAccount shared;
        private static SecretStore store;

        @BeforeAll
        static void seal(TestAccount api) {
            shared = api.seal("db", "password", "s3cret");
            store = api.open("db");
        }

        @Test
        void aSeesWhatBeforeAllTook(TestAccount api) {
            assertThat(api).isSameAs(shared);
        }

        @Test
        void bSeesItStill(TestAccount api) {
            assertThat(api).isSameAs(shared);
            assertThat(store.current().names()).containsExactly("password");
        }
    }
}
