// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.kms.OpenBao;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On a real server: what the imitation has been taught, and the words by which failures are told apart. */
class OpenBaoIT {
    private static final byte[] ACCOUNT = "account".getBytes(UTF_8);

    private static OpenBao bao;

    @TempDir
    private Path folder;

    /** Each test has its own key, and a policy of the same name for it. */
    private String key;

    @BeforeAll
    static void server() {
        bao = OpenBao.running();
    }

    @BeforeEach
    void key() {
        key = "k-" + UUID.randomUUID();
        make("aes256-gcm96", false);
        allow(key, key);
    }

    private void make(String type, boolean derived) {
        bao.write("transit/keys/" + key, "{'type':'" + type + "','derived':" + derived + "}");
    }

    private static void allow(String policy, String key) {
        bao.policy(policy, """
                path "transit/encrypt/%1$s" { capabilities = ["update"] }
                path "transit/decrypt/%1$s" { capabilities = ["update"] }
                """.formatted(key));
    }

    private VaultKms.Builder kms() throws Exception {
        return kms(VaultAuth.token(Files.writeString(folder.resolve("token"), bao.token(key))));
    }

    private static VaultKms.Builder kms(VaultAuth way) {
        return VaultKms.builder().auth(way).caFile(bao.caFile());
    }

    private Aead aead(VaultKms kms) {
        return kms.getAead(bao.kek(key));
    }

    @ParameterizedTest
    @CsvSource({
        "aes128-gcm96,       false",
        "aes256-gcm96,       false",
        "aes256-gcm96,       true",
        "chacha20-poly1305,  false",
        "chacha20-poly1305,  true",
        "xchacha20-poly1305, false",
    })
    void keysetOpensForItsOwnAccountAlone(String type, boolean derived) throws Exception {
        bao.write("transit/keys/" + key + "/config", "{'deletion_allowed':true}");
        bao.delete("transit/keys/" + key);
        make(type, derived);
        Aead aead = aead(kms().build());
        byte[] wrapped = aead.encrypt(new byte[50], ACCOUNT);
        assertThat(new String(wrapped, UTF_8)).matches("vault:v1:[A-Za-z0-9+/]+=*");
        assertThat(aead.decrypt(wrapped, ACCOUNT)).hasSize(50);
        Refusal.of(ErrorCode.AUTHENTICATION, () -> aead.decrypt(wrapped, new byte[] {1}));
    }

    @Test
    void largestKeysetGoesThroughAndBack() throws Exception {
        VaultKms kms = kms().build();
        byte[] largest = new byte[48 * 1024];
        assertThat(aead(kms).decrypt(aead(kms).encrypt(largest, ACCOUNT), ACCOUNT))
                .isEqualTo(largest);
        assertThat(Workload.unwrap(kms, bao.kek(key), Workload.wrapped(kms, bao.kek(key)))
                        .keys())
                .hasSize(1);
    }

