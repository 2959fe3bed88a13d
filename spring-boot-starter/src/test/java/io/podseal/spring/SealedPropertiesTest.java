// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.testkit.TestAccount;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.core.io.support.PropertySourceFactory;
import org.springframework.test.context.TestPropertySource;

@SpringBootTest(classes = SealedPropertiesTest.Application.class)
@TestPropertySource(locations = "sealed", factory = SealedPropertiesTest.Sealed.class)
class SealedPropertiesTest {
    static final TestAccount API = TestAccount.of("payments/api").seal("db", "password", "s3cret");

    static final class Sealed implements PropertySourceFactory {
        @Override
        public PropertySource<?> createPropertySource(@Nullable String name, EncodedResource resource) {
            return new MapPropertySource(
                    "sealed", new HashMap<>(API.settings("spring.config.import", API.location("db") + "?prefix=db.")));
        }
    }

    @Test
    void applicationHasWhatWasSealedForIt(@Value("${db.password}") String password) {
        assertThat(password).isEqualTo("s3cret");
        assertThat(API.kms().calls()).isEqualTo(1);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
