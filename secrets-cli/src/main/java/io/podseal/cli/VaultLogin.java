// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.store.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The token that {@code vault login} leaves at home: a person's, where no setting says how else to log in. */
final class VaultLogin {
    private static final List<Setting> OTHERS = List.of(
            Setting.VAULT_AUTH,
            Setting.VAULT_AUTH_MOUNT,
            Setting.VAULT_ROLE,
            Setting.VAULT_TOKEN_FILE,
            Setting.VAULT_ROLE_ID,
            Setting.VAULT_SECRET_ID_FILE);

    private VaultLogin() {}

    /** Adds it to the settings, if it is there. */
    static void add(Map<String, String> settings, Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        if (home.isEmpty() || OTHERS.stream().map(Setting::key).anyMatch(settings::containsKey)) {
            return;
        }
        Path token = Path.of(home, ".vault-token");
        if (Files.isRegularFile(token)) {
            settings.put(Setting.VAULT_AUTH.key(), "token");
            settings.put(Setting.VAULT_TOKEN_FILE.key(), token.toString());
        }
    }
}
