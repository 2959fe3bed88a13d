// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static io.podseal.spring.Starts.start;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

class ImportTest {
    @TempDir
    Path root;

    Workload workload;

    @BeforeEach
    void mint() throws IOException {
        workload = Workload.in(root);
    }

    @ConfigurationProperties("db")
    record Db(String user, String password) {}

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(Db.class)
    static class Application {
        @Value("${db.password}")
        String password = "";
    }

    @Test
    void itemsOfAMountArriveAsOrdinaryProperties() throws IOException {
        Mount mount = workload.mount("db-credentials")
                .withKeyset()
                .sealed("user", "api")
                .sealed("password", "correct horse")
                .delivered();
        try (var context = start(Application.class, workload.args(mount.importing("?prefix=db.")))) {
            assertThat(context.getBean(Application.class).password).isEqualTo("correct horse");
            assertThat(context.getBean(Db.class)).isEqualTo(new Db("api", "correct horse"));
            assertThat(context.getEnvironment().getProperty("db.user")).isEqualTo("api");
        }
    }
}
