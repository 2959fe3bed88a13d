// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.ErrorCode;
import io.podseal.OneLine;
import io.podseal.PodsealException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** From the items of a generation to the properties of a framework: {@code <prefix><item>}, taken as they are. */
public final class PropertyNames {
    private static final Set<String> RESERVED_ROOTS =
            Set.of("spring", "logging", "management", "server", "podseal", "micronaut", "endpoints", "logger");

    private PropertyNames() {}

    /**
     * Maps properties to items.
     *
     * @param items the item names of one generation
     * @param prefix the import's prefix, empty for none
     * @param reservedAllowed names that an import without a prefix may set although they are reserved
     * @param normalise the framework's own normal form of a property name
     * @return item names by property name, sorted
     * @throws PodsealException {@code CONFIGURATION} where an import without a prefix would set a reserved name, or two
     *     items become one property
     */
    public static Map<String, String> map(
            Collection<String> items, String prefix, Set<String> reservedAllowed, UnaryOperator<String> normalise) {
        Map<String, String> properties = new TreeMap<>();
        Map<String, String> byNormalForm = new HashMap<>();
        for (String item : new TreeSet<>(items)) {
            String property = prefix + item;
            String normal = normalise.apply(property);
            if (prefix.isEmpty() && isReserved(normal) && !reservedAllowed.contains(item)) {
                throw ErrorCode.CONFIGURATION.because(
                        OneLine.of("item '" + item + "' would set the application's own " + normal)
                                + "; import it under a prefix (?prefix=db.), or name it in podseal.reserved.allow");
            }
            String other = byNormalForm.put(normal, item);
            if (other != null) {
                throw ErrorCode.CONFIGURATION.because(
                        OneLine.of("items '" + other + "' and '" + item + "' both become the property " + normal)
                                + "; rename one, or leave it out with ?exclude=");
            }
            properties.put(property, item);
        }
        return Collections.unmodifiableMap(properties);
    }

    private static boolean isReserved(String normal) {
        int end = 0;
        while (end < normal.length() && normal.charAt(end) != '.' && normal.charAt(end) != '[') {
            end++;
        }
        return RESERVED_ROOTS.contains(normal.substring(0, end));
    }
}
