// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import static io.podseal.samples.kubernetes.Stage.API;
import static io.podseal.samples.kubernetes.Stage.LEDGER;
import static io.podseal.samples.kubernetes.Stage.SECRET;
import static io.podseal.samples.kubernetes.Stage.WEB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import io.podseal.testkit.AuditEvent;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LeakReport;
import io.podseal.testkit.LeakSearch;
import io.podseal.testkit.LocalControlPlane;
import io.podseal.testkit.MissingPart;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The product's claim on a real API server: a Secret that was sealed offline opens in the process of the account that it was
 * sealed for, nowhere else, and its plaintext lies nowhere. Searches have a control that they must find.
 */
@ControlPlane
@Timeout(600)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KubernetesEndToEndIT {
    private static final String LOCATION = "podseal:secret:" + SECRET;

    private static LocalControlPlane plane;
    private static Stage stage;

    @BeforeAll
    static void sealOfflineAndApply(LocalControlPlane started, @TempDir Path folder) throws IOException, SQLException {
        plane = started;
        stage = Stage.set(plane, folder);
        System.out.println(
                Namespace.MOUNTS.isAllowed()
                        ? "Pods have mounts of their own: token, CA and namespace lie where a pod has them."
                        : "No mount namespace is allowed here: settings name the token and the CA.");
        System.out.println(
                Namespace.NETWORK.isAllowed()
                        ? "Passwords are sealed without any network."
                        : "No network namespace is allowed here: that sealing needs no network was not shown.");
    }

    @AfterAll
    static void endTheDatabase() throws SQLException {
        stage.close();
    }

    private static List<AuditEvent> requestsOf(ServiceAccount account) {
        String user = "system:serviceaccount:" + account.namespace() + ":" + account.name();
        return plane.auditEvents().stream()
                .filter(event -> event.user().equals(user))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void theSampleOpensWithOneNamedGetFollowsARotationAndLeavesNothingInTheClear(Sample sample) throws Exception {
        Trace.assumePossible();
        Path folder = stage.folder(sample.name());
        Path trace = stage.folder(sample + ".trace");
        Path log = folder.resolve("log");
        int before = requestsOf(API).size();
        Pod.Description description = stage.pod(sample.name(), API, LOCATION).traced(trace);
        LeakSearch passwords = stage.search();
        LeakSearch token = LeakSearch.of(stage.token(API));
        String controls = passwords.control().text() + "." + token.control().text();
        sample.logEverything(description.with("CONTROL", controls), log, controls);
        try (Pod pod = description.start(sample.jar())) {
            assertThat(pod.line("logged in")).isEqualTo("logged in as API");
            assertThat(requestsOf(API).subList(before, requestsOf(API).size()))
                    .allMatch(request -> request.resource().equals("secrets")
                            && request.name().equals(SECRET)
                            && !request.verb().equals("list"))
                    .filteredOn(request -> request.code() == 200)
                    .isNotEmpty()
                    .allMatch(request -> request.verb().equals("get"));
            stage.changePassword();
            assertThat(pod.again()).startsWith("the database refuses");
            stage.sealAndApply();
            await().atMost(Duration.ofMinutes(1)).until(() -> pod.again().equals("logged in again as API"));
            for (LeakSearch search : List.of(passwords, token)) {
                requireNone(search.inEnvironment(pod.pid()));
                requireNone(search.inCommandLine(pod.pid()));
            }
            assertThat(pod.end()).as(pod.errors()).isZero();
        }
        assertThat(log).content().contains("TRACE");
        Trace traced = Trace.read(trace);
        assertThat(traced.files()).contains(log.toRealPath());
        assertThat(traced.unseen())
                .as("what was mapped or copied can still be searched")
                .allMatch(Files::isRegularFile);
        Path written = Files.write(stage.folder(sample + ".written"), traced.written());
        Path[] left = traced.files().stream().filter(Files::isRegularFile).toArray(Path[]::new);
        for (LeakSearch search : List.of(passwords, token)) {
            requireNone(search.inFiles(log));
            requireNone(search.inFiles(folder));
            requireNone(search.inFiles(written));
            requireNone(search.inFiles(left));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSampleNeedsNoFileSystemThatCanBeWritten(Sample sample) throws IOException {
        if (!Namespace.MOUNTS.isAllowed()) {
            MissingPart.abort(
                    "no mount or user namespace is allowed here, so no root file system could be made read-only");
        }
        String control = stage.search().control().text();
        Pod.Description description =
                stage.pod("read-only-" + sample, API, LOCATION).withReadOnlyRoot();
        try (Pod pod = description.with("CONTROL", control).start(sample.jar())) {
            assertThat(pod.line("logged in")).isEqualTo("logged in as API");
            Path temporary = Path.of("/proc", String.valueOf(pod.pid()), "root", "tmp");
            Files.writeString(temporary.resolve("control"), control);
            requireNone(stage.search().inFiles(copied(temporary, stage.folder("tmp-of-" + sample))));
            requireNone(stage.search().inEnvironment(pod.pid()));
            assertThat(pod.end()).as(pod.errors()).isZero();
        }
    }

    /**
     * Copies the files of another mount namespace, because their real path would be one of this; not those of folders that
     * were bound in there from elsewhere.
     */
    private static Path copied(Path temporary, Path target) throws IOException {
        Object device = Files.getAttribute(temporary, "unix:dev");
        Files.createDirectory(target);
        Files.walkFileTree(temporary, new SimpleFileVisitor<>() {
            private int number;

            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                boolean sameDevice = Files.getAttribute(folder, "unix:dev").equals(device);
                return sameDevice ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    Files.copy(file, target.resolve(++number + "-" + file.getFileName()));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return target;
    }

    @ParameterizedTest
    @EnumSource
    void anotherAccountMayGetTheSecretAndIsRefusedByItsScope(Sample sample) {
        int before = requestsOf(WEB).size();
        try (Pod pod = stage.pod("web-" + sample, WEB, LOCATION).start(sample.jar())) {
            assertThat(pod.end()).isEqualTo(1);
            assertThat(pod.lastWords())
                    .contains("CONTEXT_MISMATCH", "sealed for payments/api, running as payments/web");
        }
        assertThat(requestsOf(WEB).subList(before, requestsOf(WEB).size()))
                .anyMatch(request ->
                        request.verb().equals("get") && request.name().equals(SECRET) && request.code() == 200);
    }

    @Test
    void anAccountOfAnotherNamespaceMayGetTheSecretAndIsRefusedByItsScope() {
        assertRefused(
                stage.refusal(LEDGER, "podseal:secret:payments/" + SECRET),
                ErrorCode.CONTEXT_MISMATCH,
                "sealed for payments/api, running as ledger/api");
    }

    @Test
    void anotherAccountIsRefusedByTheKeysetsIdentity() throws IOException {
        String token = stage.sealed(WEB, "borrowed/password", "a value of its own");
        stage.put("payments", "borrowed", Map.of("password", token, "api.keyset.json", stage.keysetDocument(API)));
        assertRefused(
                stage.refusal(WEB, "podseal:secret:borrowed"),
                ErrorCode.CONTEXT_MISMATCH,
                "ns/payments/sa/web",
                "the keyset documents are those of",
                "ns/payments/sa/api");
    }

    @Test
    void anotherAccountIsRefusedByTheKek() throws IOException {
        String token = stage.items().get("password").replace("payments/api/db-credentials/", "payments/web/forged/");
        String document = stage.keysetDocument(API).replace("/sa/api", "/sa/web");
        stage.put("payments", "forged", Map.of("password", token, "web.keyset.json", document));
        assertRefused(stage.refusal(WEB, "podseal:secret:forged"), ErrorCode.AUTHENTICATION, "local-kms:");
    }

    @Test
    void anotherAccountsOwnKeysetDoesNotOpenAForgedToken() throws IOException {
        String token = stage.items().get("password").replace("payments/api/db-credentials/", "payments/web/own/");
        stage.put("payments", "own", Map.of("password", token, "web.keyset.json", stage.keysetDocument(WEB)));
        assertRefused(stage.refusal(WEB, "podseal:secret:own"), ErrorCode.UNKNOWN_KEY, "item 'password'");
    }

    @Test
    void swappedItemsAreRefused() throws IOException {
        allowApiToGet("swapped");
        String a = stage.sealed(API, "swapped/a", "one value");
        String b = stage.sealed(API, "swapped/b", "another value");
        stage.put("payments", "swapped", Map.of("a", b, "b", a, "api.keyset.json", stage.keysetDocument(API)));
        assertRefused(stage.refusal(API, "podseal:secret:swapped"), ErrorCode.CONTEXT_MISMATCH, "item 'a'");
    }

    @Test
    void aCopiedSecretIsRefusedUnderAnotherNameAndInAnotherNamespace() {
        allowApiToGet("copied");
        stage.put("payments", "copied", stage.items());
        assertRefused(stage.refusal(API, "podseal:secret:copied"), ErrorCode.CONTEXT_MISMATCH, SECRET, "copied");
        plane.kubectlWithInput("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: reader, namespace: ledger}
                rules: [{apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [db-credentials]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: reader, namespace: ledger}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
                subjects: [{kind: ServiceAccount, name: api, namespace: ledger}]
                """, "apply", "-f", "-");
        stage.put("ledger", SECRET, stage.items());
        assertRefused(
                stage.refusal(LEDGER, LOCATION),
                ErrorCode.CONTEXT_MISMATCH,
                "sealed for payments/api, running as ledger/api");
    }

    @Test
    void aHeaderThatWasEditedToFitItsNewPlaceIsRefused() {
        allowApiToGet("edited");
        Map<String, String> items = stage.items();
        items.replaceAll((name, text) -> text.replace("payments/api/db-credentials/", "payments/api/edited/"));
        stage.put("payments", "edited", items);
        assertRefused(stage.refusal(API, "podseal:secret:edited"), ErrorCode.AUTHENTICATION, "item 'password'");
    }

    /** Beside the one Secret that the samples may get. */
    private static void allowApiToGet(String secret) {
        plane.kubectlWithInput("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: NAME, namespace: payments}
                rules: [{apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [NAME]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: NAME, namespace: payments}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: NAME}
                subjects: [{kind: ServiceAccount, name: api, namespace: payments}]
                """.replace("NAME", secret), "apply", "-f", "-");
    }

    private static void requireNone(LeakReport report) {
        System.out.println(report.requireNone());
    }

    private static void assertRefused(PodsealException refusal, ErrorCode code, String... said) {
        assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
        assertThat(refusal).hasMessageContainingAll(said);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void nothingLiesInTheClearInEtcdTheAuditLogOrTheManifestsAfterAllThat() {
        LeakSearch search = stage.search();
        byte[] sealed = plane.etcdValue("/registry/secrets/payments/" + SECRET);
        assertThat(new String(sealed, UTF_8)).contains("podseal:v1:payments/api/db-credentials/password:");
        requireNone(search.inBytes(sealed));
        assertThat(new String(plane.etcdValue("/registry/secrets/payments/control"), UTF_8))
                .contains(search.control().text());
        requireNone(search.inFiles(plane.etcdFiles().toArray(Path[]::new)));
        plane.kubectl("delete", "secret", SECRET, "control", "-n", "payments");
        requireNone(search.inFiles(plane.etcdFiles().toArray(Path[]::new)));
        requireNone(search.inFiles(plane.auditLog()));
        requireNone(search.inFiles(stage.git()));
    }
}
