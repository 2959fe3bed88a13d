// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import io.podseal.ErrorCode;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.nio.file.Path;

/** The way to log in that {@code podseal.kms.vault.auth} names, with the settings that it needs. */
final class VaultLogins {
    private VaultLogins() {}

    static VaultAuth of(Settings settings) {
        String way = settings.find(Setting.VAULT_AUTH).orElseThrow();
        String mount = settings.find(Setting.VAULT_AUTH_MOUNT).orElse(way);
        Path podToken = settings.findPath(Setting.VAULT_TOKEN_FILE).orElse(VaultAuth.POD_TOKEN);
        return switch (way) {
            case "kubernetes" -> VaultAuth.kubernetes(mount, needed(settings, way, Setting.VAULT_ROLE), podToken);
            case "jwt" -> VaultAuth.jwt(mount, settings.find(Setting.VAULT_ROLE).orElse(null), podToken);
            case "approle" ->
                VaultAuth.appRole(
                        mount,
                        needed(settings, way, Setting.VAULT_ROLE_ID),
                        settings.findPath(Setting.VAULT_SECRET_ID_FILE).orElse(null));
            case "token" -> VaultAuth.token(Path.of(needed(settings, way, Setting.VAULT_TOKEN_FILE)));
            default ->
                throw ErrorCode.CONFIGURATION.because(
                        "podseal.kms.vault.auth must be one of kubernetes, jwt, approle, token");
        };
    }

    private static String needed(Settings settings, String way, Setting setting) {
        return settings.find(setting)
                .orElseThrow(() -> ErrorCode.CONFIGURATION.because("podseal.kms.vault.auth=" + way + " needs "
                        + setting.fullName() + ", for example " + setting.example()));
    }
}
