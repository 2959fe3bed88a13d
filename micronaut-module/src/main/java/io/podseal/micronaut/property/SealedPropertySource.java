// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.property;

import io.micronaut.context.env.PropertySource;
import io.micronaut.core.naming.NameUtils;
import io.podseal.ErrorCode;
import io.podseal.OneLine;
import io.podseal.store.Generation;
import io.podseal.store.Location;
import io.podseal.store.PropertyNames;
import io.podseal.store.SecretStore;
import io.podseal.store.Settings;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The properties of one location, as its store has them now. Thread-safe. */
public final class SealedPropertySource implements PropertySource {
    private final Location location;
    private final Set<String> reservedAllowed;
    private final SecretStore store;
    private final int order;

    private volatile Names names;

    /** The property names of a generation, so that reading all of them maps them once. */
    private record Names(long generation, Map<String, String> items) {}

    /**
     * The properties of an open store.
     *
     * @param order among the property sources of the environment; the higher wins
     */
    public SealedPropertySource(Location location, Settings settings, SecretStore store, int order) {
        this.location = location;
        this.reservedAllowed = settings.reservedAllowed();
        this.store = store;
        this.order = order;
        this.names = names(store.current());
    }

    /**
     * Property names to items, checked.
     *
     * @throws io.podseal.PodsealException {@code CONFIGURATION} for a reserved name, two items that become one property,
     *     or a name that Micronaut could never find
     */
    public static Map<String, String> names(Collection<String> items, Location location, Set<String> reservedAllowed) {
        Map<String, String> names = PropertyNames.map(items, location.prefix(), reservedAllowed, NameUtils::hyphenate);
        for (String name : names.keySet()) {
            char first = name.charAt(0);
            if (!(first >= 'a' && first <= 'z') && !(first >= 'A' && first <= 'Z')) {
                throw ErrorCode.CONFIGURATION.because(
                        OneLine.of("item '" + names.get(name) + "' would become the property " + name)
                                + ", and Micronaut finds no property whose name does not begin with a letter; import it under a"
                                + " prefix (?prefix=db.), or leave it out with ?exclude=");
            }
        }
        return names;
    }

    @Override
    public String getName() {
        return location.toString();
    }

    @Override
    public @Nullable Object get(String key) {
        Generation now = store.current();
        String item = namesOf(now).get(key);
        return item == null ? null : new SealedProperty(key, store, item, now.number());
    }

    @Override
    public Iterator<String> iterator() {
        return namesOf(store.current()).keySet().iterator();
    }

    private Map<String, String> namesOf(Generation generation) {
        Names known = names;
        if (known.generation() != generation.number()) {
            known = names(generation);
            names = known;
        }
        return known.items();
    }

    private Names names(Generation generation) {
        return new Names(generation.number(), names(generation.names(), location, reservedAllowed));
    }

    @Override
    public int getOrder() {
        return order;
    }

    /** The location; never a value. */
    @Override
    public String toString() {
        return "SealedPropertySource[" + location + "]";
    }
}
