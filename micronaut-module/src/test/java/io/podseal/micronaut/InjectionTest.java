// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InjectionTest {
    @TempDir
    Path folder;

    @Singleton
    @Requires(property = "db.password")
    static final class Consumer {
        final String value;
        final char[] chars;
        final byte[] bytes;
        final Db db;

        Consumer(
                @Value("${db.password}") String value,
                @Property(name = "db.password") char[] chars,
                @Property(name = "db.password") byte[] bytes,
                Db db) {
            this.value = value;
            this.chars = chars;
            this.bytes = bytes;
            this.db = db;
        }
    }

    @ConfigurationProperties("db")
    static final class Db {
        private String password = "";
        private char[] pin = {};
        private byte[] key = {};
        private int port;

        String getPassword() {
            return password;
        }

        void setPassword(String password) {
            this.password = password;
        }

        char[] getPin() {
            return pin;
        }

        void setPin(char[] pin) {
            this.pin = pin;
        }

        byte[] getKey() {
            return key;
        }

        void setKey(byte[] key) {
            this.key = key;
        }

        int getPort() {
            return port;
        }

        void setPort(int port) {
            this.port = port;
        }
    }

    @Test
    void sealedItemsArriveWhereverAnApplicationAsksForProperties() {
        byte[] binary = {0, (byte) 0xff, 10, (byte) 0x80};
        SealedMount mount = SealedMount.in(folder)
                .sealed("password", "pässwörd")
                .sealed("pin", "1234")
                .sealed("key", binary)
                .sealed("port", "5432")
                .write();
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=db."))) {
            Consumer consumer = context.getBean(Consumer.class);
            assertThat(consumer.value).isEqualTo("pässwörd");
            assertThat(consumer.chars).isEqualTo("pässwörd".toCharArray());
            assertThat(consumer.bytes).isEqualTo("pässwörd".getBytes(UTF_8));
            assertThat(consumer.db.getPassword()).isEqualTo("pässwörd");
            assertThat(consumer.db.getPin()).isEqualTo("1234".toCharArray());
            assertThat(consumer.db.getKey()).isEqualTo(binary);
            assertThat(consumer.db.getPort()).isEqualTo(5432);
        }
    }

    @Test
    void anApplicationWithoutSettingsStartsAsIfPodsealWereAbsent() {
        try (ApplicationContext context = ApplicationContext.run(Map.of("db.password", "plain"))) {
            assertThat(context.getBean(Consumer.class).value).isEqualTo("plain");
        }
    }
}
