// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.annotation.Property;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.podseal.testkit.TestAccount;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How an application's own test is given sealed values; {@code docs/testing.md} shows it. */
@MicronautTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SealedPropertiesTest implements TestPropertyProvider {
    static final TestAccount API = TestAccount.of("payments/api").seal("db", "password", "s3cret");

    @Override
    public Map<String, String> getProperties() {
        return API.settings("podseal.import[0]", API.location("db") + "?prefix=db.");
    }

    @Test
    void applicationHasWhatWasSealedForIt(@Property(name = "db.password") String password) {
        assertThat(password).isEqualTo("s3cret");
        assertThat(API.kms().calls()).isEqualTo(1);
    }
}
