// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static io.podseal.k8s.Tenant.password;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.http.HttpLoggingInterceptor;
import io.podseal.store.SecretStore;
import io.podseal.testkit.Canary;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LeakSearch;
import io.podseal.testkit.LocalControlPlane;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What all loggers tell together, where somebody has set them to everything. */
@ControlPlane
@Timeout(120)
class LoggedIT {
    @TempDir
    private Path folder;

    @Test
    void neitherTheTokenNorAnItemIsLoggedAtAnyLevel(LocalControlPlane plane) throws Exception {
        Path log = folder.resolve("log");
        try (Tenant tenant = new Tenant(plane, folder)) {
            Canary plaintext = Canary.random("plaintext");
            Canary item = Canary.random("item");
            String first = tenant.token("db", "password", plaintext.text());
            tenant.put("db", Map.of("password", first, "api.keyset.json", tenant.document(), "plain", item.text()));
            tenant.mayWatch("db");
            String token = Files.readString(tenant.files.resolve("token")).strip();
            LeakSearch search = LeakSearch.of(
                    plaintext,
                    item,
                    Canary.of("ciphertext", first.substring(first.length() - 24)),
                    Canary.of("token", token.substring(token.length() - 40)));

            Logger library = Logger.getLogger("io.fabric8");
            Logger logged = Logger.getLogger("io.fabric8.kubernetes.client.control");
            FileHandler handler = new FileHandler(log.toString());
            handler.setFormatter(new SimpleFormatter());
            handler.setLevel(Level.ALL);
            List<Logger> all = List.of(Logger.getLogger("io.podseal"), library);
            all.forEach(logger -> {
                logger.addHandler(handler);
                logger.setLevel(Level.ALL);
            });
            try {
                assertThat(LoggerFactory.getLogger(HttpLoggingInterceptor.class).isTraceEnabled())
                        .as("the library would log its calls")
                        .isTrue();
                logged.finest(search.control().text());
                try (SecretStore store = tenant.store(tenant.sources().build().secret(null, "db", null))
                        .exclude(List.of("plain"))
                        .open()) {
                    Awaitility.await().until(() -> tenant.calls().contains("watch secrets db 101"));
                    tenant.putPassword("db", "second");
                    Awaitility.await().until(() -> password(store).equals("second"));
                }
            } finally {
                all.forEach(logger -> {
                    logger.removeHandler(handler);
                    logger.setLevel(null);
                });
                handler.close();
            }
            assertThat(search.inFiles(log).leaks()).isEmpty();
        }
    }
}
