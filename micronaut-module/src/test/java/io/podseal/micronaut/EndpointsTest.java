// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Requires;
import io.micronaut.management.endpoint.env.EnvironmentEndpointFilter;
import io.micronaut.management.endpoint.env.EnvironmentFilterSpecification;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Micronaut's own endpoints, with everything shown that they can show. */
class EndpointsTest {
    private static final String CANARY = "canary-7Qx";

    @TempDir
    Path folder;

    @Singleton
    @Requires(property = "test.show.all")
    static final class ShowAll implements EnvironmentEndpointFilter {
        @Override
        public void specifyFiltering(EnvironmentFilterSpecification specification) {
            specification.maskNone();
        }
    }

    @Test
    void environmentAndBeansShowNoValue() throws Exception {
        SealedMount mount = SealedMount.in(folder).sealed("password", CANARY).write();
        Map<String, Object> settings = mount.settings("?prefix=db.");
        settings.put("test.show.all", true);
        settings.put("db.plain", "control-3Zk");
        settings.put("db.url", "jdbc:x?password=${db.password}");
        settings.put("endpoints.all.enabled", true);
        settings.put("endpoints.all.sensitive", false);
        settings.put("micronaut.server.port", -1);
        settings.put("micronaut.server.host", "127.0.0.1");
        try (EmbeddedServer server = ApplicationContext.run(EmbeddedServer.class, settings)) {
            assertThat(server.getApplicationContext().getProperty("db.password", String.class))
                    .hasValue(CANARY);
            assertThat(server.getApplicationContext().getProperty("db.url", String.class))
                    .hasValue("jdbc:x?password=" + CANARY);
            assertThat(get(server, "/env"))
                    .contains("control-3Zk", mount.location())
                    .doesNotContain(CANARY);
            assertThat(get(server, "/beans"))
                    .contains("io.podseal.micronaut.EndpointsTest$ShowAll")
                    .doesNotContain(CANARY);
        }
    }

    private static String get(EmbeddedServer server, String path) throws Exception {
        URI uri = server.getURI().resolve(path);
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
