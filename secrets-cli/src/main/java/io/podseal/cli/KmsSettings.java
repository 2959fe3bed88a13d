// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.keyset.KekUri;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the KMS of a KEK is reached, for commands: the settings {@code podseal.kms.<provider>.*} from the environment, under the
 * names that applications read there too ({@code PODSEAL_KMS_AWS_ENDPOINT}). Everything else of an application's is left alone.
 */
final class KmsSettings {
    private static final Pattern VARIABLE = Pattern.compile("PODSEAL_(KMS_(AWS|GCP|AZURE|VAULT|PKCS11)_.+)");
    private static final Pattern DURATION = Pattern.compile("(?i)(\\d{1,9})(ms|s|m|h)");

    private KmsSettings() {}

    /** The settings for these KEKs. A command line is a person's, so {@code local-kms:} works in a cluster too. */
    static Settings of(Map<String, String> environment, Collection<Kek> keks) {
        Map<String, String> flat = new HashMap<>();
        environment.forEach((variable, value) -> {
            Matcher ours = VARIABLE.matcher(variable);
            if (ours.matches() && flat.put(key(ours.group(1)), value) != null) {
                throw ErrorCode.CONFIGURATION.because(
                        "the environment has " + variable + " in two spellings; keep one of them");
            }
        });
        int index = 0;
        for (Kek kek : keks) {
            flat.put("keks[" + index++ + "]", kek.uri());
        }
        flat.put(Setting.LOCAL_ALLOW_IN_CLUSTER.key(), "true");
        if (keks.stream().anyMatch(kek -> kek.kind() == KekUri.VAULT)) {
            VaultLogin.add(flat, environment);
        }
        return Settings.of(flat, KmsSettings::duration, KmsSettings.class.getClassLoader());
    }

    /** A dash is an underscore or nothing, as in one framework or the other. */
    private static String key(String variable) {
        String letters = variable.replace("_", "");
        for (Setting setting : Setting.values()) {
            if (setting.key().replaceAll("[.-]", "").equalsIgnoreCase(letters)) {
                return setting.key();
            }
        }
        return variable.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private static Duration duration(String text) {
        Matcher simple = DURATION.matcher(text);
        if (!simple.matches()) {
            return Duration.parse(text);
        }
        long amount = Long.parseLong(simple.group(1));
        return switch (simple.group(2).toLowerCase(Locale.ROOT)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }
}
