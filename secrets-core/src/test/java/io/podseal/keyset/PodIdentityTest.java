// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.CONFIGURATION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Plaintext;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PodIdentityTest {
    @TempDir
    Path folder;

    private Path token;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void nameTheTokenFile() {
        token = folder.resolve("token");
    }

    private ServiceAccount resolved(@Nullable String configured) {
        return new PodIdentity(token, environment::get).resolve(configured, "cluster.local", false);
    }

    private PodsealException refused(@Nullable String configured) {
        return Refusal.of(CONFIGURATION, () -> resolved(configured));
    }

    private void writeToken(String claims) throws IOException {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        Files.writeString(
                token,
                base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(UTF_8)) + "."
                        + base64.encodeToString(claims.getBytes(UTF_8)) + "."
                        + base64.encodeToString(Plaintext.bytes()));
    }

    private void tokenOf(String subject) throws IOException {
        writeToken(
                "{\"aud\":[\"https://kubernetes.default.svc\"],\"exp\":1,\"kubernetes.io\":{\"namespace\":\"x\"},\"sub\":\""
                        + subject + "\"}");
    }

    @Test
    void eachSourceAloneIsEnough() throws IOException {
        assertThat(resolved("payments/api")).isEqualTo(Accounts.API);
        environment.put("POD_NAMESPACE", "payments");
        environment.put("POD_SERVICE_ACCOUNT", "api");
        assertThat(resolved(null)).isEqualTo(Accounts.API);
        environment.clear();
        tokenOf("system:serviceaccount:payments:api");
        assertThat(resolved(null)).isEqualTo(Accounts.API);
    }

    @Test
    void trustDomainIsTheConfiguredOne() {
        assertThat(new PodIdentity(token, environment::get).resolve("payments/api", "prod.example", false))
                .isEqualTo(new ServiceAccount("prod.example", "payments", "api"));
        Refusal.of(
                CONFIGURATION, () -> new PodIdentity(token, environment::get).resolve("payments/api", "Prod", false));
    }

    @Test
    void sourcesThatAgreeAreOneIdentity() throws IOException {
        tokenOf("system:serviceaccount:payments:api");
        environment.put("POD_NAMESPACE", "payments");
        environment.put("POD_SERVICE_ACCOUNT", "api");
        assertThat(resolved("payments/api")).isEqualTo(Accounts.API);
    }

    @Test
    void anyTwoSourcesThatDisagreeStopTheStartAndAreBothNamed() throws IOException {
        tokenOf("system:serviceaccount:payments:web");
        assertThat(refused("payments/api").detail())
                .contains("podseal.identity says payments/api", "says payments/web", token.toString());
        environment.put("POD_NAMESPACE", "payments");
        environment.put("POD_SERVICE_ACCOUNT", "api");
        assertThat(refused(null).detail()).contains("POD_NAMESPACE and POD_SERVICE_ACCOUNT says payments/api");
        Files.delete(token);
        assertThat(refused("shop/api").detail()).contains("shop/api", "payments/api");
    }

    @Test
    void noSourceSaysWhatToSet() {
        assertThat(refused(null).detail())
                .contains("podseal.identity=<namespace>/<service-account>", "POD_NAMESPACE", "POD_SERVICE_ACCOUNT");
    }

    @Test
    void halfOfTheDownwardApiIsNoSource() {
        environment.put("POD_NAMESPACE", "payments");
        refused(null);
        environment.clear();
        environment.put("POD_SERVICE_ACCOUNT", "api");
        refused(null);
    }

    @Test
    void defaultAccountIsRefusedUnlessAllowed() throws IOException {
        assertThat(refused("payments/default").detail()).contains("podseal.allow-default-account=true");
        tokenOf("system:serviceaccount:payments:default");
        refused(null);
        assertThat(new PodIdentity(token, environment::get)
                        .resolve(null, "cluster.local", true)
                        .name())
                .isEqualTo("default");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "a.b",
                "..",
                "a..c",
                "a.%%%.c",
                "a.bm90IGpzb24.c",
                "a.W10.c",
                "a.e30.c",
                "a.eyJzdWIiOjF9.c",
                "a.eyJzdWIiOiJ1c2VyOmphbmUifQ.c"
            })
    void fileThatIsNoServiceAccountTokenIsRefusedWithoutItsContent(String content) throws IOException {
        Files.writeString(token, content);
        assertThat(refused("payments/api").detail())
                .contains(token.toString(), "does not hold a ServiceAccount token")
                .doesNotContain("jane");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "system:serviceaccount:payments", "system:serviceaccount:payments:", "system:serviceaccount::api",
                "system:serviceaccount:payments:api:x", "system:serviceaccount:Payments:api",
                        "system:serviceaccount:payments/api",
                "system:serviceaccount:payments/a:api"
            })
    void subjectOutsideTheGrammarIsRefused(String subject) throws IOException {
        tokenOf(subject);
        refused(null);
    }

    @Test
    void duplicateSubjectIsRefused() throws IOException {
        writeToken("{\"sub\":\"system:serviceaccount:payments:api\",\"sub\":\"system:serviceaccount:payments:web\"}");
        refused(null);
    }

    @Test
    void trailingLineEndOfTheTokenFileDoesNotMatter() throws IOException {
        tokenOf("system:serviceaccount:payments:api");
        Files.writeString(token, Files.readString(token) + "\n");
        assertThat(resolved(null)).isEqualTo(Accounts.API);
    }

    @Test
    void fileIsReadAnewAtEveryCall() throws IOException {
        PodIdentity identity = new PodIdentity(token, environment::get);
        tokenOf("system:serviceaccount:payments:api");
        assertThat(identity.resolve(null, "cluster.local", false)).isEqualTo(Accounts.API);
        tokenOf("system:serviceaccount:payments:web");
        assertThat(identity.resolve(null, "cluster.local", false)).isEqualTo(Accounts.WEB);
    }

    @Test
    void binaryTokenFileIsRefusedWithoutItsContent() throws IOException {
        Files.write(token, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        refused("payments/api");
    }

    @Test
    void emptyVariablesAreRefusedAndNamed() {
        environment.put("POD_NAMESPACE", "");
        environment.put("POD_SERVICE_ACCOUNT", "");
        assertThat(refused(null).detail()).contains("namespace");
    }

    @Test
    void namedTokenFileHasToBeThere() {
        PodIdentity named = new PodIdentity(token, name -> null).withTokenFile(token.resolveSibling("other"));
        assertThat(Refusal.of(CONFIGURATION, () -> named.resolve("payments/api", "cluster.local", false))
                        .detail())
                .contains("other is not there", "podseal.kubernetes.token-file");
    }
}
