// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.podseal.kms.ConnectProxy;
import io.podseal.kms.LoopbackTls;
import io.podseal.kms.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * Neither Azure Key Vault nor Microsoft Entra: "get key" and "unwrap key" of the vault's published REST API and the token
 * endpoint of the login, over TLS, reached under their real names through {@link #proxy()}. It challenges calls without a token,
 * checks the token, the role's action on the key, the API version, the algorithm, the key's version and state, and the federated
 * assertion, and refuses with the status and error code that the API documents.
 */
final class FakeKeyVault implements AutoCloseable {
    /** Of every such server. */
    static final LoopbackTls TLS = LoopbackTls.of("dns:*.vault.azure.net,dns:login.microsoftonline.com");

    static final String VAULT = "shop.vault.azure.net";
    static final String LOGIN = "login.microsoftonline.com";
    static final String TENANT = "11111111-2222-3333-4444-555555555555";
    static final String REQUEST_ID = "0a1b2c3d-0000-1111-2222-333344445555";
    static final String READ = "Microsoft.KeyVault/vaults/keys/read";
    static final String UNWRAP = "Microsoft.KeyVault/vaults/keys/unwrap/action";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final OAEPParameterSpec OAEP_256 =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
    /** Costly to make, so once for each run. */
    private static final Map<String, KeyPair> MATERIAL = new ConcurrentHashMap<>();

    private final HttpsServer https;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ConnectProxy proxy;
    private final Map<String, KeyPair> keys = new ConcurrentHashMap<>();
    private final Set<String> disabled = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<String>> grants = new ConcurrentHashMap<>();
    private final Map<String, String> identities = new ConcurrentHashMap<>();

    /** Every authorised call, as {@code <method> <path>}. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    /** Every call of the token endpoint. */
    final List<String> logins = new CopyOnWriteArrayList<>();

    /** What is sent instead of, or made of, an answer of the vault. */
    volatile Fault fault = (exchange, answer) -> answer;

    /** The same for the token endpoint. */
    volatile Fault loginFault = (exchange, answer) -> answer;

    /** Changes an answer, or sends one itself and gives null. */
    interface Fault {
        Answer change(HttpExchange exchange, Answer answer) throws IOException;
    }

    record Answer(int status, String body) {}

    /** A fault of answers that wait for somebody. */
    static Fault hanging(CountDownLatch ended) {
        return (exchange, answer) -> {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return answer;
        };
    }

    /** A fault of right answers that come so slowly, with blanks ahead of them, that they take many seconds. */
    static Fault trickling() {
        return (exchange, answer) -> {
            if (answer.status() == 401) {
                return answer;
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
            exchange.sendResponseHeaders(answer.status(), 0);
            OutputStream body = exchange.getResponseBody();
            for (int i = 0; i < 500; i++) {
                body.write(' ');
                body.flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
            body.write(answer.body().getBytes(UTF_8));
            return null;
        };
    }

    /** Changes the body of every answer to an authorised call. */
    void answers(UnaryOperator<String> body) {
        fault = (exchange, answer) ->
                answer.status() == 401 ? answer : new Answer(answer.status(), body.apply(answer.body()));
    }

    FakeKeyVault() throws IOException, GeneralSecurityException {
        https = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(TLS.context()));
        https.setExecutor(threads);
        https.createContext("/", this::handle);
        https.start();
        proxy = new ConnectProxy(https.getAddress());
    }

    /** A proxy under which the real host names lead here. */
    ConnectProxy proxy() {
        return proxy;
    }

    /** A key version of {@code <name>/<version>}. */
    FakeKeyVault key(String nameAndVersion, int bits) {
        keys.put(nameAndVersion, MATERIAL.computeIfAbsent(nameAndVersion + bits, k -> rsa(bits)));
        return this;
    }

    FakeKeyVault key(String nameAndVersion, KeyPair material) {
        keys.put(nameAndVersion, material);
        return this;
    }

    RSAPublicKey publicKey(String nameAndVersion) {
        return (RSAPublicKey) keys.get(nameAndVersion).getPublic();
    }

    void disable(String nameAndVersion) {
        disabled.add(nameAndVersion);
    }

    FakeKeyVault grant(String token, String... actions) {
        grants.computeIfAbsent("Bearer " + token, t -> ConcurrentHashMap.newKeySet())
                .addAll(Arrays.asList(actions));
        return this;
    }

    /** The token that a federated assertion of a client is exchanged for. */
    FakeKeyVault identity(String clientId, String assertion, String token) {
        identities.put(clientId + " " + assertion, token);
        return this;
    }

    private static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            boolean login = LOGIN.equals(exchange.getRequestHeaders().getFirst("Host"));
            Answer answer = login
                    ? loginFault.change(exchange, logIn(exchange, body))
                    : fault.change(exchange, vault(exchange, body));
            if (answer != null) {
                byte[] bytes = answer.body().getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
                exchange.getResponseHeaders().set("x-ms-request-id", REQUEST_ID);
                exchange.sendResponseHeaders(answer.status(), bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    private Answer vault(HttpExchange exchange, String body) throws IOException {
        Set<String> granted =
                grants.get(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        if (granted == null) {
            exchange.getResponseHeaders()
                    .set(
                            "WWW-Authenticate",
                            "Bearer authorization=\"https://" + LOGIN + "/" + TENANT
                                    + "\", resource=\"https://vault.azure.net\"");
            return error(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.");
        }
        String path = exchange.getRequestURI().getPath();
        calls.add(exchange.getRequestMethod() + " " + path);
        if (!String.valueOf(exchange.getRequestURI().getQuery()).matches("api-version=7\\.[0-9]+|api-version=20.*")) {
            return error(400, "BadParameter", "api-version must be specified");
        }
        boolean unwrap =
                path.endsWith("/unwrapkey") && exchange.getRequestMethod().equals("POST");
        String key = path.replaceFirst("^/keys/", "").replaceFirst("/unwrapkey$", "");
        if (!granted.contains(unwrap ? UNWRAP : READ)) {
            return error(
                    403,
                    "Forbidden",
                    "Caller is not authorized to perform action on resource. Action: '" + (unwrap ? UNWRAP : READ)
                            + "' " + granted);
        }
        if (!keys.containsKey(key)) {
            return error(404, "KeyNotFound", "A key with (name/id) " + key + " was not found in this key vault.");
        }
        if (disabled.contains(key)) {
            return error(403, "Forbidden", "Operation is not allowed on a disabled key.");
        }
        return unwrap ? unwrapped(key, JSON.readTree(body)) : new Answer(200, keyJson(key));
    }

    private String keyJson(String key) {
        RSAPublicKey rsa = publicKey(key);
        return "{\"key\":{\"kid\":\"https://" + VAULT + "/keys/" + key
                + "\",\"kty\":\"RSA\",\"key_ops\":[\"wrapKey\",\"unwrapKey\"],\"n\":\"" + base64(rsa.getModulus())
                + "\",\"e\":\"" + base64(rsa.getPublicExponent())
                + "\"},\"attributes\":{\"enabled\":true,\"created\":1,\"updated\":1,\"recoveryLevel\":\"Recoverable\"}}";
    }

    private Answer unwrapped(String key, JsonNode request) {
        if (!"RSA-OAEP-256".equals(request.path("alg").asText())) {
            return error(400, "BadParameter", "Property alg has invalid value");
        }
        try {
            Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
            rsa.init(Cipher.DECRYPT_MODE, keys.get(key).getPrivate(), OAEP_256);
            byte[] plain = rsa.doFinal(
                    Base64.getUrlDecoder().decode(request.path("value").asText()));
            return new Answer(
                    200, "{\"kid\":\"https://" + VAULT + "/keys/" + key + "\",\"value\":\"" + base64(plain) + "\"}");
        } catch (GeneralSecurityException e) {
            return error(400, "BadParameter", "The parameter is incorrect.");
        }
    }

    private Answer logIn(HttpExchange exchange, String body) {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/common/discovery/instance")) {
            return new Answer(
                    200,
                    "{\"tenant_discovery_endpoint\":\"https://" + LOGIN + "/" + TENANT
                            + "/v2.0/.well-known/openid-configuration\",\"api-version\":\"1.1\",\"metadata\":[{"
                            + "\"preferred_network\":\"" + LOGIN
                            + "\",\"preferred_cache\":\"login.windows.net\",\"aliases\":[\""
                            + LOGIN + "\",\"login.windows.net\"]}]}");
        }
        Map<String, String> form = Arrays.stream(body.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
        logins.add(exchange.getRequestMethod() + " " + path);
        String token = identities.get(form.get("client_id") + " " + form.get("client_assertion"));
        if (!path.equals("/" + TENANT + "/oauth2/v2.0/token")
                || !"client_credentials".equals(form.get("grant_type"))
                || !List.of(form.get("scope").split(" ")).contains("https://vault.azure.net/.default")
                || token == null) {
            return loginError(400);
        }
        return new Answer(200, "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"" + token + "\"}");
    }

    static Answer loginError(int status) {
        return new Answer(
                status,
                "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700213: No matching federated identity record"
                        + " found for presented assertion subject " + Refusal.CANARY
                        + "\",\"error_codes\":[700213]}");
    }

    static Answer error(int status, String code, String text) {
        return new Answer(
                status, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + text + " " + Refusal.CANARY + "\"}}");
    }

    private static String base64(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return base64(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        proxy.close();
        https.stop(0);
        threads.shutdownNow();
    }
}
