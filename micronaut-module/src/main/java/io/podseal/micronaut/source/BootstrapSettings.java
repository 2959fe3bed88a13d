// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.source;

import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.micronaut.core.convert.ConversionService;
import io.micronaut.core.naming.NameUtils;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code podseal.*} from an environment's property sources. Not from its merged properties: there every underscore of
 * an environment variable has become a dot and a dash at once, and what is not a setting could not be told from what is.
 */
final class BootstrapSettings {
    private static final String ROOT = "podseal.";
    private static final String VARIABLE_ROOT = "PODSEAL_";
    private static final Pattern INDEXED_VARIABLE = Pattern.compile("(.+)_(\\d{1,4})");

    private BootstrapSettings() {}

    static Settings read(Environment environment) {
        Map<String, String> flat = new TreeMap<>();
        environment.getPropertySources().stream()
                .sorted(Comparator.comparingInt(PropertySource::getOrder))
                .forEach(source -> {
                    Map<String, String> own = new TreeMap<>();
                    flatten(source, (name, value) -> own.put(name, text(environment, value)));
                    // a list of a higher source replaces the lower one's, as a whole
                    List<String> set =
                            own.keySet().stream().map(BootstrapSettings::base).toList();
                    flat.keySet().removeIf(name -> set.contains(base(name)));
                    flat.putAll(own);
                });
        return Settings.of(flat, BootstrapSettings::duration, environment.getClassLoader());
    }

    /** The names of a source that stand below {@code podseal.}, with that root. */
    static List<String> names(PropertySource source) {
        List<String> names = new ArrayList<>();
        flatten(source, (name, value) -> names.add(ROOT + name));
        return names;
    }

    private static void flatten(PropertySource source, BiConsumer<String, Object> setting) {
        boolean variables = source.getConvention() == PropertySource.PropertyConvention.ENVIRONMENT_VARIABLE;
        for (String key : source) {
            String name = variables ? ofVariable(key) : ofProperty(key);
            Object value = name == null ? null : source.get(key);
            if (name != null && value != null) {
                flatten(name, value, setting);
            }
        }
    }

    private static void flatten(String name, Object value, BiConsumer<String, Object> setting) {
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                flatten(name + "[" + i + "]", String.valueOf(list.get(i)), setting);
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> flatten(name + "." + key, inner, setting));
        } else {
            setting.accept(name, value);
        }
    }

    private static @Nullable String ofProperty(String key) {
        String name = NameUtils.hyphenate(key);
        return name.startsWith(ROOT) ? name.substring(ROOT.length()) : null;
    }

    private static @Nullable String ofVariable(String variable) {
        if (!variable.startsWith(VARIABLE_ROOT)) {
            return null;
        }
        String name = variable.substring(VARIABLE_ROOT.length());
        Matcher indexed = INDEXED_VARIABLE.matcher(name);
        boolean isIndexed = indexed.matches();
        String stem = isIndexed ? indexed.group(1) : name;
        return Arrays.stream(Setting.values())
                .map(Setting::key)
                .filter(key -> variable(key).equals(stem))
                .findFirst()
                .map(key -> isIndexed ? key + "[" + indexed.group(2) + "]" : key)
                .orElseGet(() -> name.toLowerCase(Locale.ROOT).replace('_', '.'));
    }

    private static String variable(String key) {
        return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String base(String name) {
        int index = name.indexOf('[');
        return index < 0 ? name : name.substring(0, index);
    }

    private static String text(Environment environment, Object value) {
        return environment.getPlaceholderResolver().resolveRequiredPlaceholders(value.toString());
    }

    private static Duration duration(String text) {
        return ConversionService.SHARED.convertRequired(text, Duration.class);
    }
}
