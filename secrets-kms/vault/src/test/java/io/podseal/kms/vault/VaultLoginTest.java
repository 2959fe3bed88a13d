// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.kms.Refusal;
import io.podseal.store.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaultLoginTest {
    private static final byte[] ACCOUNT = "account".getBytes(UTF_8);

    private static final String SECRET_ID = "secret-id-" + Refusal.CANARY;

    @TempDir
    private Path folder;

    private FakeVault vault;
    private Path jwt;
    private Path secretId;

    @BeforeEach
    void server() throws Exception {
        vault = FakeVault.http();
        vault.transit.create("k", "aes256-gcm96", false);
        vault.logins
                .policy("p", "transit/encrypt/k", "update")
                .policy("p", "transit/decrypt/k", "update")
                .role("kubernetes", "podseal", "payments/api", "p", Duration.ofSeconds(90), true)
                .role("kubernetes-b", "podseal", "payments/api", "p", Duration.ofSeconds(90), false)
                .role("jwt", "podseal", "payments/api", "p", Duration.ofSeconds(90), true)
                .role("approle", "role-id", SECRET_ID, "p", Duration.ofSeconds(90), true);
        jwt = Files.writeString(folder.resolve("jwt"), FakeLogins.serviceAccountToken("payments", "api", "vault"));
        secretId = Files.writeString(folder.resolve("secret-id"), SECRET_ID + "\n");
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    private VaultKms kms(VaultAuth auth) {
        return VaultKms.builder()
                .endpoint(vault.url())
                .auth(auth)
                .nanoTime(vault.nanos::get)
                .build();
    }

    private void use(VaultKms kms) throws Exception {
        assertThat(kms.getAead(vault.kek("k")).encrypt(new byte[3], ACCOUNT)).isNotEmpty();
    }

    private void after(Duration time) {
        vault.nanos.addAndGet(time.toNanos());
    }

    @Test
    void everyWayLogsInOnceAndIsUsedOn() throws Exception {
        for (VaultAuth way : new VaultAuth[] {
            VaultAuth.kubernetes("kubernetes", "podseal", jwt),
            VaultAuth.jwt("jwt", "podseal", jwt),
            VaultAuth.appRole("approle", "role-id", secretId)
        }) {
            VaultKms kms = kms(way);
            int before = vault.calls();
            use(kms);
            use(kms);
            assertThat(vault.calls() - before).as(way.toString()).isEqualTo(3);
            assertThat(way.toString()).doesNotContain(SECRET_ID);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "kubernetes, kms.vault.role=podseal;kms.vault.token-file=jwt",
        "kubernetes, kms.vault.role=podseal;kms.vault.token-file=jwt;kms.vault.auth-mount=kubernetes-b",
        "jwt,        kms.vault.role=podseal;kms.vault.token-file=jwt",
        "approle,    kms.vault.role-id=role-id;kms.vault.secret-id-file=secret-id",
        "token,      kms.vault.token-file=token",
    })
    void settingsSayTheWay(String way, String settings) throws Exception {
        Files.writeString(folder.resolve("token"), vault.logins.token("p", Duration.ZERO));
        use(kms(VaultLogins.of(settings("kms.vault.auth=" + way + ";" + settings))));
    }

    @ParameterizedTest
    @CsvSource({
        "kubernetes, podseal.kms.vault.role",
        "approle,    podseal.kms.vault.role-id",
        "token,      podseal.kms.vault.token-file",
        "ldap,       'kubernetes, jwt, approle, token'",
    })
    void missingSettingIsNamed(String way, String named) {
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> VaultKms.of(settings("kms.vault.auth=" + way)))
                        .detail())
                .contains(named);
    }

    private Settings settings(String text) {
        Map<String, String> flat = new HashMap<>();
        for (String setting : text.split(";")) {
            String[] parts = setting.split("=");
            flat.put(
                    parts[0],
                    parts[0].endsWith("-file") ? folder.resolve(parts[1]).toString() : parts[1]);
        }
        return Settings.of(flat, Duration::parse, getClass().getClassLoader());
    }

    @Test
    void loginIsRenewedOnceTwoThirdsAreOver() throws Exception {
        VaultKms kms = kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt));
        use(kms);
        after(Duration.ofSeconds(59));
        use(kms);
        assertThat(vault.calls("auth/token/renew-self")).isZero();
        after(Duration.ofSeconds(2));
        use(kms);
        assertThat(vault.calls("auth/token/renew-self")).isEqualTo(1);
        after(Duration.ofSeconds(59));
        use(kms);
        assertThat(vault.calls("auth/token/renew-self")).isEqualTo(1);
        assertThat(vault.calls("auth/kubernetes/login")).isEqualTo(1);
    }

    @Test
    void loginThatCannotBeRenewedIsRepeated() throws Exception {
        VaultKms kms = kms(VaultAuth.kubernetes("kubernetes-b", "podseal", jwt));
        use(kms);
        after(Duration.ofSeconds(61));
        use(kms);
        assertThat(vault.calls("auth/token/renew-self")).isZero();
        assertThat(vault.calls("auth/kubernetes-b/login")).isEqualTo(2);
    }

    @Test
    void refusedRenewalIsFollowedByALogin() throws Exception {
        VaultKms kms = kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt));
        use(kms);
        after(Duration.ofSeconds(61));
        vault.logins.revokeAll();
        use(kms);
        assertThat(vault.calls("auth/token/renew-self")).isEqualTo(1);
        assertThat(vault.calls("auth/kubernetes/login")).isEqualTo(2);
    }

    @Test
    void loginIsUsedToItsEndWhileNoOtherIsToBeHad() throws Exception {
        VaultKms kms = kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt));
        use(kms);
        after(Duration.ofSeconds(61));
        unavailable(2);
        use(kms);
        assertThat(vault.calls("auth/token/renew-self")).isEqualTo(1);
        assertThat(vault.calls("auth/kubernetes/login")).isEqualTo(2);
        after(Duration.ofSeconds(30));
        unavailable(1);
        Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> use(kms));
        use(kms);
    }

    @Test
    void loginIsUsedToItsEndWhileItsFileIsAway() throws Exception {
        VaultKms kms = kms(VaultAuth.kubernetes("kubernetes-b", "podseal", jwt));
        use(kms);
        after(Duration.ofSeconds(61));
        Files.delete(jwt);
        use(kms);
        after(Duration.ofSeconds(30));
        Refusal.of(ErrorCode.CONFIGURATION, () -> use(kms));
    }

    private void unavailable(int calls) {
        for (int i = 0; i < calls; i++) {
            vault.next(503, "{\"errors\":[\"Vault is sealed\"]}");
        }
    }

    @Test
    void renewalThatGivesNoTimeIsFollowedByALogin() throws Exception {
        VaultKms kms = kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt));
        use(kms);
        after(Duration.ofSeconds(61));
        vault.next(200, "{\"auth\":{\"client_token\":\"a\",\"lease_duration\":0,\"renewable\":true}}");
        use(kms);
        assertThat(vault.calls("auth/kubernetes/login")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void timeBeginsWhenTheTokenIsAskedFor(boolean renewed) throws Exception {
        VaultKms kms = kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt));
        if (renewed) {
            use(kms);
            after(Duration.ofSeconds(61));
        }
        vault.next(exchange -> {
            vault.nanos.addAndGet(Duration.ofSeconds(91).toNanos());
            String token = vault.logins.token("p", Duration.ofSeconds(90));
            FakeVault.send(
                    exchange,
                    200,
                    "{\"auth\":{\"client_token\":\"" + token + "\",\"lease_duration\":90,\"renewable\":true}}");
        });
        use(kms);
        int before = vault.calls("auth/kubernetes/login");
        use(kms);
        assertThat(vault.calls("auth/kubernetes/login")).isEqualTo(before + 1);
    }

    @Test
    void loginWhoseTimeIsOverIsRepeated() throws Exception {
        VaultKms kms = kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt));
        use(kms);
        after(Duration.ofSeconds(91));
        use(kms);
        assertThat(vault.calls("auth/token/renew-self")).isZero();
        assertThat(vault.calls("auth/kubernetes/login")).isEqualTo(2);
    }

    @Test
    void revokedLoginIsRepeatedOnce() throws Exception {
        VaultKms kms = kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt));
        use(kms);
        vault.logins.revokeAll();
        use(kms);
        assertThat(vault.calls("auth/kubernetes/login")).isEqualTo(2);
        assertThat(vault.calls("transit/encrypt/k")).isEqualTo(3);
    }

    @Test
    void freshLoginThatIsRefusedIsNotRepeated() {
        VaultKms kms = kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt));
        vault.transit.create("other", "aes256-gcm96", false);
        Refusal.of(ErrorCode.KMS_DENIED, () -> kms.getAead(vault.kek("other")).encrypt(new byte[3], ACCOUNT));
        assertThat(vault.calls("auth/kubernetes/login")).isEqualTo(1);
        assertThat(vault.calls("transit/encrypt/other")).isEqualTo(1);
        // an older login may have been revoked, so it is repeated, once
        Refusal.of(ErrorCode.KMS_DENIED, () -> kms.getAead(vault.kek("other")).encrypt(new byte[3], ACCOUNT));
        assertThat(vault.calls("auth/kubernetes/login")).isEqualTo(2);
        assertThat(vault.calls("transit/encrypt/other")).isEqualTo(3);
    }

    @Test
    void tokenFileIsReadAtEachLogin() throws Exception {
        Files.writeString(jwt, FakeLogins.serviceAccountToken("payments", "web", "vault"));
        VaultKms kms = kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt));
        assertThat(Refusal.of(ErrorCode.KMS_DENIED, () -> use(kms)).detail())
                .contains("auth/kubernetes/login", "role's bounds");
        Files.writeString(jwt, FakeLogins.serviceAccountToken("payments", "api", "vault"));
        use(kms);
    }

    @Test
    void replacedTokenIsTakenOnceTheOldOneIsRefused() throws Exception {
        Path token = folder.resolve("token");
        Files.writeString(token, vault.logins.token("p", Duration.ofSeconds(30)));
        VaultKms kms = kms(VaultAuth.token(token));
        use(kms);
        after(Duration.ofSeconds(31));
        Files.writeString(token, vault.logins.token("p", Duration.ofSeconds(30)) + "\n");
        use(kms);
    }

    @Test
    void tokenForAnotherAudienceIsDenied() throws Exception {
        Files.writeString(jwt, FakeLogins.serviceAccountToken("payments", "api", "kubernetes"));
        assertThat(Refusal.of(ErrorCode.KMS_DENIED, () -> use(kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt))))
                        .detail())
                .contains("audience");
    }

    @Test
    void wrongSecretIdIsDenied() throws Exception {
        Files.writeString(secretId, SECRET_ID + "x");
        Refusal.of(ErrorCode.KMS_DENIED, () -> use(kms(VaultAuth.appRole("approle", "role-id", secretId))));
    }

    @Test
    void unknownRoleAndMountAreNamed() {
        for (String mount : new String[] {"kubernetes", "jwt"}) {
            assertThat(Refusal.of(
                                    ErrorCode.CONFIGURATION,
                                    () -> use(kms(VaultAuth.kubernetes(mount, "no-such-role", jwt))))
                            .detail())
                    .contains("podseal.kms.vault.role");
        }
        assertThat(Refusal.of(
                                ErrorCode.KMS_DENIED,
                                () -> use(kms(VaultAuth.kubernetes("no-such-mount", "podseal", jwt))))
                        .detail())
                .contains("podseal.kms.vault.auth-mount");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "two words", "a\"b", "a\\b", "a\nb", "ä"})
    void fileThatHoldsNoCredentialIsConfiguration(String content) throws Exception {
        Files.writeString(jwt, content);
        assertThat(Refusal.of(
                                ErrorCode.CONFIGURATION,
                                () -> use(kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt))))
                        .detail())
                .contains(jwt.toString());
        assertThat(vault.calls()).isZero();
    }

    @Test
    void absentFileIsConfiguration() {
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> use(kms(VaultAuth.token(folder.resolve("absent")))))
                        .detail())
                .contains("absent", "token-file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../sys", "a b", "a?b", "/kubernetes", "a//b", "."})
    void mountThatIsNoPathIsConfiguration(String mount) {
        Refusal.of(ErrorCode.CONFIGURATION, () -> VaultAuth.kubernetes(mount, "podseal", jwt));
    }

    @Test
    void roleMayHoldAnyCharacter() {
        assertThat(new String(VaultAuth.jwt("jwt", "a\"b\\c\nd", jwt).loginBody(), UTF_8))
                .startsWith("{\"role\":\"a\\u0022b\\u005cc\\u000ad\",\"jwt\":\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"auth\":null}",
                "{\"auth\":{\"client_token\":\"\",\"lease_duration\":1}}",
                "{\"auth\":{\"client_token\":\"a b\",\"lease_duration\":1}}",
                "{\"auth\":{\"client_token\":\"a\",\"lease_duration\":-1}}",
                "{\"auth\":{\"client_token\":\"a\"}}",
                "{\"auth\":{\"mfa_requirement\":{},\"client_token\":\"\"}}",
                "<html>" + Refusal.CANARY + "</html>",
                "",
            })
    void loginWithoutATokenIsUnavailable(String answer) {
        vault.next(200, answer);
        Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> use(kms(VaultAuth.kubernetes("kubernetes", "podseal", jwt))));
    }
}
