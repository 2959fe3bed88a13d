// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static io.podseal.k8s.Candidate.secret;
import static io.podseal.k8s.RefusedSecrets.ON;
import static io.podseal.k8s.Sealed.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The printed policy on a real API server. */
@ControlPlane
class AdmissionPolicyIT {
    private static final String JSON = "application/json";
    private static final String MERGE_PATCH = "application/merge-patch+json";

    private static LocalControlPlane plane;

    @BeforeAll
    static void applyThePolicy(LocalControlPlane controlPlane) {
        plane = controlPlane;
        for (String namespace : List.of(
                ON, AllowedSecrets.OFF, AllowedSecrets.NOT_QUITE_ON, AllowedSecrets.LONGEST_NAMESPACE, "policy-warn")) {
            plane.createNamespace(namespace);
        }
        plane.kubectl("label", "namespace", ON, AllowedSecrets.LONGEST_NAMESPACE, "podseal.io/enforce=true");
        plane.kubectl("label", "namespace", AllowedSecrets.NOT_QUITE_ON, "podseal.io/enforce=false");
        plane.createServiceAccount(Sealed.account(ON + "/api"));
        // What lay there before.
        assertThat(store(legacy("legacy")).statusCode()).isEqualTo(201);
        assertThat(store(secret(ON, "sealed")
                                .with("password", token(ON + "/api/sealed/password"))
                                .with("user", token(ON + "/api/sealed/user")))
                        .statusCode())
                .isEqualTo(201);
        String printed = AdmissionPolicy.toYaml();
        assertThat(plane.kubectlWithInput(printed, "apply", "--dry-run=server", "-f", "-"))
                .contains("podseal-sealed-secrets created (server dry run)");
        plane.kubectlWithInput(printed, "apply", "-f", "-");
        await().until(() ->
                dryRun(secret(ON, "probe").with("password", "plain")).statusCode() == 422);
    }

    private static Candidate legacy(String name) {
        return secret(ON, name).with("password", "battery staple").with("user", "horse");
    }

    static List<AdmissionCase> refused() {
        return RefusedSecrets.all();
    }

