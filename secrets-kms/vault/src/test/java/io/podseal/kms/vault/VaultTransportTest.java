// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.kms.LoopbackTls;
import io.podseal.kms.Refusal;
import io.podseal.store.Settings;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trust, proxies and addresses. */
class VaultTransportTest {
    private static final byte[] ACCOUNT = "account".getBytes(UTF_8);

    @TempDir
    private Path folder;

    private VaultKms.Builder kms(FakeVault vault) throws IOException {
        vault.transit.create("k", "aes256-gcm96", false);
        vault.logins.policy("p", "transit/encrypt/k", "update");
        Path token = folder.resolve("token");
        Files.writeString(token, vault.logins.token("p", Duration.ZERO));
        return VaultKms.builder().auth(VaultAuth.token(token));
    }

    private static void use(FakeVault vault, VaultKms kms) throws Exception {
        assertThat(kms.getAead(vault.kek("k")).encrypt(new byte[3], ACCOUNT)).isNotEmpty();
    }

    @Test
    void namedCertificateIsTrusted() throws Exception {
        LoopbackTls certificate = LoopbackTls.of("dns:localhost");
        try (FakeVault vault = FakeVault.https(certificate)) {
            use(vault, kms(vault).caFile(certificate.certificate()).build());
        }
    }

    @Test
    void otherCertificatesAreNotTrusted() throws Exception {
        LoopbackTls certificate = LoopbackTls.of("dns:localhost");
        try (FakeVault vault = FakeVault.https(certificate)) {
            for (VaultKms kms : List.of(
                    kms(vault).build(),
                    kms(vault)
                            .caFile(LoopbackTls.of("dns:localhost").certificate())
                            .build())) {
                assertThat(Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> use(vault, kms))
                                .detail())
                        .contains("podseal.kms.vault.ca-file", "SSLHandshakeException");
            }
            assertThat(vault.calls()).isZero();
        }
    }

    @Test
    void certificateForAnotherHostIsNotTrusted() throws Exception {
        LoopbackTls certificate = LoopbackTls.of("dns:vault.example.com");
        try (FakeVault vault = FakeVault.https(certificate)) {
            VaultKms kms = kms(vault).caFile(certificate.certificate()).build();
            assertThat(Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> use(vault, kms))
                            .detail())
                    .contains("the name in the URL");
            assertThat(vault.calls()).isZero();
        }
    }

    @Test
    void renewedCertificatesAreReadAfterAFailure() throws Exception {
        LoopbackTls certificate = LoopbackTls.of("dns:localhost");
        Path trusted = folder.resolve("trusted.pem");
        Files.copy(LoopbackTls.of("dns:localhost").certificate(), trusted);
        try (FakeVault vault = FakeVault.https(certificate)) {
            VaultKms kms = kms(vault).caFile(trusted).build();
            Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> use(vault, kms));
            Files.writeString(trusted, Files.readString(certificate.certificate()));
            use(vault, kms);
        }
    }

    @Test
    void httpServerUnderAnHttpsKekIsUnavailable() throws Exception {
        try (FakeVault vault = FakeVault.http()) {
            VaultKms kms = kms(vault).build();
            Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> use(vault, kms));
            assertThat(vault.calls()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    void fileWithoutCertificatesIsConfiguration(String content) throws Exception {
        Path pem = Files.writeString(folder.resolve("ca.pem"), content);
        try (FakeVault vault = FakeVault.http()) {
            VaultKms kms = kms(vault).endpoint(vault.url()).caFile(pem).build();
            assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> use(vault, kms))
                            .detail())
                    .contains("podseal.kms.vault.ca-file", pem.toString());
        }
    }

    @Test
    void proxyOfTheJvmIsNotAsked() throws Exception {
        ProxySelector before = ProxySelector.getDefault();
        AtomicInteger asked = new AtomicInteger();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.incrementAndGet();
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
        try (FakeVault vault = FakeVault.http()) {
            use(vault, kms(vault).endpoint(vault.url()).build());
        } finally {
            ProxySelector.setDefault(before);
        }
        assertThat(asked).hasValue(0);
    }

    @Test
    void namespaceGoesWithTheLoginAndWithEachCall() throws Exception {
        try (FakeVault vault = FakeVault.http().namespace("admin/team-a")) {
            Path jwt = Files.writeString(
                    folder.resolve("jwt"), FakeLogins.serviceAccountToken("payments", "api", "vault"));
            vault.logins.role("kubernetes", "podseal", "*", "p", Duration.ofHours(1), true);
            VaultKms.Builder builder =
                    kms(vault).endpoint(vault.url()).auth(VaultAuth.kubernetes("kubernetes", "podseal", jwt));
            Refusal.of(ErrorCode.KMS_DENIED, () -> use(vault, builder.build()));
            use(vault, builder.namespace("admin/team-a").build());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:8200",
                "ftp://localhost",
                "http://vault.example.com:8200",
                "http://127.0.0.1.example.com",
                "http://localhost.example.com",
                "https://",
                "https://user:password@localhost",
                "https://localhost/v1",
                "https://localhost?x=y",
                "https://localhost#x",
                "https://local host",
                "https://localhost:port%",
                "https://localhost:port",
                "https://vault_1:8200",
                "https://localhost:99999",
                "http://localhost:99999",
                "http://127.0.0.999:8100",
            })
    void endpointThatIsNoServerIsConfiguration(String url) {
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> VaultKms.builder().endpoint(url))
                        .detail())
                .contains("podseal.kms.vault.endpoint")
                .doesNotContain("password");
    }

    @Test
    void namespaceThatIsNoHeaderIsConfiguration() {
        Refusal.of(ErrorCode.CONFIGURATION, () -> VaultKms.builder().namespace("a\r\nX-Vault-Token: b"));
        Refusal.of(ErrorCode.CONFIGURATION, () -> VaultKms.builder().namespace(""));
    }

    @Test
    void clientWithoutALoginIsConfiguration() {
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> VaultKms.builder().build())
                        .detail())
                .contains("podseal.kms.vault.auth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "PT0S", "PT0.0009S", "PT24H0.001S", "PT2562047788015215H"})
    void timeThatIsNoneOrHasNoEndIsConfiguration(String text) {
        Duration timeout = Duration.parse(text);
        VaultKms.Builder builder = VaultKms.builder().auth(VaultAuth.kubernetes("podseal"));
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, builder.callTimeout(timeout)::build)
                        .detail())
                .contains("call-timeout");
        assertThat(Refusal.of(
                                ErrorCode.CONFIGURATION,
                                builder.callTimeout(Duration.ofSeconds(1)).connectTimeout(timeout)::build)
                        .detail())
                .contains("connect-timeout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect-timeout", "call-timeout"})
    void settingThatIsNoWaitIsConfiguration(String name) {
        Settings settings = Settings.of(
                Map.of("kms.vault.role", "podseal", "kms.vault." + name, "2562047788015215h"),
                text -> Duration.parse("PT" + text),
                getClass().getClassLoader());
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> VaultKms.of(settings))
                        .detail())
                .contains("podseal.kms.vault." + name, "a day");
    }

    @Test
    void keysetsAreOnlyCallers() throws Exception {
        try (FakeVault vault = FakeVault.http()) {
            Aead aead = kms(vault).endpoint(vault.url()).build().getAead(vault.kek("k"));
            byte[] keyset = "keyset".getBytes(UTF_8);
            assertThat(aead.encrypt(keyset, ACCOUNT)).isNotEmpty();
            assertThat(keyset).isEqualTo("keyset".getBytes(UTF_8));
        }
    }
}
