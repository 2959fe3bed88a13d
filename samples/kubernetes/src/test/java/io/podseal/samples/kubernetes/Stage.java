// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import io.podseal.k8s.KubernetesSources;
import io.podseal.store.Location;
import io.podseal.store.SecretStore;
import io.podseal.store.Settings;
import io.podseal.testkit.Canary;
import io.podseal.testkit.LeakSearch;
import io.podseal.testkit.LocalControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.h2.tools.Server;
import org.springframework.boot.convert.DurationStyle;

/**
 * Two namespaces and three ServiceAccounts on a real API server, a developer's machine with a KEK and keysets, and a database
 * that only the sealed password lets in. The KEK is {@code local-kms:}, a file that every process here could read: what a
 * real KMS adds, that another account may not even ask it, is not shown by this.
 */
final class Stage implements AutoCloseable {
    static final ServiceAccount API = account("payments", "api");
    /** May get every Secret of the namespace {@code payments}. */
    static final ServiceAccount WEB = account("payments", "web");
    /** May, too. */
    static final ServiceAccount LEDGER = account("ledger", "api");

    static final String SECRET = "db-credentials";

    private final LocalControlPlane plane;
    private final Path folder;
    private final Path git;
    private final String kek;
    private final List<Canary> passwords =
            List.of(Canary.random("first password"), Canary.random("second password"), Canary.random("third password"));
    private final LeakSearch search = LeakSearch.of(passwords.toArray(Canary[]::new));
    private final Connection owner;
    private final Server database;
    private int current;

    private Stage(LocalControlPlane plane, Path folder) throws IOException, SQLException {
        this.plane = plane;
        this.folder = folder;
        this.git = Files.createDirectories(folder.resolve("git"));
        Files.createDirectories(folder.resolve("developer"));
        this.kek = "local-kms:" + developer("kek.json");
        this.owner = DriverManager.getConnection("jdbc:h2:mem:payments", "owner", String.valueOf(UUID.randomUUID()));
        tell("create user api password ?");
        System.setProperty("h2.bindAddress", "127.0.0.1");
        this.database = Server.createTcpServer("-tcpPort", "0").start();
    }

    private static ServiceAccount account(String namespace, String name) {
        return new ServiceAccount("cluster.local", namespace, name);
    }

    /** All of it, with the Secret applied and the least rights given. */
    static Stage set(LocalControlPlane plane, Path folder) throws IOException, SQLException {
        Stage stage = new Stage(plane, folder);
        for (ServiceAccount account : List.of(API, WEB, LEDGER)) {
            plane.createNamespace(account.namespace());
            plane.createServiceAccount(account);
        }
        Program.podseal("", "kek", "create", stage.kek);
        stage.createKeyset(API);
        stage.createKeyset(WEB);
        stage.apply(
                "rbac.yaml", Program.podseal("", "print", "rbac", "--identity", "payments/api", "--secret", SECRET));
        stage.apply("others.yaml", """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: all-secrets, namespace: payments}
                rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: all-secrets, namespace: payments}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: all-secrets}
                subjects:
                  - {kind: ServiceAccount, name: web, namespace: payments}
                  - {kind: ServiceAccount, name: api, namespace: ledger}
                """);
        stage.apply("control.yaml", """
                apiVersion: v1
                kind: Secret
                metadata: {name: control, namespace: payments}
                stringData: {control: %s}
                """.formatted(stage.search.control().text()));
        stage.sealAndApply();
        return stage;
    }

    private String developer(String file) {
        return folder.resolve("developer").resolve(file).toString();
    }

    private String keyset(ServiceAccount account) {
        return developer(account.name() + ".keyset.json");
    }

    private String publicKeyset(ServiceAccount account) {
        return developer(account.name() + ".public.json");
    }

    private void createKeyset(ServiceAccount account) {
        String identity = account.namespacedName();
        Program.podseal(
                "",
                "keyset",
                "create",
                "--identity",
                identity,
                "--type",
                "hpke-x25519",
                "--kek",
                kek,
                "--out",
                keyset(account),
                "--public-out",
                publicKeyset(account));
    }

    /** The wrapped keyset of an account, as text. */
    String keysetDocument(ServiceAccount account) throws IOException {
        return Files.readString(Path.of(keyset(account)));
    }

    /** Seals the current password with the public keyset alone, without a network where that is allowed, and applies it. */
    void sealAndApply() throws IOException {
        String manifest = """
                apiVersion: v1
                kind: Secret
                metadata: {name: db-credentials, namespace: payments}
                type: Opaque
                stringData:
                  password: %s
                """.formatted(password().text());
        List<String> command = new ArrayList<>(Namespace.NETWORK.command());
        command.addAll(List.of(
                System.getProperty("sample.cli"),
                "seal",
                "--keyset",
                publicKeyset(API),
                "--with-keyset",
                keyset(API),
                "-f",
                "-"));
        apply("secret-" + current + ".yaml", Program.output(manifest, command));
    }