    static List<AdmissionCase> allowed() {
        return AllowedSecrets.all();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefused(AdmissionCase refused) {
        HttpResponse<String> answer = dryRun(refused.secret());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(message(answer)).contains("podseal-sealed-secrets", refused.says());
        for (String value : refused.secret().values()) {
            String end = value.substring(Math.max(0, value.length() - 12));
            if (!end.isEmpty()) {
                assertThat(answer.body()).doesNotContain(end);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void isAllowed(AdmissionCase allowed) {
        HttpResponse<String> answer = dryRun(allowed.secret());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void thereAreEnoughCases() {
        assertThat(refused())
                .extracting(AdmissionCase::name)
                .doesNotHaveDuplicates()
                .hasSizeGreaterThanOrEqualTo(30);
        assertThat(allowed())
                .extracting(AdmissionCase::name)
                .doesNotHaveDuplicates()
                .hasSizeGreaterThanOrEqualTo(20);
    }

    @Test
    void colonsAreFoundAtEveryPlace() {
        Candidate original = AllowedSecrets.lengths();
        Candidate copy = secret(ON, "copy");
        for (String item : List.of("k.0", "kk.0", "kkk.0")) {
            copy.with(item, token(ON + "/api/lengths/" + item));
        }
        assertThat(dryRun(original).statusCode()).isEqualTo(201);
        assertThat(message(dryRun(copy)))
                .contains("k.0 (sealed for " + ON + "/api/lengths/k.0)")
                .contains("kk.0 (sealed for " + ON + "/api/lengths/kk.0)")
                .contains("kkk.0 (sealed for " + ON + "/api/lengths/kkk.0)");
    }

    @Test
    void aNullValueIsAnEmptyOne() {
        String body = """
                {"metadata": {"name": "db"}, "data": {"password": null}}""";
        String path = "/api/v1/namespaces/" + ON + "/secrets?dryRun=All";
        assertThat(message(plane.request(plane.adminToken(), "POST", path, JSON, body)))
                .contains("not sealed: password");
    }

    @Test
    void manyNamesInAMessageAreCut() {
        Candidate secret = secret(ON, "many");
        for (int i = 0; i < 3_000; i++) {
            secret.with("item-" + i, "staple");
        }
        assertThat(message(dryRun(secret)))
                .contains("not sealed: item-", "This namespace (podseal.io/enforce=true) takes")
                .hasSizeBetween(2_000, 3_000);
    }

    @Test
    void kubectlAppliesASealedManifest() {
        assertThat(plane.kubectlWithInput(manifest("applied", token(ON + "/api/applied/password")), "apply", "-f", "-"))
                .contains("secret/applied created");
        assertThatThrownBy(() -> plane.kubectlWithInput(manifest("applied", "battery staple"), "apply", "-f", "-"))
                .hasMessageContaining("not sealed: password")
                .hasMessageNotContaining("staple");
        assertThatThrownBy(() -> plane.kubectlWithInput(
                        manifest("applied", "battery staple"),
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "-f",
                        "-"))
                .hasMessageContaining("not sealed: password");
    }

    @Test
    void kustomizeMayRenameASecretThatSaysWhatItWasSealedAs(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("password"), token(ON + "/api/generated/password"));
        Path kustomization = folder.resolve("kustomization.yaml");
        String generator = """
                namespace: %s
                namePrefix: blue-
                secretGenerator:
                  - name: generated
                    files: [password]
                """.formatted(ON);
        Files.writeString(kustomization, generator);
        assertThatThrownBy(() -> plane.kubectl("apply", "-k", folder.toString()))
                .hasMessageContaining("password (sealed for " + ON + "/api/generated/password)");
        Files.writeString(kustomization, generator + """
                    options:
                      labels:
                        podseal.io/sealed-as: generated
                """);
        assertThat(plane.kubectl("apply", "-k", folder.toString()))
                .containsPattern("secret/blue-generated-[a-z0-9]{10} created");
    }

    private static String manifest(String name, String value) {
        return """
                apiVersion: v1
                kind: Secret
                metadata:
                  name: %s
                  namespace: %s
                stringData:
                  password: %s
                """.formatted(name, ON, value);
    }

    @Test
    void whatWasStoredBeforeStays() {
        assertThat(patch("legacy", "{\"metadata\": {\"labels\": {\"team\": \"payments\"}}}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(patch("legacy", "{\"immutable\": true}").statusCode()).isEqualTo(200);
        assertThat(patch("legacy", "{\"data\": {\"user\": null}}").statusCode()).isEqualTo(200);
        assertThat(replace(legacy("legacy").labelled("team", "payments")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void itemsAreSealedOneByOne() {
        HttpResponse<String> oneSealed = patch("legacy", password(token(ON + "/api/legacy/password")));
        assertThat(oneSealed.statusCode()).as(oneSealed.body()).isEqualTo(200);
        assertThat(message(patch("legacy", password("another staple"))))
                .contains("not sealed: password")
                .doesNotContain("user", "staple");
        assertThat(message(patch("legacy", "{\"stringData\": {\"added\": \"staple\"}}")))
                .contains("not sealed: added")
                .doesNotContain("user", "password", "staple");
    }

    @Test
    void aSealedItemBecomesNeitherPlainNorMisplaced() {
        assertThat(message(patch("sealed", password("battery staple")))).contains("not sealed: password");
        assertThat(message(patch("sealed", password(token(ON + "/api/sealed/user")))))
                .contains("password (sealed for " + ON + "/api/sealed/user)");
        assertThat(patch("sealed", password(token(ON + "/api/sealed/password"))).statusCode())
                .isEqualTo(200);
    }

    private static String password(String value) {
        return "{\"stringData\": {\"password\": \"" + value + "\"}}";
    }

    @Test
    void theServerTakesThePolicyWithoutAWarning() {
        String policy =
                AdmissionPolicy.toYaml().split("\n---\n")[0].replace("name: podseal-sealed-secrets", "name: again");
        HttpResponse<String> answer = plane.request(
                plane.adminToken(),
                "POST",
                "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies?dryRun=All&fieldValidation=Strict",
                "application/yaml",
                policy);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.headers().allValues("warning")).isEmpty();
    }

    @Test
    void aNamespaceCanBeWarnedFirst() throws IOException {
        String warning = AdmissionPolicy.toYaml()
                .replace("[Deny]", "[Warn, Audit]")
                .replace("podseal.io/enforce: \"true\"", "podseal.io/enforce: \"warn\"")
                .replaceFirst(
                        "(?s)(kind: ValidatingAdmissionPolicyBinding\n.*?name: )podseal-sealed-secrets", "$1warning");
        plane.kubectlWithInput(warning, "apply", "-f", "-");
        plane.kubectl("label", "namespace", "policy-warn", "podseal.io/enforce=warn");
        Candidate plain = secret("policy-warn", "db").with("password", "battery staple");
        await().until(() -> !dryRun(plain).headers().allValues("warning").isEmpty());
        HttpResponse<String> answer = dryRun(plain);
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().allValues("warning"))
                .singleElement()
                .asString()
                .contains("not sealed: password")
                .doesNotContain("staple");
        try (Stream<String> events = Files.lines(plane.auditLog())) {
            assertThat(events.filter(event -> event.contains("admission.k8s.io/validation_failure")))
                    .isNotEmpty()
                    .allMatch(event -> event.contains("\"policy-warn\""));
        }
    }

    @Test
    void theHeadStatesLimitsAndTheWayToRollItOut() {
        assertThat(AdmissionPolicy.toYaml())
                .startsWith("# SPDX-License-Identifier: Apache-2.0\n")
                .contains("# Limits\n", "# Rolling it out\n", "[Warn, Audit]", "podseal.io/sealed-as")
                .endsWith("podseal.io/enforce: \"true\"\n")
                .doesNotContain("\t", "\r");
    }

    private static HttpResponse<String> store(Candidate secret) {
        return plane.request(plane.adminToken(), "POST", collection(secret), JSON, secret.json());
    }

    /** Asks for everything but the storing. */
    private static HttpResponse<String> dryRun(Candidate secret) {
        return plane.request(plane.adminToken(), "POST", collection(secret) + "?dryRun=All", JSON, secret.json());
    }

    private static HttpResponse<String> replace(Candidate secret) {
        String path = collection(secret) + "/" + secret.name() + "?dryRun=All";
        return plane.request(plane.adminToken(), "PUT", path, JSON, secret.json());
    }

    private static HttpResponse<String> patch(String name, String body) {
        String path = "/api/v1/namespaces/" + ON + "/secrets/" + name + "?dryRun=All";
        return plane.request(plane.adminToken(), "PATCH", path, MERGE_PATCH, body);
    }

    private static String collection(Candidate secret) {
        return "/api/v1/namespaces/" + secret.namespace() + "/secrets";
    }

    private static String message(HttpResponse<String> answer) {
        return Serialization.unmarshal(answer.body(), Status.class).getMessage();
    }
}
