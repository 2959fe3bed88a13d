// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.podseal.ServiceAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of the control plane rely on, on the shared one. */
@ControlPlane
final class ControlPlaneIT {
    private static final String NAMESPACE = "control-plane-it";
    private static final ServiceAccount API = account("api");
    private static final ServiceAccount WEB = account("web");
    private static final String SECRET = "/api/v1/namespaces/" + NAMESPACE + "/secrets/db";
    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final LocalControlPlane plane;

    ControlPlaneIT(LocalControlPlane plane) {
        this.plane = plane;
    }

    private static ServiceAccount account(String name) {
        return new ServiceAccount("cluster.local", NAMESPACE, name);
    }

    @BeforeAll
    static void twoAccountsOfWhichOneMayGetOneSecret(LocalControlPlane plane) {
        plane.createNamespace(NAMESPACE);
        plane.createServiceAccount(API);
        plane.createServiceAccount(WEB);
        plane.kubectlWithInput("""
                apiVersion: v1
                kind: Secret
                metadata: {name: db, namespace: control-plane-it}
                stringData: {password: control-text-of-the-secret}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: other, namespace: control-plane-it}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: db-reader, namespace: control-plane-it}
                rules: [{apiGroups: [""], resources: [secrets], resourceNames: [db], verbs: [get]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: db-reader, namespace: control-plane-it}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: db-reader}
                subjects: [{kind: ServiceAccount, name: api, namespace: control-plane-it}]
                """, "apply", "-f", "-");
    }

    @Test
    void kubectlTalksToTheReleaseThatIsPinned() {
        assertThat(plane.kubectl("version")).contains("Server Version: v1.36.3");
    }

    @Test
    void oneNamedGetIsAllThatTheRoleAllows() {
        String token = plane.token(API, LIFETIME);
        assertThat(get(token, SECRET)).isEqualTo(200);
        assertThat(get(token, "/api/v1/namespaces/" + NAMESPACE + "/secrets/other"))
                .isEqualTo(403);
        assertThat(get(token, "/api/v1/namespaces/" + NAMESPACE + "/secrets")).isEqualTo(403);
    }

    @Test
    void anAccountWithoutARoleIsRefused() {
        assertThat(get(plane.token(WEB, LIFETIME), SECRET)).isEqualTo(403);
        assertThat(get(null, SECRET)).isEqualTo(403);
        assertThat(get("no-token", SECRET)).isEqualTo(401);
    }

    @Test
    void tokensNameTheirAccountAndAudience() {
        JsonObject claims = claims(plane.token(API, LIFETIME, "kms.example"));
        assertThat(claims.get("sub").getAsString()).isEqualTo("system:serviceaccount:" + NAMESPACE + ":api");
        assertThat(claims.get("aud").getAsJsonArray()).map(e -> e.getAsString()).containsExactly("kms.example");
    }

    @Test
    void aTokenForAnotherAudienceIsNoneOfTheServers() {
        assertThat(get(plane.token(API, LIFETIME, "kms.example"), SECRET)).isEqualTo(401);
    }

    @Test
    void aLifetimeUnderTenMinutesIsRefusedByTheServer() {
        assertThatThrownBy(() -> plane.token(API, Duration.ofMinutes(9))).hasMessageContaining("10 minutes");
    }

    @Test
    void podFilesAreThoseOfAPodAndRotate(@TempDir Path folder) throws Exception {
        Path mount = plane.podFiles(API, folder.resolve("serviceaccount"));
        assertThat(mount.resolve("ca.crt")).hasSameTextualContentAs(plane.caFile());
        assertThat(mount.resolve("namespace")).hasContent(NAMESPACE);
        String token = Files.readString(mount.resolve("token"));
        assertThat(get(token, SECRET)).isEqualTo(200);

        plane.podFiles(API, mount);
        assertThat(Files.readString(mount.resolve("token"))).isNotEqualTo(token);
    }

    @Test
    void theAuditLogCountsTheRequestsOfAnAccountForAnObject() {
        ServiceAccount counted = account("counted");
        plane.createServiceAccount(counted);
        String token = plane.token(counted, LIFETIME);
        get(token, SECRET);
        get(token, SECRET);
        get(token, "/api/v1/namespaces/" + NAMESPACE + "/secrets/other");

        assertThat(plane.auditEvents())
                .filteredOn(event -> event.user().endsWith(":counted")
                        && event.verb().equals("get")
                        && event.resource().equals("secrets")
                        && event.name().equals("db"))
                .hasSize(2)
                .allMatch(event -> event.code() == 403 && event.stage().equals("ResponseComplete"));
    }

    @Test
    void theAuditLogHoldsBodiesAndNoTokens() {
        String token = plane.token(API, LIFETIME);
        get(token, SECRET);
        String password = Base64.getEncoder().encodeToString("control-text-of-the-secret".getBytes(UTF_8));
        assertThat(plane.auditLog()).content().contains(password).doesNotContain(token);
    }

    @Test
    void etcdHoldsTheSecretAsItWasApplied() throws Exception {
        byte[] value = plane.etcdValue("/registry/secrets/" + NAMESPACE + "/db");
        assertThat(new String(value, ISO_8859_1)).contains("control-text-of-the-secret");

        StringBuilder files = new StringBuilder();
        for (Path file : plane.etcdFiles()) {
            files.append(new String(Files.readAllBytes(file), ISO_8859_1));
        }
        assertThat(files).contains("control-text-of-the-secret");
    }

    @Test
    void anAbsentKeyIsNoEmptyValue() {
        assertThatThrownBy(() -> plane.etcdValue("/registry/secrets/" + NAMESPACE + "/absent"))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void whatKubectlIsRefusedIsSaid() {
        assertThatThrownBy(() -> plane.kubectl("get", "secret", "absent", "-n", NAMESPACE))
                .hasMessageContaining("NotFound");
    }

    private int get(String token, String path) {
        return plane.request(token, "GET", path, null, null).statusCode();
    }

    private static JsonObject claims(String token) {
        byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
        return JsonParser.parseString(new String(claims, UTF_8)).getAsJsonObject();
    }
}
