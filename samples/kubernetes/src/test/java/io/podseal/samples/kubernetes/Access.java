// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import io.micronaut.context.ApplicationContext;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.Keks;
import io.podseal.keyset.LocalKms;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The ways in which an application reads a value. */
enum Access {
    BYTES("`byte[]` from `SecretStore`, zeroed after use") {
        @Override
        Reader open(Path mount, String kek) {
            return Stored.open(mount, kek, value -> {
                byte[] bytes = value.revealBytes();
                int sum = Arrays.hashCode(bytes);
                Arrays.fill(bytes, (byte) 0);
                return sum;
            });
        }
    },
    BYTES_HELD("the same, held during a garbage collection in 10 of 1,000 reads") {
        private static final int EVERY = 100;

        @Override
        Reader open(Path mount, String kek) {
            AtomicInteger reads = new AtomicInteger();
            return Stored.open(mount, kek, value -> {
                byte[] bytes = value.revealBytes();
                if (reads.incrementAndGet() % EVERY == 0) {
                    System.gc();
                }
                int sum = Arrays.hashCode(bytes);
                Arrays.fill(bytes, (byte) 0);
                return sum;
            });
        }
    },
    SECRET_VALUE("`SecretValue` from `SecretStore`, closed after use") {
        @Override
        Reader open(Path mount, String kek) {
            return Stored.open(mount, kek, SecretValue::sizeInBytes);
        }
    },
    SPRING_STRING("Spring: a `String` in one bean by `@Value`, then `Environment.getProperty`") {
        @Override
        Reader open(Path mount, String kek) {
            ConfigurableApplicationContext context = new SpringApplicationBuilder(SpringBean.class)
                    .web(WebApplicationType.NONE)
                    .run(
                            "--spring.config.import=podseal:mount:" + mount + "?prefix=db.",
                            "--podseal.identity=payments/api",
                            "--podseal.keks=" + kek,
                            "--podseal.kms.local.allow-in-cluster=true");
            return new Reader(
                    item -> context.getEnvironment()
                            .getRequiredProperty("db." + item)
                            .hashCode(),
                    context::close);
        }
    },
    MICRONAUT_STRING("Micronaut: `getProperty(name, String.class)`") {
        @Override
        Reader open(Path mount, String kek) {
            ApplicationContext context = micronaut(mount, kek);
            return new Reader(
                    item -> context.getRequiredProperty("db." + item, String.class)
                            .hashCode(),
                    context::close);
        }
    },
    MICRONAUT_BYTES("Micronaut: `getProperty(name, byte[].class)`, zeroed after use") {
        @Override
        Reader open(Path mount, String kek) {
            ApplicationContext context = micronaut(mount, kek);
            return new Reader(
                    item -> {
                        byte[] bytes = context.getRequiredProperty("db." + item, byte[].class);
                        int sum = Arrays.hashCode(bytes);
                        Arrays.fill(bytes, (byte) 0);
                        return sum;
                    },
                    context::close);
        }
    };

    private final String description;

    Access(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    /** Opens the volume of {@code payments/api} as an application would at its start. */
    abstract Reader open(Path mount, String kek);

    /** Reads an item, and keeps nothing of it. */
    interface Read {
        int of(String item);
    }

    /** An application that has started. */
    record Reader(Read read, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SpringBean {
        @Value("${db.password}")
        String password = "";
    }

    private static ApplicationContext micronaut(Path mount, String kek) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("podseal.import[0]", "podseal:mount:" + mount + "?prefix=db.");
        settings.put("podseal.identity", "payments/api");
        settings.put("podseal.keks[0]", kek);
        settings.put("podseal.kms.local.allow-in-cluster", "true");
        return ApplicationContext.run(settings);
    }

    /** A store without a framework. */
    private static final class Stored {
        interface Use {
            int of(SecretValue value);
        }

        static Reader open(Path mount, String kek, Use use) {
            SecretStore store = SecretStore.of(SecretSource.mount(mount, null))
                    .identity(ServiceAccount.parse("payments/api", "cluster.local"))
                    .keks(Keks.builder()
                            .kek(kek)
                            .client(LocalKms.allowedInCluster())
                            .build())
                    .open();
            return new Reader(
                    item -> {
                        try (SecretValue value =
                                Objects.requireNonNull(store.current().get(item))) {
                            return use.of(value);
                        }
                    },
                    store::close);
        }
    }
}
