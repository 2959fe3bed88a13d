// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.SecretSealer;
import io.podseal.SecretValue;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LocalControlPlane;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a reading gives, on a real API server. */
@ControlPlane
@Timeout(120)
class ReadingIT {
    private static final int MIB = 1024 * 1024;

    private final LocalControlPlane plane;

    @TempDir
    private Path folder;

    private Tenant tenant;

    ReadingIT(LocalControlPlane plane) {
        this.plane = plane;
    }

    @BeforeEach
    void tenant() {
        tenant = new Tenant(plane, folder);
    }

    @AfterEach
    void close() {
        tenant.close();
    }

    private SecretSource db() {
        return tenant.sources().build().secret(null, "db", null);
    }

    private static PodsealException refusal(SecretSource source) {
        try (source) {
            source.read();
        } catch (PodsealException refusal) {
            return refusal;
        }
        throw new AssertionError("read");
    }

    @Test
    void aSecretIsReadWithOneGetAndTheLeastRight() {
        tenant.put("db", Map.of("password", "token", "user", "another"));
        tenant.mayGet("db");
        try (SecretSource source = db()) {
            assertThat(Tenant.texts(source.read())).isEqualTo(Map.of("password", "token", "user", "another"));
            assertThat(source.secretName()).isEqualTo("db");
        }
        assertThat(tenant.calls()).containsExactly("get secrets db 200");
    }

    @Test
    void anotherNamespaceIsReadWhereTheLocationNamesIt() {
        try (Tenant other = new Tenant(plane, folder)) {
            other.put("shared", Map.of("a", "1"));
            Path kubeconfig = plane.kubeconfig();
            try (SecretSource source = KubernetesSources.builder()
                    .kubeconfig(kubeconfig)
                    .build()
                    .secret(other.namespace(), "shared", "original")) {
                assertThat(Tenant.texts(source.read())).containsEntry("a", "1");
                assertThat(source.secretName()).as("the application's own word").isEqualTo("original");
                assertThat(source).hasToString("secret " + other.namespace() + "/shared");
            }
        }
    }

    @Test
    void makingASourceAsksNobody() {
        try (SecretSource source = db()) {
            assertThat(source.isConfigured()).isTrue();
            assertThat(source.isLive()).isTrue();
            assertThat(source).hasToString("secret db");
        }
        assertThat(tenant.calls()).isEmpty();
    }

    @Test
    void keysetDocumentsAreReadFromASecretOrAConfigMapAndNothingElseOfIt() {
        String base64 = Base64.getEncoder().encodeToString("binary".getBytes(UTF_8));
        tenant.putConfigMap(
                "keysets",
                Map.of("api.keyset.json", "text ü", "readme", "not read"),
                Map.of("old.keyset.json", base64, "logo.png", base64));
        tenant.put("keysets", Map.of("api.keyset.json", "sealed", "password", "not read"));
        tenant.may(List.of("get"), "configmaps", "keysets").mayGet("keysets");
        KubernetesSources sources = tenant.sources().build();
        try (SecretSource map = sources.keysetsOfConfigMap(null, "keysets");
                SecretSource secret = sources.keysetsOfSecret(null, "keysets")) {
            assertThat(Tenant.texts(map.read()))
                    .isEqualTo(Map.of("api.keyset.json", "text ü", "old.keyset.json", "binary"));
            assertThat(Tenant.texts(secret.read())).isEqualTo(Map.of("api.keyset.json", "sealed"));
            assertThat(secret.secretName()).isNull();
        }
    }

    @Test
    void anObjectWithoutKeysetDocumentsIsMissingThem() {
        tenant.put("db", Map.of("password", "token"));
        tenant.mayGet("db");
        PodsealException refusal = refusal(tenant.sources().build().keysetsOfSecret(null, "db"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_MISSING);
        assertThat(refusal).hasMessageContainingAll("secret " + tenant.namespace() + "/db", ".keyset.json");
    }

    @Test
    void whatDoesNotExistIsMissingAndOptionalForgivesIt() {
        tenant.mayGet("db");
        PodsealException refusal = refusal(db());
        assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_MISSING);
        assertThat(refusal).hasMessageContainingAll("secret " + tenant.namespace() + "/db", "does not exist", "apply");
        try (SecretStore store = tenant.store(db()).openIfPresent().orElseThrow()) {
            assertThat(store.current().names()).isEmpty();
        }
    }

