// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static io.podseal.ErrorCode.KMS_DENIED;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.kms.Logs;
import io.podseal.kms.Page;
import io.podseal.kms.Refusal;
import io.podseal.kms.Workload;
import io.podseal.testkit.Canary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the logs hold of an opening, and of one that the login refuses, at every level. */
final class AzureDisclosureTest extends KeyVaultTest {
    private static final List<String> NAMED = List.of("com.azure", "com.microsoft.aad.msal4j");
    private static final String CLIENT = "99999999-8888-7777-6666-555555555555";
    private static final Pattern UNWRAPPED = Pattern.compile("\"value\":\"([^\"]*)\"");

    private final Canary token = Canary.random("token");
    private final Canary assertion = Canary.random("assertion");
    private final List<Canary> secrets = new CopyOnWriteArrayList<>(List.of(token, assertion));

    private Path mount;
    private Path tokenFile;
    private String fingerprint;

    @BeforeEach
    void seal() throws Exception {
        tokenFile = Files.writeString(temp.resolve("azure-identity-token"), assertion.text());
        mount = Files.createDirectory(temp.resolve("db-credentials"));
        fingerprint = Workload.mount(mount, Workload.keks(kms, KEK), 1);
    }

    private void open() {
        Workload.open(
                        mount,
                        Map.of(
                                "keks",
                                KEK,
                                "keyset-pins",
                                fingerprint,
                                "kms.azure.tenant-id",
                                FakeKeyVault.TENANT,
                                "kms.azure.client-id",
                                CLIENT,
                                "kms.azure.token-file",
                                tokenFile.toString(),
                                "kms.azure.proxy",
                                server.proxy().url(),
                                "kms.azure.connect-timeout",
                                "50s",
                                "kms.azure.call-timeout",
                                "50s",
                                "kms.deadline",
                                "1m"))
                .close();
    }

    @Test
    void noLoggerHoldsTokenAssertionOrUnwrappedKey() {
        server.grant(token.text(), FakeKeyVault.UNWRAP).identity(CLIENT, assertion.text(), token.text());
        server.answers(body -> {
            Matcher key = UNWRAPPED.matcher(body);
            assertThat(key.find()).isTrue();
            secrets.add(Canary.of("unwrapped key", Base64.getUrlDecoder().decode(key.group(1))));
            return body;
        });
        try (Logs logs = Logs.all()) {
            open();
            assertThat(secrets).hasSize(3);
            assertThat(logs.of("com.azure")).isNotEmpty();
            assertThat(logs.whoSaid(secrets.toArray(Canary[]::new))).isEmpty();
        }
    }

    @Test
    void whatTheLoginSaysOfARefusalIsInTheLogsThatThePageNames() {
        try (Logs logs = Logs.all()) {
            Refusal.of(KMS_DENIED, this::open);
            assertThat(logs.whoSaid(token, assertion)).isEmpty();
            assertThat(logs.whoSaid(Canary.of("what Entra says", Refusal.CANARY)))
                    .isNotEmpty()
                    .allMatch(name -> NAMED.stream().anyMatch(named -> name.startsWith(named + ".")));
            assertThat(NAMED).allMatch(name -> Page.text().contains("`" + name + "`"));
        }
    }
}
