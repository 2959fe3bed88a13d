// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.kms.LoopbackTls;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import io.podseal.store.SecretStore;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On an imitation of Vault. */
class VaultKmsTest {
    private static final byte[] ACCOUNT = "account".getBytes(UTF_8);

    /** Everybody's policy, as docs/kms/vault.md has it. */
    private static final String ALIAS = "{{identity.entity.aliases." + FakeLogins.ACCESSOR + ".metadata.";

    private static final String OPEN =
            "transit/decrypt/" + ALIAS + "service_account_namespace}}_" + ALIAS + "service_account_name}}";

    @TempDir
    private Path folder;

    private FakeVault vault;
    private Path podToken;

    @BeforeEach
    void server() throws Exception {
        vault = FakeVault.http();
        podToken = folder.resolve("pod-token");
        Files.writeString(podToken, FakeLogins.serviceAccountToken("payments", "api", "vault"));
        everyAccountOpensItsOwn(vault);
        vault.logins
                .policy("sealer", "transit/encrypt/payments_api", "update")
                .policy("sealer", "transit/decrypt/payments_api", "update");
    }

    private static void everyAccountOpensItsOwn(FakeVault vault) {
        vault.transit.create("payments_api", "aes256-gcm96", false);
        vault.logins
                .role("kubernetes", "podseal", "*", "podseal-open", Duration.ofHours(1), true)
                .policy("podseal-open", OPEN, "update");
    }

    @AfterEach
    void stop() {
        vault.close();
    }

    private VaultKms sealing(FakeVault server) throws Exception {
        Path token = folder.resolve("sealer-token");
        Files.writeString(token, server.logins.token("sealer", Duration.ZERO) + "\n");
        return VaultKms.builder()
                .endpoint(server.url())
                .auth(VaultAuth.token(token))
                .build();
    }

    private VaultKms opening() {
        return VaultKms.builder()
                .endpoint(vault.url())
                .auth(VaultAuth.kubernetes("kubernetes", "podseal", podToken))
                .build();
    }

    @Test
    void applicationOpensItsValuesThroughSettingsOverHttps() throws Exception {
        LoopbackTls certificate = LoopbackTls.of("dns:localhost");
        Path mount = Files.createDirectory(folder.resolve("db"));
        try (FakeVault secure = FakeVault.https(certificate)) {
            everyAccountOpensItsOwn(secure);
            secure.namespace("team-a").logins.policy("sealer", "transit/encrypt/payments_api", "update");
            String kek = secure.kek("payments_api");
            Path token = folder.resolve("sealer-token");
            Files.writeString(token, secure.logins.token("sealer", Duration.ZERO));
            try (VaultKms sealing = VaultKms.builder()
                    .auth(VaultAuth.token(token))
                    .namespace("team-a")
                    .caFile(certificate.certificate())
                    .build()) {
                Workload.mount(mount, Workload.keks(sealing, kek), Workload.MANY);
            }
            try (SecretStore store = Workload.open(
                    mount,
                    "keks[0]",
                    kek,
                    "kms.vault.role",
                    "podseal",
                    "kms.vault.namespace",
                    "team-a",
                    "kms.vault.token-file",
                    podToken.toString(),
                    "kms.vault.ca-file",
                    certificate.certificate().toString())) {
                Workload.readMany(store);
            }
            assertThat(secure.calls("auth/kubernetes/login")).isEqualTo(1);
            assertThat(secure.calls("transit/decrypt/payments_api")).isEqualTo(1);
            assertThat(secure.calls()).isEqualTo(3);
        }
    }