    /** A token of a value, sealed for an account with its public keyset. */
    String sealed(ServiceAccount account, String item, String value) {
        return Program.podseal(value, "seal", "--keyset", publicKeyset(account), "--item", item)
                .strip();
    }

    private void apply(String name, String manifest) throws IOException {
        Files.writeString(git.resolve(name), manifest);
        plane.kubectlWithInput(manifest, "apply", "-f", "-");
    }

    /** A Secret of the administrator's making, with exactly these items. */
    void put(String namespace, String name, Map<String, String> items) {
        JsonObject data = new JsonObject();
        items.forEach((item, text) -> data.addProperty(item, Base64.getEncoder().encodeToString(text.getBytes(UTF_8))));
        JsonObject metadata = new JsonObject();
        metadata.addProperty("name", name);
        JsonObject secret = new JsonObject();
        secret.addProperty("apiVersion", "v1");
        secret.addProperty("kind", "Secret");
        secret.add("metadata", metadata);
        secret.add("data", data);
        String path = "/api/v1/namespaces/" + namespace + "/secrets/" + name + "?fieldManager=test&force=true";
        assertThat(plane.request(plane.adminToken(), "PATCH", path, "application/apply-patch+yaml", secret.toString())
                        .statusCode())
                .isBetween(200, 201);
    }

    /** The items of the sealed Secret, as the API server has them. */
    Map<String, String> items() {
        String object = plane.kubectl("get", "secret", SECRET, "-n", "payments", "-ojson");
        Map<String, String> items = new TreeMap<>();
        JsonParser.parseString(object)
                .getAsJsonObject()
                .getAsJsonObject("data")
                .asMap()
                .forEach((item, data) ->
                        items.put(item, new String(Base64.getDecoder().decode(data.getAsString()), UTF_8)));
        return items;
    }

    /** From now on the next password is the current one, and in the database, but not yet sealed. */
    void changePassword() throws SQLException {
        current++;
        tell("alter user api set password ?");
    }

    private void tell(String statement) throws SQLException {
        try (PreparedStatement prepared = owner.prepareStatement(statement)) {
            prepared.setString(1, password().text());
            prepared.execute();
        }
    }

    private Canary password() {
        return passwords.get(current);
    }

    /** The search for every password that there was. */
    LeakSearch search() {
        return search;
    }

    /** What goes into Git, all of it. */
    Path git() {
        return git;
    }

    /** A new folder. */
    Path folder(String name) {
        return folder.resolve(name);
    }

    /** The token, CA and namespace of an account, as in its pods. */
    private Path files(ServiceAccount account) {
        return plane.podFiles(account, podFolder(account));
    }

    private Path podFolder(ServiceAccount account) {
        return folder.resolve("pod-" + account.namespace() + "-" + account.name());
    }

    /** The token of the account's last pod. */
    Canary token(ServiceAccount account) throws IOException {
        return Canary.of("token", Files.readString(podFolder(account).resolve("token")));
    }

    /** A sample in a pod of that account. Its configuration names the KEK and the Secret; the rest it finds in the pod. */
    Pod.Description pod(String name, ServiceAccount account, String location) {
        return new Pod.Description(folder.resolve(name), files(account), folder, account.namespace())
                .with("KUBERNETES_SERVICE_HOST", plane.apiServer().getHost())
                .with(
                        "KUBERNETES_SERVICE_PORT",
                        String.valueOf(plane.apiServer().getPort()))
                .with("PODSEAL_KEKS", kek)
                .with("SECRETS_LOCATION", location)
                .with("DATABASE_URL", "jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/mem:payments")
                .with("LOGIN_AGAIN", "true")
                .withProperty("podseal.kms.local.allow-in-cluster", "true")
                .withProperty("podseal.refresh.poll-interval", "1s")
                .withProperty("podseal.refresh.min-interval", "0s");
    }

    /** Why that account cannot open a location, with its own token and the KEK at hand. */
    PodsealException refusal(ServiceAccount account, String location) {
        Path files = files(account);
        Settings settings = Settings.of(
                Map.of(
                        "keks", kek,
                        "kms.local.allow-in-cluster", "true",
                        "kubernetes.api-server", plane.apiServer().toString(),
                        "kubernetes.token-file", files.resolve("token").toString(),
                        "kubernetes.ca-file", files.resolve("ca.crt").toString(),
                        "kubernetes.namespace", account.namespace()),
                DurationStyle::detectAndParse,
                Stage.class.getClassLoader());
        try (SecretStore store = settings.store(Location.ofValues(location), KubernetesSources.of(settings))
                .open()) {
            throw new AssertionError("opened: " + store);
        } catch (PodsealException refused) {
            return refused;
        }
    }

    @Override
    public void close() throws SQLException {
        database.stop();
        owner.close();
    }
}
