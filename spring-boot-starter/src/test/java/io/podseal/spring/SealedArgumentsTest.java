// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.testkit.SealedFor;
import io.podseal.testkit.TestAccount;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** How an application that a test starts is given sealed values; {@code docs/testing.md} shows it. */
class SealedArgumentsTest {
    @Test
    void applicationStartsWithWhatWasSealedForIt(@SealedFor("payments/api") TestAccount api) {
        api.seal("db", "password", "s3cret");
        String[] arguments =
                api.arguments("spring.config.import", api.location("db") + "?prefix=db.", "server.port", "0");
        try (var application = SpringApplication.run(Application.class, arguments)) {
            assertThat(application.getEnvironment().getProperty("db.password")).isEqualTo("s3cret");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
