// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podseal.ServiceAccount;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The printed rights on a real API server. */
@ControlPlane
class RbacManifestIT {
    private static final ServiceAccount READER = Sealed.account("rbac/reader");
    private static final ServiceAccount WATCHER = Sealed.account("rbac/watcher");
    private static final ServiceAccount NOBODY = Sealed.account("rbac/nobody");
    private static final ServiceAccount LONG = Sealed.account("rbac/" + "a".repeat(253));
    private static final ServiceAccount NAMESAKE = Sealed.account("rbac-shared/reader");

    private static LocalControlPlane plane;

    @BeforeAll
    static void apply(LocalControlPlane controlPlane) {
        plane = controlPlane;
        for (String namespace : new String[] {"rbac", "rbac-shared", "rbac-other"}) {
            plane.createNamespace(namespace);
            for (String name : new String[] {"db", "mail", "ca"}) {
                plane.kubectl("-n", namespace, "create", "secret", "generic", name);
            }
            plane.kubectl("-n", namespace, "create", "configmap", "keyset");
        }
        for (ServiceAccount account : new ServiceAccount[] {READER, WATCHER, NOBODY, LONG, NAMESAKE}) {
            plane.createServiceAccount(account);
        }
        applied(RbacManifest.of(READER)
                .secret(null, "db")
                .secret("rbac-shared", "ca")
                .configMap(null, "keyset"));
        applied(RbacManifest.of(WATCHER).secret(null, "db").watch(true));
        applied(RbacManifest.of(LONG).secret(null, "db"));
        await().until(() -> status(READER, "GET", "rbac-shared/secrets/ca") == 200);
        await().until(() -> status(LONG, "GET", "rbac/secrets/db") == 200);
    }

    private static void applied(RbacManifest manifest) {
        plane.kubectlWithInput(manifest.toYaml(), "apply", "-f", "-");
    }

    @ParameterizedTest
    @CsvSource({
        "200, GET,    rbac/secrets/db",
        "200, GET,    rbac/configmaps/keyset",
        "200, GET,    rbac-shared/secrets/ca",
        "403, GET,    rbac/secrets/mail",
        "403, GET,    rbac/secrets/absent",
        "403, GET,    rbac/secrets/ca",
        "403, GET,    rbac-shared/secrets/db",
        "403, GET,    rbac-shared/configmaps/keyset",
        "403, GET,    rbac-other/secrets/db",
        "403, GET,    rbac/secrets",
        "403, GET,    rbac/secrets?fieldSelector=metadata.name%3Ddb",
        "403, GET,    rbac/secrets?watch=true&timeoutSeconds=1",
        "403, GET,    rbac/secrets?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Ddb",
        "403, GET,    rbac/configmaps?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dkeyset",
        "403, PUT,    rbac/secrets/db",
        "403, PATCH,  rbac/secrets/db",
        "403, DELETE, rbac/secrets/db",
        "403, DELETE, rbac/secrets",
        "403, POST,   rbac/secrets",
        "403, GET,    rbac/serviceaccounts/reader",
    })
    void aReaderGetsItsObjectsAndNoMore(int status, String method, String path) {
        assertThat(status(READER, method, path)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "200, GET,    rbac/secrets/db",
        "200, GET,    rbac/secrets?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Ddb",
        "403, GET,    rbac/secrets?watch=true&timeoutSeconds=1",
        "403, GET,    rbac/secrets?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dmail",
        "403, GET,    rbac-other/secrets?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Ddb",
        "403, GET,    rbac/secrets?fieldSelector=metadata.name%3Ddb",
        "403, GET,    rbac/secrets",
        "403, GET,    rbac/secrets/mail",
        "403, PUT,    rbac/secrets/db",
        "403, PATCH,  rbac/secrets/db",
        "403, DELETE, rbac/secrets/db",
    })
    void aWatcherWatchesOneNameWithoutListing(int status, String method, String path) {
        assertThat(status(WATCHER, method, path)).isEqualTo(status);
    }

    @Test
    void anAccountThatIsNotNamedGetsNothing() {
        assertThat(status(NOBODY, "GET", "rbac/secrets/db")).isEqualTo(403);
        assertThat(status(NAMESAKE, "GET", "rbac/secrets/db")).isEqualTo(403);
        assertThat(status(NAMESAKE, "GET", "rbac-shared/secrets/ca")).isEqualTo(403);
    }

    @Test
    void theLongestAccountNameHasItsRights() {
        assertThat(status(LONG, "GET", "rbac/secrets/db")).isEqualTo(200);
        assertThat(status(LONG, "GET", "rbac/secrets/mail")).isEqualTo(403);
    }

    @Test
    void rightsToAnotherObjectTakeNothingAway() {
        ServiceAccount both = Sealed.account("rbac/both");
        plane.createServiceAccount(both);
        applied(RbacManifest.of(both).secret(null, "db"));
        applied(RbacManifest.of(both).secret(null, "mail"));
        await().until(() -> status(both, "GET", "rbac/secrets/mail") == 200);
        assertThat(status(both, "GET", "rbac/secrets/db")).isEqualTo(200);
    }

    @Test
    void applyingWithoutTheWatchTakesNoneAway() {
        ServiceAccount former = Sealed.account("rbac/former");
        plane.createServiceAccount(former);
        String watch = "rbac/secrets?watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Ddb";
        RbacManifest watching = RbacManifest.of(former).secret(null, "db").watch(true);
        applied(watching);
        await().until(() -> status(former, "GET", watch) == 200);
        applied(RbacManifest.of(former).secret(null, "db"));
        assertThat(plane.kubectl("-n", "rbac", "get", "roles", "-o", "name"))
                .as("both Roles are there")
                .containsPattern("(?s)(role\\S*/former-podseal-.*){2}");
        plane.kubectlWithInput(watching.toYaml(), "delete", "-f", "-");
        await().until(() -> status(former, "GET", watch) == 403);
        assertThat(status(former, "GET", "rbac/secrets/db"))
                .as("the other Role stays")
                .isEqualTo(200);
    }

    private static int status(ServiceAccount account, String method, String path) {
        String body = method.startsWith("P") ? "{}" : null;
        String type =
                method.equals("PATCH") ? "application/merge-patch+json" : body == null ? null : "application/json";
        return plane.request(
                        plane.token(account, Duration.ofMinutes(10)), method, "/api/v1/namespaces/" + path, type, body)
                .statusCode();
    }
}
