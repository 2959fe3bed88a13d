// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.podseal.kms.Refusal;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Auth methods, tokens with their time, and policies with templates, by their published API. */
final class FakeLogins {
    /** The accessor of the Kubernetes method, as templates name it. */
    static final String ACCESSOR = "auth_kubernetes_1a2b3c4d";

    final AtomicLong nanos;
    private final Map<String, Map<String, Set<String>>> policies = new HashMap<>();
    private final Map<String, Role> roles = new HashMap<>();
    private final Map<String, Token> tokens = new HashMap<>();

    FakeLogins(AtomicLong nanos) {
        this.nanos = nanos;
    }

    /** @param accounts bound {@code namespace/name}s, or {@code *}; for AppRole the secret id */
    private record Role(String method, String accounts, String policy, Duration ttl, boolean renewable) {}

    private static final class Token {
        final String policy;
        final Map<String, String> metadata;
        final Duration ttl;
        final boolean renewable;
        long since;

        Token(String policy, Map<String, String> metadata, Duration ttl, boolean renewable, long since) {
            this.policy = policy;
            this.metadata = metadata;
            this.ttl = ttl;
            this.renewable = renewable;
            this.since = since;
        }
    }

    /** What is refused, with its status. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        final int status;

        Refused(int status, String text) {
            super(text);
            this.status = status;
        }
    }

    FakeLogins policy(String name, String path, String... capabilities) {
        policies.computeIfAbsent(name, n -> new HashMap<>()).put(path, Set.of(capabilities));
        return this;
    }

    FakeLogins role(String mount, String name, String accounts, String policy, Duration ttl, boolean renewable) {
        roles.put(mount + "/" + name, new Role(mount, accounts, policy, ttl, renewable));
        return this;
    }

    /** A token that was made beforehand. */
    String token(String policy, Duration ttl) {
        return put(new Token(policy, Map.of(), ttl, false, nanos.get()));
    }

    void revokeAll() {
        tokens.clear();
    }

    /** A ServiceAccount's token as this fake's issuer signs it: by naming itself. */
    static String serviceAccountToken(String namespace, String name, String audience) {
        String claims = "{\"iss\":\"fake\",\"aud\":\"" + audience + "\",\"sub\":\"system:serviceaccount:" + namespace
                + ":" + name + "\"}";
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8)) + "."
                + encoder.encodeToString(claims.getBytes(UTF_8)) + "." + Refusal.CANARY;
    }

    JsonObject logIn(String mount, JsonObject request) throws Refused {
        if (roles.keySet().stream().noneMatch(role -> role.startsWith(mount + "/"))) {
            throw new Refused(403, "permission denied");
        }
        return mount.startsWith("approle") ? appRole(mount, request) : serviceAccount(mount, request);
    }

    private JsonObject appRole(String mount, JsonObject request) throws Refused {
        Role role = roles.get(mount + "/" + text(request, "role_id"));
        if (role == null || !role.accounts().equals(text(request, "secret_id"))) {
            throw new Refused(400, "invalid role or secret ID");
        }
        return issued(new Token(role.policy(), Map.of(), role.ttl(), role.renewable(), nanos.get()));
    }

    private JsonObject serviceAccount(String mount, JsonObject request) throws Refused {
        String jwt = text(request, "jwt");
        if (jwt.isEmpty()) {
            throw new Refused(400, "missing jwt");
        }
        String name = text(request, "role");
        if (name.isEmpty()) {
            throw new Refused(400, "missing role");
        }
        Role role = roles.get(mount + "/" + name);
        if (role == null) {
            throw new Refused(
                    400,
                    mount.startsWith("jwt")
                            ? "role \"" + name + "\" could not be found"
                            : "invalid role name \"" + name + "\"");
        }
        String[] parts = jwt.split("\\.");
        if (parts.length != 3 || !parts[2].equals(Refusal.CANARY)) {
            throw new Refused(
                    mount.startsWith("jwt") ? 400 : 403,
                    mount.startsWith("jwt")
                            ? "error validating token: error verifying token signature: no known key successfully"
                                    + " validated the token signature"
                            : "permission denied");
        }
        JsonObject claims = JsonParser.parseString(
                        new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8))
                .getAsJsonObject();
        String[] subject = claims.get("sub").getAsString().split(":");
        String account = subject[2] + "/" + subject[3];
        if (!claims.get("aud").getAsString().equals("vault")
                || !(role.accounts().equals("*") || role.accounts().equals(account))) {
            throw new Refused(403, "permission denied");
        }
        Map<String, String> metadata = Map.of(
                "service_account_namespace", subject[2],
                "service_account_name", subject[3]);
        return issued(new Token(role.policy(), metadata, role.ttl(), role.renewable(), nanos.get()));
    }

    JsonObject renew(String value) throws Refused {
        Token token = valid(value);
        if (!token.renewable) {
            throw new Refused(400, "lease is not renewable");
        }
        token.since = nanos.get();
        return auth(value, token);
    }

    /** Refuses a token that may not do this there. */
    void require(String value, String path, String capability) throws Refused {
        Token token = valid(value);
        Map<String, Set<String>> paths = policies.getOrDefault(token.policy, Map.of());
        for (Map.Entry<String, Set<String>> rule : paths.entrySet()) {
            if (expanded(rule.getKey(), token).equals(path) && rule.getValue().contains(capability)) {
                return;
            }
        }
        throw new Refused(403, "1 error occurred:\n\t* permission denied\n\n");
    }

    private static String expanded(String template, Token token) {
        String path = template;
        for (Map.Entry<String, String> word : token.metadata.entrySet()) {
            path = path.replace(
                    "{{identity.entity.aliases." + ACCESSOR + ".metadata." + word.getKey() + "}}", word.getValue());
        }
        return path;
    }

    private Token valid(String value) throws Refused {
        if (value.isEmpty()) {
            throw new Refused(400, "missing client token");
        }
        Token token = tokens.get(value);
        if (token == null || (!token.ttl.isZero() && nanos.get() - token.since >= token.ttl.toNanos())) {
            throw new Refused(403, "permission denied");
        }
        return token;
    }

    private String put(Token token) {
        String value = "hvs." + Refusal.CANARY + UUID.randomUUID();
        tokens.put(value, token);
        return value;
    }

    private JsonObject issued(Token token) {
        return auth(put(token), token);
    }

    private static JsonObject auth(String value, Token token) {
        JsonObject auth = new JsonObject();
        auth.addProperty("client_token", value);
        auth.addProperty("accessor", "accessor");
        auth.addProperty("lease_duration", token.ttl.toSeconds());
        auth.addProperty("renewable", token.renewable);
        return auth;
    }

    private static String text(JsonObject request, String field) {
        return request.has(field) ? request.get(field).getAsString() : "";
    }
}
