// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.testkit.LocalControlPlane;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An object of the namespace {@code payments} on a real API server, its values sealed for the test's workload. */
final class ClusterSecret {
    private final LocalControlPlane plane;
    private final Workload workload;
    private final String name;
    private final Map<String, byte[]> items = new TreeMap<>();

    ClusterSecret(LocalControlPlane plane, Workload workload, String name) {
        this.plane = plane;
        this.workload = workload;
        this.name = name;
    }

    ClusterSecret withKeyset() {
        items.put(workload.keysetFileName(), workload.keysetDocument());
        return this;
    }

    ClusterSecret sealed(String item, String plaintext) {
        items.put(item, workload.sealed(name, item, plaintext).getBytes(UTF_8));
        return this;
    }

    /** Creates it, or gives it exactly these items. */
    ClusterSecret applied() {
        String data = items.entrySet().stream()
                .map(item ->
                        "\"" + item.getKey() + "\":\"" + Base64.getEncoder().encodeToString(item.getValue()) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        send(
                "PATCH",
                "?fieldManager=test&force=true",
                "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"" + name + "\"},\"data\":" + data
                        + "}");
        return this;
    }

    void deleted() {
        send("DELETE", "", null);
    }

    private void send(String method, String query, @Nullable String body) {
        String path = "/api/v1/namespaces/payments/secrets/" + name + query;
        String type = body == null ? null : "application/apply-patch+yaml";
        assertThat(plane.request(plane.adminToken(), method, path, type, body).statusCode())
                .isBetween(200, 201);
    }
}