    @Test
    void anEmptySecretIsMissingItsValues() {
        tenant.put("db", Map.of());
        tenant.mayGet("db");
        assertThat(refusal(db()).code()).isEqualTo(ErrorCode.SOURCE_MISSING);
    }

    @Test
    void aRefusalHoldsTheRightsThatMendIt() {
        tenant.put("db", Map.of("password", "token"));
        PodsealException refusal = refusal(db());
        assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_DENIED);
        assertThat(refusal)
                .hasMessageContainingAll(
                        "system:serviceaccount:" + tenant.namespace() + ":api", "403", "resourceNames: [\"db\"]");
        String message = String.valueOf(refusal.getMessage());
        assertThat(message)
                .as("what print rbac prints")
                .endsWith("\n"
                        + RbacManifest.of(tenant.account).secret(null, "db").toYaml());
        plane.kubectlWithInput(message.substring(message.indexOf("apiVersion:")), "apply", "-f", "-");
        tenant.awaitRights(true, "get", "secrets", "db");
        try (SecretSource source = db()) {
            assertThat(source.read()).hasSize(1);
        }
        assertThatThrownBy(() -> tenant.store(tenant.sources().build().secret(null, "other", null))
                        .openIfPresent())
                .as("optional forgives no refusal")
                .hasMessageContaining("403");
    }

    @Test
    void anExpiredTokenIsRefusedAndNamedWithItsFile() throws Exception {
        tenant.mayGet("db").put("db", Map.of("a", "1"));
        String token = plane.token(tenant.account, Duration.ofMinutes(10));
        Path signingKey = plane.auditLog().resolveSibling("sa.key");
        Path file = folder.resolve("token");

        Files.writeString(file, AgedToken.of(token, 60, signingKey));
        try (SecretSource source = tenant.sources().tokenFile(file).build().secret(null, "db", null)) {
            assertThat(source.read()).as("a minute old, and good").hasSize(1);
            Files.writeString(file, AgedToken.of(token, 86_400, signingKey));
            assertThatThrownBy(source::read)
                    .hasMessageContainingAll(file.toString(), "expired", "401")
                    .isInstanceOfSatisfying(
                            PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_DENIED));
            Files.writeString(file, token + "\n");
            assertThat(source.read()).as("rotated, and no restart").hasSize(1);
        }
    }

    @Test
    void aTokenForAnotherAudienceIsRefusedAtOnce() throws Exception {
        Path file = Files.writeString(
                folder.resolve("token"),
                plane.token(tenant.account, Duration.ofMinutes(10), "https://vault.example.com"));
        PodsealException refusal =
                refusal(tenant.sources().tokenFile(file).build().secret(null, "db", null));
        assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_DENIED);
        assertThat(refusal).hasMessageContainingAll(file.toString(), "audience", "401");
    }

    @Test
    void theKubeletRotatesTheTokenAndTheNextCallShowsTheNewOne() {
        tenant.mayGet("db").put("db", Map.of("a", "1"));
        try (SecretSource source = db()) {
            source.read();
            plane.podFiles(tenant.account, tenant.files);
            assertThat(source.read()).hasSize(1);
        }
    }

    @Test
    void aServerThatTheCaFileDoesNotVouchForIsRefusedAtOnce() throws Exception {
        try (FaultyFront other = new FaultyFront(plane.apiServer(), plane.caFile(), folder)) {
            PodsealException refusal =
                    refusal(tenant.sources().caFile(other.caFile()).build().secret(null, "db", null));
            assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
            assertThat(refusal).hasMessageContainingAll(other.caFile().toString(), "does not vouch for");
            assertThat(refusal.getMessage()).as("asked once").doesNotContain("times");
        }
        assertThat(tenant.calls()).isEmpty();
    }

    @Test
    void theClustersCertificatesMayBeReplacedWhileRunning() throws Exception {
        tenant.mayGet("db").put("db", Map.of("a", "1"));
        Path file = Files.copy(plane.caFile(), folder.resolve("ca.crt"));
        try (FaultyFront front = new FaultyFront(plane.apiServer(), plane.caFile(), folder);
                SecretSource source =
                        tenant.sources(front.uri()).caFile(file).build().secret(null, "db", null)) {
            assertThatThrownBy(source::read).hasMessageContaining("does not vouch for");
            Files.copy(front.caFile(), file, StandardCopyOption.REPLACE_EXISTING);
            assertThat(source.read()).hasSize(1);
        }
    }

    @Test
    void anUnreachableServerIsAskedUntilTheDeadlineAndNeverForgiven() throws Exception {
        URI nowhere;
        try (TcpProxy closed = new TcpProxy(plane.apiServer())) {
            nowhere = closed.uri();
        }
        KubernetesSources sources =
                tenant.sources(nowhere).startDeadline(Duration.ofSeconds(2)).build();
        PodsealException refusal = refusal(sources.secret(null, "db", null));
        assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
        assertThat(refusal)
                .hasMessageContainingAll(nowhere.toString(), "refused", "times", "podseal.kubernetes.start-deadline");
        assertThatThrownBy(() -> tenant.store(sources.secret(null, "db", null)).openIfPresent())
                .as("optional")
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE));
    }

    @Test
    void whatAppearsInTimeIsWaitedForUnlessItIsOptional() {
        tenant.mayGet("db");
        KubernetesSources sources =
                tenant.sources().waitForObjects(Duration.ofSeconds(60)).build();
        try (SecretStore store =
                tenant.store(sources.secret(null, "db", null)).openIfPresent().orElseThrow()) {
            assertThat(store.current().names()).isEmpty();
        }
        Thread later = new Thread(() -> {
            Awaitility.await().until(() -> tenant.calls().size() >= 3);
            tenant.put("db", Map.of("a", "1"));
        });
        later.start();
        try (SecretSource source = sources.secret(null, "db", null)) {
            assertThat(source.read()).hasSize(1);
        }
        assertThat(refusal(tenant.sources()
                        .waitForObjects(Duration.ofSeconds(1))
                        .build()
                        .keysetsOfSecret(null, "db")))
                .hasMessageContaining(".keyset.json");
    }

    @Test
    void aSecretOfOneMebibyteIsRead() {
        tenant.mayGet("big");
        String value = "x".repeat(MIB - "value".length());
        tenant.put("big", Map.of("value", value));
        try (SecretSource source = tenant.sources().build().secret(null, "big", null)) {
            assertThat(source.read().get(0).content()).hasSize(value.length());
        }
    }

    @Test
    void theLargestValueOfTheFormatIsOpened() {
        tenant.mayGet("big");
        String value = "x".repeat(SecretSealer.MAX_PLAINTEXT_BYTES);
        tenant.putPassword("big", value);
        try (SecretStore store =
                tenant.store(tenant.sources().build().secret(null, "big", null)).open()) {
            assertThat(Tenant.password(store)).isEqualTo(value);
        }
    }

    /** As many as the API server takes in one Secret: 1 MiB of tokens and names. */
    @Test
    void aSecretFullOfSmallValuesIsOpened() {
        tenant.mayGet("many");
        Map<String, String> items = new TreeMap<>();
        items.put("api.keyset.json", tenant.document());
        int room = MIB - items.get("api.keyset.json").length();
        for (int i = 0; items.size() < SecretSource.MAX_ITEMS; i++) {
            String name = "i" + i;
            String token = tenant.token("many", name, "v" + i);
            room -= token.length();
            if (room < 0) {
                break;
            }
            items.put(name, token);
        }
        tenant.put("many", items);
        try (SecretStore store = tenant.store(tenant.sources().build().secret(null, "many", null))
                .open()) {
            assertThat(store.current().names()).hasSize(items.size() - 1).hasSizeGreaterThan(5_000);
            for (String name : store.current().names()) {
                try (SecretValue value = Objects.requireNonNull(store.current().get(name))) {
                    assertThat(value.revealString()).isEqualTo("v" + name.substring(1));
                }
            }
        }
    }

    @Test
    void tenThousandValuesOfAManifestAreOpened() throws Exception {
        StringBuilder manifest =
                new StringBuilder("apiVersion: v1\nkind: Secret\nmetadata: {name: many}\nstringData:\n");
        for (int i = 0; i < SecretSource.MAX_ITEMS; i++) {
            manifest.append("  i%d: \"%s\"\n".formatted(i, tenant.token("many", "i" + i, "v" + i)));
        }
        tenant.putConfigMap("keysets", Map.of("api.keyset.json", tenant.document()), Map.of());
        tenant.may(List.of("get"), "configmaps", "keysets");
        Path file = Files.writeString(folder.resolve("many.yaml"), manifest);
        KubernetesSources sources = tenant.sources().build();
        try (SecretStore store = tenant.store(sources.manifest(file, null, null))
                .keysets(sources.keysetsOfConfigMap(null, "keysets"))
                .open()) {
            assertThat(store.current().names()).hasSize(SecretSource.MAX_ITEMS);
        }
    }

    @Test
    void tenThousandItemsAreReadAndOneMoreIsTooMany() {
        tenant.mayGet("many");
        Map<String, String> items = new TreeMap<>();
        for (int i = 0; i < SecretSource.MAX_ITEMS; i++) {
            items.put("item-" + i, "v" + i);
        }
        tenant.put("many", items);
        try (SecretSource source = tenant.sources().build().secret(null, "many", null)) {
            assertThat(Tenant.texts(source.read())).isEqualTo(items);
            items.put("one-more", "");
            tenant.put("many", items);
            assertThatThrownBy(source::read)
                    .isInstanceOfSatisfying(
                            PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SIZE));
        }
    }

    /** Whoever may write the Secret must not choose a key, an endpoint or a name by it. */
    @Test
    void annotationsLabelsAndTypeAreNotLookedAt() {
        tenant.mayGet("db");
        tenant.put(tenant.secret(
                        "db",
                        Map.of("password", tenant.token("db", "password", "1"), "api.keyset.json", tenant.document()))
                .withType("example.com/anything")
                .editMetadata()
                .addToAnnotations("podseal.io/kek", "fake-kms://of-the-attacker")
                .addToAnnotations("podseal.keks", "fake-kms://of-the-attacker")
                .addToLabels("podseal.identity", "other")
                .endMetadata()
                .build());
        try (SecretStore store = tenant.store(db()).open()) {
            assertThat(Tenant.password(store)).isEqualTo("1");
            assertThat(store.status().servedBy()).containsExactly("fake-kms://tenant");
        }
    }

    @Test
    void anItemThatIsNoTokenIsRefusedUnlessItIsLeftOut() {
        tenant.mayGet("db");
        tenant.put(
                "db",
                Map.of(
                        "password", tenant.token("db", "password", "1"),
                        "api.keyset.json", tenant.document(),
                        "ca.crt", "-----BEGIN CERTIFICATE-----"));
        assertThatThrownBy(() -> tenant.store(db()).open())
                .hasMessageContainingAll("ca.crt", "secret db")
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORMAT));
        try (SecretStore store = tenant.store(db()).exclude(List.of("*.crt")).open()) {
            assertThat(store.current().names()).containsExactly("password");
        }
    }

    @Test
    void aSwappedItemAndACopiedSecretAreRefused() {
        tenant.mayGet("db").mayGet("copy");
        String token = tenant.token("db", "password", "1");
        tenant.put("db", Map.of("user", token, "api.keyset.json", tenant.document()));
        tenant.put("copy", Map.of("password", token, "api.keyset.json", tenant.document()));
        for (String name : List.of("db", "copy")) {
            assertThatThrownBy(() -> tenant.store(tenant.sources().build().secret(null, name, null))
                            .open())
                    .isInstanceOfSatisfying(
                            PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTEXT_MISMATCH));
        }
    }
}
