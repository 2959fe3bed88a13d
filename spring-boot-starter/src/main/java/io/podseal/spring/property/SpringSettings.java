// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.property;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.ClassUtils;

/**
 * The settings below {@code podseal.} as Boot's Binder sees them: relaxed names, environment variables, lists by index or
 * comma of which the most specific source wins whole. Immutable and thread-safe.
 *
 * @param flat what is set, by name without {@code podseal.}
 * @param settings the same, checked
 */
public record SpringSettings(Map<String, String> flat, Settings settings) {
    /**
     * Binds and checks every setting.
     *
     * @throws PodsealException {@code CONFIGURATION} for an unknown name or a wrong value
     */
    public static SpringSettings bind(Binder binder) {
        Map<String, String> flat = new TreeMap<>();
        for (Setting setting : Setting.values()) {
            if (setting.kind() == Setting.Kind.LIST) {
                List<String> values = list(binder, setting);
                for (int i = 0; i < values.size(); i++) {
                    flat.put(setting.key() + "[" + i + "]", values.get(i));
                }
            } else {
                binder.bind(setting.fullName(), String.class).ifBound(value -> flat.put(setting.key(), value));
            }
        }
        if (!list(binder, Setting.IMPORT).isEmpty()) {
            throw ErrorCode.CONFIGURATION.because("podseal.import is the setting of Micronaut; under Spring Boot write"
                    + " spring.config.import=podseal:mount:<directory>");
        }
        unknownNames(binder).forEach(name -> flat.put(name, ""));
        Settings settings = Settings.of(flat, DurationStyle::detectAndParse, classLoader());
        return new SpringSettings(Collections.unmodifiableMap(flat), settings);
    }

    /**
     * Refuses settings that an import has not seen: it was read before the file, the profile or the program that they come
     * from, and to ignore them in silence would be to run with others than those that are written down.
     *
     * @param opened the settings that the import was opened with
     * @throws PodsealException {@code CONFIGURATION}, naming the settings
     */
    public void requireSameAs(SpringSettings opened, String location) {
        Set<String> names = new TreeSet<>(flat.keySet());
        names.addAll(opened.flat.keySet());
        names.removeIf(name -> Objects.equals(flat.get(name), opened.flat.get(name)));
        if (!names.isEmpty()) {
            throw ErrorCode.CONFIGURATION.because(location + " was opened before these settings were known: "
                    + names.stream().map(name -> "podseal." + name).collect(Collectors.joining(", "))
                    + "; set them where spring.config.import is read too: beside it, in the environment or on the command"
                    + " line, or move the import into the profile's file");
        }
    }

    private static ClassLoader classLoader() {
        ClassLoader loader = ClassUtils.getDefaultClassLoader();
        return loader != null ? loader : SpringSettings.class.getClassLoader();
    }

    private static List<String> list(Binder binder, Setting setting) {
        return binder.bind(setting.fullName(), Bindable.listOf(String.class)).orElse(List.of());
    }

    /** Left to the core to refuse, which knows what they could have meant. */
    private static List<String> unknownNames(Binder binder) {
        Set<String> names = binder.bind("podseal", Bindable.mapOf(String.class, String.class))
                .orElse(Map.of())
                .keySet();
        return names.stream().filter(name -> !isKnown(binder, name)).toList();
    }

    private static boolean isKnown(Binder binder, String name) {
        ConfigurationPropertyName bound = ConfigurationPropertyName.adapt("podseal." + name, '.');
        boolean indexed = bound.getNumberOfElements() > 2
                && bound.getLastElement(ConfigurationPropertyName.Form.UNIFORM).matches("\\d+");
        ConfigurationPropertyName unindexed = indexed ? bound.getParent() : bound;
        return Arrays.stream(Setting.values())
                .filter(setting -> !indexed || setting.kind() == Setting.Kind.LIST)
                .anyMatch(setting -> {
                    ConfigurationPropertyName known = ConfigurationPropertyName.of(setting.fullName());
                    return known.equals(unindexed) || isEnvironmentName(binder, setting, unindexed, known);
                });
    }

    /** {@code PODSEAL_TRUST_DOMAIN} reads as {@code podseal.trust.domain}, and Boot binds it to {@code trust-domain}. */
    private static boolean isEnvironmentName(
            Binder binder, Setting setting, ConfigurationPropertyName bound, ConfigurationPropertyName known) {
        return letters(bound).equals(letters(known))
                && binder.bind(setting.fullName(), Bindable.of(Object.class)).isBound();
    }

    private static String letters(ConfigurationPropertyName name) {
        return name.toString().replaceAll("[-_.]", "").toLowerCase(Locale.ROOT);
    }

    /** Which settings are set; never their values. */
    @Override
    public String toString() {
        return "SpringSettings" + flat.keySet();
    }
}