    @Test
    void everyAlteredCharacterIsRefused() throws Exception {
        Aead aead = aead(kms().build());
        byte[] wrapped = aead.encrypt(new byte[5], ACCOUNT);
        for (int i = "vault:v1:".length(); i < wrapped.length; i++) {
            byte[] altered = wrapped.clone();
            altered[i] = (byte) (altered[i] == 'A' ? 'B' : 'A');
            Refusal.of(ErrorCode.AUTHENTICATION, () -> aead.decrypt(altered, ACCOUNT));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vault:v1:AAAA", "vault:v1:AAA", "vault:v1:A="})
    void brokenCiphertextIsAuthentication(String text) throws Exception {
        Aead aead = aead(kms().build());
        Refusal.of(ErrorCode.AUTHENTICATION, () -> aead.decrypt(text.getBytes(UTF_8), ACCOUNT));
    }

    @Test
    void anotherKeysCiphertextIsAuthentication() throws Exception {
        byte[] wrapped = aead(kms().build()).encrypt(new byte[5], ACCOUNT);
        key();
        Refusal.of(ErrorCode.AUTHENTICATION, () -> aead(kms().build()).decrypt(wrapped, ACCOUNT));
    }

    @Test
    void rotationKeepsOlderVersionsReadableUntilTheyAreDisallowed() throws Exception {
        Aead aead = aead(kms().build());
        byte[] old = aead.encrypt(new byte[5], ACCOUNT);
        bao.write("transit/keys/" + key + "/rotate", "{}");
        byte[] current = aead.encrypt(new byte[5], ACCOUNT);
        assertThat(new String(current, UTF_8)).startsWith("vault:v2:");
        assertThat(aead.decrypt(old, ACCOUNT)).hasSize(5);
        bao.write("transit/keys/" + key + "/config", "{'min_decryption_version':2}");
        refused(ErrorCode.KMS_DENIED, 400, aead, old, "min_decryption_version");
        byte[] newer = new String(current, UTF_8).replace(":v2:", ":v3:").getBytes(UTF_8);
        refused(ErrorCode.KMS_UNAVAILABLE, 400, aead, newer, "lags behind");
    }

    @Test
    void absentKeyIsDeniedAndNotMadeByTheWay() throws Exception {
        Aead aead = aead(kms().build());
        byte[] wrapped = aead.encrypt(new byte[5], ACCOUNT);
        bao.write("transit/keys/" + key + "/config", "{'deletion_allowed':true}");
        bao.delete("transit/keys/" + key);
        refused(ErrorCode.KMS_DENIED, 400, aead, wrapped, "the key is not there");
        assertThat(Refusal.of(ErrorCode.KMS_DENIED, () -> aead.encrypt(new byte[5], ACCOUNT))
                        .detail())
                .contains("HTTP 403", "'update'");
        refused(ErrorCode.KMS_DENIED, 400, aead, wrapped, "the key is not there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-2048", "ed25519", "ecdsa-p256"})
    void keyThatAuthenticatesNoAccountIsConfiguration(String type) throws Exception {
        Aead aead = aead(kms().build());
        byte[] wrapped = aead.encrypt(new byte[5], ACCOUNT);
        bao.write("transit/keys/" + key + "/config", "{'deletion_allowed':true}");
        bao.delete("transit/keys/" + key);
        make(type, false);
        refused(ErrorCode.CONFIGURATION, 400, aead, wrapped, "aes256-gcm96");
        Refusal.of(ErrorCode.CONFIGURATION, () -> aead.encrypt(new byte[5], ACCOUNT));
    }

    @Test
    void absentMountOrNamespaceIsConfiguration() throws Exception {
        bao.policy(key, "path \"nowhere/decrypt/*\" { capabilities = [\"update\"] }");
        byte[] any = "vault:v1:AAAA".getBytes(UTF_8);
        Aead nowhere = kms().build().getAead(bao.kek("x").replace("/transit/", "/nowhere/"));
        refused(ErrorCode.CONFIGURATION, 404, nowhere, any, "the mount in the KEK's URI");
        refused(
                ErrorCode.CONFIGURATION,
                404,
                aead(kms().namespace("nowhere").build()),
                any,
                "podseal.kms.vault.namespace");
    }

    @Test
    void namespaceGoesWithEachCall() throws Exception {
        bao.write("sys/namespaces/team-a", "{}");
        bao.write("team-a", "sys/mounts/transit", "{'type':'transit'}");
        bao.write("team-a", "transit/keys/" + key, "{'type':'aes256-gcm96'}");
        bao.policy(key, "path \"team-a/transit/+/" + key + "\" { capabilities = [\"update\"] }");
        Aead inTeamA = aead(kms().namespace("team-a").build());
        assertThat(inTeamA.decrypt(inTeamA.encrypt(new byte[5], ACCOUNT), ACCOUNT))
                .hasSize(5);
        Refusal.of(ErrorCode.KMS_DENIED, () -> aead(kms().build()).encrypt(new byte[5], ACCOUNT));
    }

    @Test
    void missingRightAndUnknownTokenAreDenied() throws Exception {
        Aead aead = aead(kms().build());
        byte[] wrapped = aead.encrypt(new byte[5], ACCOUNT);
        bao.policy(key, "path \"transit/encrypt/" + key + "\" { capabilities = [\"update\"] }");
        refused(ErrorCode.KMS_DENIED, 403, aead, wrapped, "'update'");
        Path stale = Files.writeString(folder.resolve("stale"), "unknown-" + Refusal.CANARY);
        refused(ErrorCode.KMS_DENIED, 403, aead(kms(VaultAuth.token(stale)).build()), wrapped, "'update'");
    }

    @Test
    void quotaThrottles() throws Exception {
        Aead aead = aead(kms().build());
        byte[] wrapped = aead.encrypt(new byte[5], ACCOUNT);
        bao.write("sys/quotas/rate-limit/" + key, "{'path':'transit/decrypt/" + key + "','rate':1,'interval':'1h'}");
        assertThat(aead.decrypt(wrapped, ACCOUNT)).hasSize(5);
        refused(ErrorCode.KMS_THROTTLED, 429, aead, wrapped, "rate limit quota");
        bao.delete("sys/quotas/rate-limit/" + key);
    }

    @Test
    void sealedServerIsUnavailableUntilItIsUnsealed() throws Exception {
        Aead aead = aead(kms().build());
        byte[] wrapped = aead.encrypt(new byte[5], ACCOUNT);
        bao.seal();
        try {
            refused(ErrorCode.KMS_UNAVAILABLE, 503, aead, wrapped, "unsealed");
        } finally {
            bao.unseal();
        }
        assertThat(aead.decrypt(wrapped, ACCOUNT)).hasSize(5);
    }

    private static void refused(ErrorCode code, int status, Aead aead, byte[] wrapped, String says) {
        assertThat(Refusal.of(code, () -> aead.decrypt(wrapped, ACCOUNT)).detail())
                .contains("(HTTP " + status + ")", says);
    }

    @Test
    void appRoleLogsInOnceAndIsRenewedAtTwoThirds() throws Exception {
        AppRole login = new AppRole("'token_ttl':'90s'");
        int renewed = bao.requests("auth/token/renew-self").size();
        login.useAfter(Duration.ofSeconds(59));
        assertThat(bao.requests("auth/token/renew-self")).hasSize(renewed);
        login.useAfter(Duration.ofSeconds(2));
        assertThat(bao.requests("auth/token/renew-self")).hasSize(renewed + 1);
        assertThat(login.logins()).isEqualTo(1);
        // the renewal counts from then on; past its end there is nothing to renew
        login.useAfter(Duration.ofSeconds(91));
        assertThat(login.logins()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"'token_ttl':'90s','token_no_default_policy':true", "'token_ttl':'90s','token_type':'batch'"})
    void tokenThatCannotBeRenewedIsFollowedByALogin(String settings) throws Exception {
        AppRole login = new AppRole(settings);
        login.useAfter(Duration.ofSeconds(61));
        assertThat(login.logins()).isEqualTo(2);
    }

    @Test
    void revokedLoginIsRepeatedOnce() throws Exception {
        AppRole login = new AppRole("'token_ttl':'90s'");
        bao.write("sys/leases/revoke-prefix/auth/" + login.mount, "{}");
        login.useAfter(Duration.ZERO);
        assertThat(login.logins()).isEqualTo(2);
    }

    @Test
    void wrongSecretIdIsDenied() throws Exception {
        AppRole login = new AppRole("'token_ttl':'90s'");
        Files.writeString(folder.resolve("secret-id"), "other-" + Refusal.CANARY);
        assertThat(loginRefused(ErrorCode.KMS_DENIED, login.way)).contains("/login (HTTP 400)", "secret-id-file");
    }

    /** A role of its own that is logged in with, on a clock of its own. */
    private final class AppRole {
        private final String mount = "approle-" + key;
        private final VaultAuth way;
        private final AtomicLong nanos = new AtomicLong();
        private final Aead aead;
        private final byte[] wrapped;

        AppRole(String settings) throws Exception {
            bao.write("sys/auth/" + mount, "{'type':'approle'}");
            String role = "auth/" + mount + "/role/r";
            bao.write(role, "{'token_policies':'" + key + "'," + settings + "}");
            bao.write(role + "/role-id", "{'role_id':'role'}");
            bao.write(role + "/custom-secret-id", "{'secret_id':'secret-id-" + Refusal.CANARY + "'}");
            Path secretId = Files.writeString(folder.resolve("secret-id"), "secret-id-" + Refusal.CANARY + "\n");
            way = VaultAuth.appRole(mount, "role", secretId);
            aead = aead(kms(way).nanoTime(nanos::get).build());
            wrapped = aead.encrypt(new byte[5], ACCOUNT);
        }

        void useAfter(Duration time) throws Exception {
            nanos.addAndGet(time.toNanos());
            assertThat(aead.decrypt(wrapped, ACCOUNT)).hasSize(5);
        }

        int logins() {
            return bao.requests("auth/" + mount + "/login").size();
        }
    }

    @Test
    void jwtIsReadAtEachLoginAndHasToFitTheRole() throws Exception {
        KeyPair issuer = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        String mount = "jwt-" + key;
        bao.write("sys/auth/" + mount, "{'type':'jwt'}");
        bao.write(
                "auth/" + mount + "/config",
                "{'jwt_validation_pubkeys':['-----BEGIN PUBLIC KEY-----\\n"
                        + Base64.getEncoder().encodeToString(issuer.getPublic().getEncoded())
                        + "\\n-----END PUBLIC KEY-----\\n']}");
        bao.write(
                "auth/" + mount + "/role/podseal",
                "{'role_type':'jwt','user_claim':'sub','bound_audiences':'vault',"
                        + "'bound_subject':'system:serviceaccount:payments:api','token_policies':'" + key + "'}");
        Path jwt = folder.resolve("jwt");
        Files.writeString(jwt, jwt(issuer, "system:serviceaccount:payments:api", "vault"));
        assertThat(aead(kms(VaultAuth.jwt(mount, "podseal", jwt)).build()).encrypt(new byte[5], ACCOUNT))
                .isNotEmpty();
        for (String other : new String[] {
            jwt(issuer, "system:serviceaccount:payments:web", "vault"),
            jwt(issuer, "system:serviceaccount:payments:api", "kubernetes"),
            jwt(KeyPairGenerator.getInstance("RSA").generateKeyPair(), "system:serviceaccount:payments:api", "vault")
        }) {
            Files.writeString(jwt, other);
            assertThat(loginRefused(ErrorCode.KMS_DENIED, VaultAuth.jwt(mount, "podseal", jwt)))
                    .contains("/login (HTTP 400)", "token-file");
        }
        assertThat(loginRefused(ErrorCode.CONFIGURATION, VaultAuth.jwt(mount, "nobody", jwt)))
                .contains("/login (HTTP 400)", "podseal.kms.vault.role");
        assertThat(loginRefused(ErrorCode.CONFIGURATION, VaultAuth.jwt(mount, null, jwt)))
                .contains("/login (HTTP 400)", "podseal.kms.vault.role");
        assertThat(loginRefused(ErrorCode.KMS_DENIED, VaultAuth.jwt("nowhere", "podseal", jwt)))
                .contains("/login (HTTP 403)", "podseal.kms.vault.auth-mount");
    }

    private String loginRefused(ErrorCode code, VaultAuth way) {
        return Refusal.of(code, () -> aead(kms(way).build()).encrypt(new byte[5], ACCOUNT))
                .detail();
    }

    private static String jwt(KeyPair issuer, String subject, String audience) throws Exception {
        long now = System.currentTimeMillis() / 1000;
        String signed = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(UTF_8)) + "."
                + base64(("{\"sub\":\"" + subject + "\",\"aud\":\"" + audience + "\",\"iat\":" + (now - 5) + ",\"exp\":"
                                + (now + 600) + "}")
                        .getBytes(UTF_8));
        Signature rsa = Signature.getInstance("SHA256withRSA");
        rsa.initSign(issuer.getPrivate());
        rsa.update(signed.getBytes(UTF_8));
        return signed + "." + base64(rsa.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
