// SPDX-License-Identifier: Apache-2.0
package io.podseal.framework;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.keyset.Keks;
import io.podseal.keyset.Keysets;
import io.podseal.kms.vault.VaultAuth;
import io.podseal.kms.vault.VaultKms;
import io.podseal.testkit.FakeKms;
import io.podseal.testkit.TestAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which KMS client serves follows from the class path and the KEKs that are named, by settings alone. */
public abstract class AdapterContract {
    private static final String GCP = "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k";

    @TempDir
    Path folder;

    private final Framework framework;
    private TransitStub transit;
    private TestAccount account;

    protected AdapterContract(Framework framework) {
        this.framework = framework;
    }

    @BeforeEach
    void sealUnderBothKeks() throws IOException {
        transit = new TransitStub();
        Files.writeString(folder.resolve("token"), transit.token());
        account = TestAccount.of("payments/api").seal("db", "password", "s3cret");
        VaultKms vault = VaultKms.builder()
                .endpoint(transit.url())
                .auth(VaultAuth.token(folder.resolve("token")))
                .build();
        Keks both = Keks.builder()
                .kek(account.kms().uri())
                .client(account.kms())
                .kek(transit.kek())
                .ownedClient(vault)
                .build();
        account.put(
                "db", "api.keyset.json", Keysets.wrap(account.keyset(), both).toJson());
        both.close();
    }

    @AfterEach
    void close() {
        account.close();
        transit.close();
    }

    private String location() {
        return account.location("db") + "?prefix=db.";
    }

    private @Nullable String password(Map<String, String> settings) {
        return framework.property("db.password", location(), settings);
    }

    private void refused(Map<String, String> settings, String... messages) {
        PodsealException refusal = framework.refusal(location(), settings);
        assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(ErrorCode.CONFIGURATION);
        assertThat(refusal).hasMessageContainingAll(messages);
    }

    private Map<String, String> vaultSettings(String... more) {
        Map<String, String> settings = account.settings(more);
        settings.put("podseal.kms.vault.endpoint", transit.url());
        settings.putIfAbsent("podseal.kms.vault.auth", "token");
        settings.put("podseal.kms.vault.token-file", folder.resolve("token").toString());
        return settings;
    }

    @Test
    void adapterOnTheClassPathServesAKekThatIsNamed() {
        int before = transit.requests();
        assertThat(password(vaultSettings("podseal.keks", transit.kek()))).isEqualTo("s3cret");
        assertThat(transit.decryptions()).isEqualTo(1);
        assertThat(transit.requests()).isEqualTo(before + 1);
        assertThat(account.kms().calls()).isZero();
    }

    @Test
    void adapterServesWhereThePreferredClientOfTheSettingsIsDenied() {
        account.kms().answers(FakeKms.DENIES);
        assertThat(password(vaultSettings("podseal.keks", account.kms().uri() + "," + transit.kek())))
                .isEqualTo("s3cret");
        assertThat(account.kms().calls()).isEqualTo(1);
        assertThat(transit.decryptions()).isEqualTo(1);
    }

    @Test
    void suppliedClientServesWithoutAnyAdapter() {
        assertThat(password(account.settings())).isEqualTo("s3cret");
        assertThat(account.kms().calls()).isEqualTo(1);
    }

    @Test
    void kekWhoseAdapterIsAbsentNamesTheArtifact() {
        refused(
                account.settings("podseal.keks", account.kms().uri() + "," + GCP),
                "no KMS client for the KEK '" + GCP + "'",
                "add io.podseal:podseal-kms-gcp to the class path");
        assertThat(account.kms().calls()).isZero();
    }

    /** Its client would refuse to be made from these. */
    @Test
    void adapterWithoutAKekOfItsIsNeverMade() {
        int before = transit.requests();
        Map<String, String> unfit = vaultSettings("podseal.kms.vault.auth", "approle");
        assertThat(password(unfit)).isEqualTo("s3cret");
        assertThat(transit.requests()).isEqualTo(before);

        unfit.put("podseal.keks", transit.kek());
        refused(unfit, "podseal.kms.vault.role-id");
    }

    @Test
    void settingOfAnAdapterThatIsNotUsedMustStillBeOne() {
        refused(account.settings("podseal.kms.vault.call-timeout", "soon"), "podseal.kms.vault.call-timeout");
        refused(
                account.settings("podseal.kms.vault.rolle", "api"),
                "podseal.kms.vault.rolle",
                "podseal.kms.vault.role");
    }
}
