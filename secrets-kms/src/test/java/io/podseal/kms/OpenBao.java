// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * OpenBao as a server of TLS on loopback, in memory, unsealed, with a Transit engine and an audit log. It ends with this JVM,
 * however that ends.
 */
public final class OpenBao {
    private static final AtomicInteger TOKENS = new AtomicInteger();

    /** Held, since its standard input must stay open. */
    private final Process process;

    private final Path folder;
    private final LoopbackTls tls;
    private final URI url;
    private final HttpClient http;
    private String root = "";
    private final String unsealKey;

    private OpenBao(Path bao) throws IOException, GeneralSecurityException {
        folder = Files.createTempDirectory("openbao");
        folder.toFile().deleteOnExit();
        tls = LoopbackTls.of("ip:127.0.0.1,dns:localhost");
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls.context())
                .build();
        url = URI.create("https://localhost:" + freePort());
        process = serve(bao, configuration());
        JsonObject initialised = initialised();
        root = initialised.get("root_token").getAsString();
        unsealKey = initialised.getAsJsonArray("keys").get(0).getAsString();
        unseal();
        write("sys/mounts/transit", "{'type':'transit'}");
    }

    /** One for all tests: let every test have keys, policies and mounts of its own. */
    public static OpenBao running() {
        program(); // where there is none, before a static initialiser makes an error of it
        return Shared.SERVER;
    }

    private static final class Shared {
        static final OpenBao SERVER = start();
    }

    /** One of its own. */
    public static OpenBao start() {
        try {
            return new OpenBao(program());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The server, and its command line. */
    public static Path program() {
        return RealPart.cached("openbao", "bao");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private Path configuration() throws IOException {
        return Files.writeString(folder.resolve("openbao.hcl"), """
                storage "inmem" {}
                listener "tcp" {
                  address = "127.0.0.1:%d"
                  tls_cert_file = "%s"
                  tls_key_file = "%s"
                }
                audit "file" "file" {
                  options = { file_path = "%s" }
                }
                api_addr = "%s"
                """.formatted(
                        url.getPort(), tls.certificate(), tls.key(), auditLog(), url));
    }

    private Process serve(Path bao, Path configuration) throws IOException {
        ProcessBuilder builder = RealPart.server(bao.toString(), "server", "-config=" + configuration);
        builder.environment().keySet().removeIf(name -> name.startsWith("BAO_") || name.startsWith("VAULT_"));
        builder.environment().put("HOME", folder.toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("openbao.log").toFile())
                .start();
    }

    private JsonObject initialised() {
        return await().atMost(Duration.ofMinutes(1))
                .ignoreException(UncheckedIOException.class)
                .until(
                        () -> ask("PUT", "sys/init", "{'secret_shares':1,'secret_threshold':1}", Map.of()),
                        answer -> answer.has("root_token"));
    }

    /** Where it listens. */
    public String url() {
        return url.toString();
    }

    /** What its command line needs to be the administrator's. */
    public Map<String, String> environment() {
        return Map.of("BAO_ADDR", url(), "BAO_CACERT", caFile().toString(), "BAO_TOKEN", root);
    }

    /** What its certificate is checked against, as PEM. */
    public Path caFile() {
        return tls.certificate();
    }

    /** The KEK that a key of the Transit engine is. */
    public String kek(String key) {
        return "hcvault://" + url.getAuthority() + "/transit/keys/" + key;
    }

    /** Posts JSON as the administrator; single quotes are as good as double ones. */
    public JsonObject write(String path, String json) {
        return ask("POST", path, json, Map.of());
    }

    /** The same in a namespace. */
    public JsonObject write(String namespace, String path, String json) {
        return ask("POST", path, json, Map.of("X-Vault-Namespace", namespace));
    }

    /** Reads as the administrator. */
    public JsonObject read(String path) {
        return ask("GET", path, "", Map.of());
    }

    /** Deletes as the administrator. */
    public void delete(String path) {
        ask("DELETE", path, "", Map.of());
    }

    /** Makes a policy of that text. */
    public void policy(String name, String hcl) {
        JsonObject policy = new JsonObject();
        policy.addProperty("policy", hcl);
        write("sys/policies/acl/" + name, policy.toString());
    }

    /** A token with these policies and no others. */
    public String token(String... policies) {
        String id = Refusal.CANARY + "-" + TOKENS.incrementAndGet();
        write(
                "auth/token/create",
                "{'id':'" + id + "','no_default_policy':true,'policies':['" + String.join("','", policies) + "']}");
        return id;
    }

    /** Seals it. */
    public void seal() {
        write("sys/seal", "{}");
    }

    /** Unseals it. */
    public void unseal() {
        ask("PUT", "sys/unseal", "{'key':'" + unsealKey + "'}", Map.of());
    }

    private JsonObject ask(String method, String path, String json, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve("/v1/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')));
        headers.forEach(request::header);
        if (!root.isEmpty()) {
            request.header("X-Vault-Token", root);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer.body().isEmpty()
                    ? new JsonObject()
                    : JsonParser.parseString(answer.body()).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where it logs every request and answer, a JSON object in each line. */
    public Path auditLog() {
        return folder.resolve("audit.log");
    }

    /** The requests for that path so far, the refused ones too. */
    public List<JsonObject> requests(String path) {
        try (Stream<String> lines = Files.lines(auditLog(), UTF_8)) {
            return lines.map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .filter(record -> record.get("type").getAsString().equals("request"))
                    .filter(record -> record.getAsJsonObject("request")
                            .get("path")
                            .getAsString()
                            .equals(path))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
