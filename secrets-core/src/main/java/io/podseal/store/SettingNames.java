// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the setting behind each flat name, whatever its spelling, and refuses the rest: a mistyped name must not be ignored. */
final class SettingNames {
    private static final Pattern INDEXED = Pattern.compile("(.+)\\[(\\d{1,4})]");
    /** What Kubernetes puts into the environment for a Service called {@code podseal}. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("service\\.host|service\\.port.*|port|port[.\\[]\\d+.*", Pattern.CASE_INSENSITIVE);

    private static final int UNINDEXED = -1;

    private SettingNames() {}

    static Map<Setting, List<String>> group(Map<String, String> flat) {
        Map<Setting, Map<Integer, String>> indexed = new EnumMap<>(Setting.class);
        flat.forEach((name, value) -> {
            Matcher index = INDEXED.matcher(name);
            boolean isIndexed = index.matches();
            String key = isIndexed ? index.group(1) : name;
            if (!SERVICE_LINK.matcher(name).matches()) {
                Setting setting = setting(key);
                Map<Integer, String> elements = indexed.computeIfAbsent(setting, first -> new TreeMap<>());
                elements.put(isIndexed ? Integer.parseInt(index.group(2)) : UNINDEXED, value);
            }
        });
        Map<Setting, List<String>> grouped = new EnumMap<>(Setting.class);
        indexed.forEach((setting, elements) -> grouped.put(setting, values(setting, elements)));
        return grouped;
    }

    private static List<String> values(Setting setting, Map<Integer, String> elements) {
        if (elements.size() > 1 && elements.containsKey(UNINDEXED)) {
            throw ErrorCode.CONFIGURATION.because(setting.fullName()
                    + " is set as one list and by index; keep one of them, since together they would be a longer list than"
                    + " either says");
        }
        List<String> values = new ArrayList<>();
        elements.forEach((index, value) -> {
            if (setting.kind() == Setting.Kind.LIST && index == UNINDEXED) {
                Arrays.stream(value.split(","))
                        .map(String::strip)
                        .filter(v -> !v.isEmpty())
                        .forEach(values::add);
            } else {
                values.add(value.strip());
            }
        });
        return List.copyOf(values);
    }

    private static Setting setting(String key) {
        String uniform = uniform(key);
        return Arrays.stream(Setting.values())
                .filter(setting -> uniform(setting.key()).equals(uniform))
                .findFirst()
                .orElseThrow(() -> unknown(key, uniform));
    }

    private static PodsealException unknown(String key, String uniform) {
        String name = "podseal." + key;
        if (uniform.startsWith("inline.")) {
            return ErrorCode.CONFIGURATION.because(
                    name + " is not in this release yet: tokens in properties are not opened;"
                            + " remove the setting, and import the values with a location");
        }
        List<String> known = Arrays.stream(Setting.values()).map(Setting::key).toList();
        return ErrorCode.CONFIGURATION.because("there is no setting " + name + "; the nearest is podseal."
                + Nearest.of(key.toLowerCase(Locale.ROOT), known));
    }

    /** Environment variables lose dashes and case. */
    private static String uniform(String key) {
        return key.replace("-", "").toLowerCase(Locale.ROOT);
    }
}
