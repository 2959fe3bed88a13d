// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.PodsealException;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command takes from the environment, and what it leaves there. */
final class KmsSettingsTest {
    private static Settings of(Map<String, String> environment) {
        return KmsSettings.of(environment, List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PODSEAL_KMS_AWS_CONNECT_TIMEOUT", "PODSEAL_KMS_AWS_CONNECTTIMEOUT"})
    void settingHasTheNameThatEitherFrameworkGivesIt(String variable) {
        assertThat(of(Map.of(variable, "250ms")).duration(Setting.AWS_CONNECT_TIMEOUT))
                .isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void twoSpellingsOfOneSettingAreRefused() {
        assertThatThrownBy(() ->
                        of(Map.of("PODSEAL_KMS_AWS_CONNECT_TIMEOUT", "1s", "PODSEAL_KMS_AWS_CONNECTTIMEOUT", "2s")))
                .isInstanceOf(PodsealException.class)
                .hasMessageContaining("two spellings");
    }

    @Test
    void unknownNameNamesTheNearest() {
        assertThatThrownBy(() -> of(Map.of("PODSEAL_KMS_VAULT_ROLL", "x")))
                .isInstanceOf(PodsealException.class)
                .hasMessageContaining("the nearest is podseal.kms.vault.role");
    }

    /** They are an application's, which may run in the same shell. */
    @Test
    void otherSettingsAreLeftAlone() {
        Settings settings = of(Map.of(
                "PODSEAL_KEKS", "local-kms:/tmp/other",
                "PODSEAL_KMS_CLIENTS", "com.example.None",
                "PODSEAL_KMS_DEADLINE", "never",
                "PODSEAL_NOTHING", "x",
                "PATH", "/bin"));
        assertThat(settings.keks().uris()).isEmpty();
    }

    @Test
    void keksAreThoseOfTheCommandLineInTheirOrder() {
        Settings settings = KmsSettings.of(Map.of(), List.of(new Kek("local-kms:/b"), new Kek("local-kms:/a,c")));
        assertThat(settings.keks().uris()).containsExactly("local-kms:/b", "local-kms:/a,c");
    }

    @Test
    void tokenOfVaultLoginIsUsedWhereNothingElseIsSaid(@TempDir Path home) throws IOException {
        Kek vault = new Kek("hcvault://vault.example.com:8200/transit/keys/payments_api");
        Path token = home.resolve(".vault-token");
        Map<String, String> environment = Map.of("HOME", home.toString());
        assertThat(KmsSettings.of(environment, List.of(vault)).find(Setting.VAULT_TOKEN_FILE))
                .as("no login yet")
                .isEmpty();

        Files.writeString(token, "hvs.example");
        Settings settings = KmsSettings.of(environment, List.of(vault));
        assertThat(settings.find(Setting.VAULT_AUTH)).contains("token");
        assertThat(settings.findPath(Setting.VAULT_TOKEN_FILE)).contains(token);
        assertThat(settings.keks().uris()).containsExactly(vault.uri());
        assertThat(of(environment).find(Setting.VAULT_TOKEN_FILE))
                .as("no KEK of Vault")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"AUTH, jwt", "ROLE, podseal", "TOKEN_FILE, /run/token", "ROLE_ID, x"})
    void tokenOfVaultLoginIsLeftAloneWhereASettingSaysHowToLogIn(String name, String value, @TempDir Path home)
            throws IOException {
        Path token = Files.writeString(home.resolve(".vault-token"), "hvs.example");
        Settings settings = KmsSettings.of(
                Map.of("HOME", home.toString(), "PODSEAL_KMS_VAULT_" + name, value),
                List.of(new Kek("hcvault://vault.example.com:8200/transit/keys/payments_api")));
        assertThat(settings.findPath(Setting.VAULT_TOKEN_FILE)).isNotEqualTo(Optional.of(token));
        assertThat(settings.find(Setting.VAULT_AUTH)).isNotEqualTo(Optional.of("token"));
    }

    @ParameterizedTest
    @CsvSource({"5s, PT5S", "2m, PT2M", "1h, PT1H", "90000ms, PT1M30S", "PT7S, PT7S"})
    void durationsAreWrittenAsUsual(String text, Duration duration) {
        assertThat(of(Map.of("PODSEAL_KMS_AWS_CALL_TIMEOUT", text)).duration(Setting.AWS_CALL_TIMEOUT))
                .isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "5 s", "s", "-5s", "5d", "soon"})
    void otherDurationsAreRefused(String text) {
        assertThatThrownBy(() -> of(Map.of("PODSEAL_KMS_AWS_CALL_TIMEOUT", text)))
                .isInstanceOf(PodsealException.class)
                .hasMessageContaining("podseal.kms.aws.call-timeout must be a duration");
    }
}