    @Test
    void wrappedBytesAreTransitsCiphertextAsText() throws Exception {
        byte[] wrapped = sealing(vault).getAead(vault.kek("payments_api")).encrypt(new byte[5], ACCOUNT);
        assertThat(new String(wrapped, UTF_8)).matches("vault:v1:[A-Za-z0-9+/]+=*");
        String account = Base64.getEncoder().encodeToString(ACCOUNT);
        assertThat(vault.lastRequest().get("associated_data").getAsString()).isEqualTo(account);
        assertThat(vault.lastRequest().get("context").getAsString()).isEqualTo(account);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keysetOpensForItsOwnAccountAlone(boolean derived) throws Exception {
        vault.transit.create("payments_api", "chacha20-poly1305", derived);
        Aead aead = sealing(vault).getAead(vault.kek("payments_api"));
        byte[] wrapped = aead.encrypt(new byte[5], ACCOUNT);
        assertThat(aead.decrypt(wrapped, ACCOUNT)).hasSize(5);
        Refusal.of(ErrorCode.AUTHENTICATION, () -> aead.decrypt(wrapped, new byte[] {1}));
    }

    @Test
    void onePolicyKeepsAllAccountsApart() throws Exception {
        vault.transit.create("payments_web", "aes256-gcm96", false);
        vault.logins.policy("sealer", "transit/encrypt/payments_web", "update");
        byte[] webs = sealing(vault).getAead(vault.kek("payments_web")).encrypt(new byte[5], ACCOUNT);
        byte[] apis = sealing(vault).getAead(vault.kek("payments_api")).encrypt(new byte[5], ACCOUNT);
        VaultKms api = opening();
        assertThat(api.getAead(vault.kek("payments_api")).decrypt(apis, ACCOUNT))
                .hasSize(5);
        assertThat(Refusal.of(
                                ErrorCode.KMS_DENIED,
                                () -> api.getAead(vault.kek("payments_web")).decrypt(webs, ACCOUNT))
                        .detail())
                .contains("transit/decrypt/payments_web", "'update'", "podseal print policy");
    }

    @Test
    void rightToOpenIsNoRightToSeal() {
        Refusal.of(
                ErrorCode.KMS_DENIED,
                () -> opening().getAead(vault.kek("payments_api")).encrypt(new byte[5], ACCOUNT));
    }

    @Test
    void keyThatIsNotThereIsNotMadeByTheWay() throws Exception {
        vault.logins.policy("sealer", "transit/encrypt/absent", "update");
        Refusal.of(
                ErrorCode.KMS_DENIED,
                () -> sealing(vault).getAead(vault.kek("absent")).encrypt(new byte[5], ACCOUNT));
        assertThat(vault.transit.has("absent")).isFalse();
    }

    @Test
    void keysetThatAnOlderVersionWrappedOpensAfterARotation() throws Exception {
        FakeTransit.Key key = vault.transit.create("payments_api", "aes256-gcm96", true);
        Aead aead = sealing(vault).getAead(vault.kek("payments_api"));
        byte[] old = aead.encrypt(new byte[5], ACCOUNT);
        key.rotate();
        assertThat(new String(aead.encrypt(new byte[5], ACCOUNT), UTF_8)).startsWith("vault:v2:");
        assertThat(aead.decrypt(old, ACCOUNT)).hasSize(5);
    }

    @Test
    void endpointServesWhateverHostTheKekNames() throws Exception {
        byte[] wrapped = sealing(vault)
                .getAead("hcvault://vault.internal/transit/keys/payments_api")
                .encrypt(new byte[5], ACCOUNT);
        assertThat(opening()
                        .getAead("hcvault://vault.internal/transit/keys/payments_api")
                        .decrypt(wrapped, ACCOUNT))
                .hasSize(5);
    }

    @Test
    void theWholeKeysetGoesThroughAndBack() throws Exception {
        VaultKms kms = sealing(vault);
        String kek = vault.kek("payments_api");
        var document = Keysets.wrap(
                Keysets.create(new ServiceAccount("cluster.local", "payments", "api"), KeyType.HPKE_X25519),
                Workload.keks(kms, kek));
        assertThat(Workload.unwrap(opening(), kek, document).keys()).hasSize(1);
    }

    @Test
    void givenHttpClientIsUsedAndMustNotFollowRedirects() throws Exception {
        byte[] wrapped = sealing(vault).getAead(vault.kek("payments_api")).encrypt(new byte[5], ACCOUNT);
        VaultKms kms = VaultKms.builder()
                .endpoint(vault.url())
                .auth(VaultAuth.kubernetes("kubernetes", "podseal", podToken))
                .httpClient(HttpClient.newHttpClient())
                .build();
        assertThat(kms.getAead(vault.kek("payments_api")).decrypt(wrapped, ACCOUNT))
                .hasSize(5);
        HttpClient following = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> VaultKms.builder().httpClient(following))
                        .detail())
                .contains("redirects");
    }

    @Test
    void nothingIsReadOrAskedBeforeTheFirstCall() {
        VaultKms kms = VaultKms.builder()
                .endpoint(vault.url())
                .auth(VaultAuth.kubernetes("kubernetes", "podseal", folder.resolve("absent")))
                .caFile(folder.resolve("absent"))
                .build();
        assertThat(kms.getAead(vault.kek("payments_api"))).isNotNull();
        assertThat(vault.calls()).isZero();
        kms.close();
        kms.close();
    }

    @Test
    void closedClientAsksNothing() throws Exception {
        Path token = folder.resolve("sealer-token");
        Files.writeString(token, vault.logins.token("sealer", Duration.ZERO));
        for (VaultAuth way :
                new VaultAuth[] {VaultAuth.token(token), VaultAuth.kubernetes("kubernetes", "podseal", podToken)}) {
            VaultKms kms = VaultKms.builder().endpoint(vault.url()).auth(way).build();
            Aead before = kms.getAead(vault.kek("payments_api"));
            kms.close();
            Aead after = kms.getAead(vault.kek("payments_api"));
            for (Aead kek : new Aead[] {before, after}) {
                assertThat(Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> kek.encrypt(new byte[5], ACCOUNT))
                                .detail())
                        .contains("closed");
            }
        }
        assertThat(vault.calls()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vault_1:8200", "localhost:99999"})
    void hostThatCannotBeCalledNeedsAnEndpoint(String host) throws Exception {
        String kek = "hcvault://" + host + "/transit/keys/payments_api";
        VaultKms kms = VaultKms.builder()
                .auth(VaultAuth.kubernetes("kubernetes", "podseal", podToken))
                .build();
        Refusal.of(ErrorCode.CONFIGURATION, () -> kms.getAead(kek));
    }

    @Test
    void otherSchemesAreNotServed() {
        VaultKms kms = opening();
        assertThat(kms.doesSupport("local-kms:/tmp/kek")).isFalse();
        Refusal.of(ErrorCode.CONFIGURATION, () -> kms.getAead("local-kms:/tmp/kek"));
        assertThat(kms.withCredentials("elsewhere")).isSameAs(kms);
        assertThat(kms.withDefaultCredentials()).isSameAs(kms);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hcvault://",
                "hcvault://localhost",
                "hcvault://localhost/transit",
                "hcvault://localhost/keys/name",
                "hcvault://localhost/transit/keys/",
                "hcvault://localhost/transit/keys/a/b",
                "hcvault://localhost/transit/../sys/keys/a",
                "hcvault://localhost/transit/keys/..",
                "hcvault://localhost/transit/keys/.",
                "hcvault://localhost/./transit/keys/a",
                "hcvault://localhost//keys/a",
                "hcvault://localhost/tran%73it/keys/a",
                "hcvault://localhost/transit/keys/a%2Fb",
                "hcvault://localhost/transit/keys/a b",
                "hcvault://localhost/transit/keys/a?x=y",
                "hcvault://localhost/transit/keys/a#x",
                "hcvault://LOCALHOST/transit/keys/a",
                "hcvault://localhost:port/transit/keys/a",
                "hcvault://user:password@localhost/transit/keys/a",
            })
    void malformedUriIsConfiguration(String uri) {
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> opening().getAead(uri))
                        .detail())
                .doesNotContain("password");
    }

    @Test
    void mountMayBeAPath() {
        assertThat(VaultUri.parse("hcvault://localhost:8200/teams/a/transit/keys/payments_api"))
                .isEqualTo(new VaultUri("localhost:8200", "teams/a/transit", "payments_api"));
    }
}
