// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.property;

import io.podseal.PodsealException;
import io.podseal.SecretValue;
import io.podseal.store.Generation;
import io.podseal.store.Location;
import io.podseal.store.ObjectSources;
import io.podseal.store.PropertyNames;
import io.podseal.store.SecretStore;
import io.podseal.store.SecretStoreBuilder;
import io.podseal.store.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * The values of one imported location as properties. They are read live: each lookup decrypts the value of the store's
 * current generation, and nothing keeps it here. Beans keep what they were given. The store travels inside, so this is also
 * how the application context finds and closes it. Thread-safe.
 */
public final class PodsealPropertySource extends EnumerablePropertySource<SecretStore>
        implements OriginLookup<String>, AutoCloseable {
    private final String prefix;
    private final SpringSettings settings;
    private final Generation atStart;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private volatile View view;

    /** The item of each property, in one generation. Boot asks for the names at every lookup. */
    private static final class View {
        private final Generation generation;
        private final Map<String, String> items;
        private final String[] properties;

        View(Generation generation, Map<String, String> items) {
            this.generation = generation;
            this.items = items;
            this.properties = items.keySet().toArray(String[]::new);
        }
    }

    private PodsealPropertySource(String name, SecretStore store, String prefix, SpringSettings settings) {
        super(name, store);
        this.prefix = prefix;
        this.settings = settings;
        this.atStart = store.current();
        this.view = viewOf(atStart);
    }

    /**
     * Opens a location.
     *
     * @param objects what reads Kubernetes objects, or null where {@code podseal-k8s} is not there
     * @param optional whether its absence is forgiven: one that may appear later begins without properties
     * @return empty where it is absent, and stays so
     * @throws PodsealException what refused it
     */
    public static Optional<PodsealPropertySource> open(
            String name,
            Location location,
            SpringSettings settings,
            @Nullable ObjectSources objects,
            boolean optional) {
        String prefix = location.prefix();
        Settings checked = settings.settings();
        SecretStoreBuilder builder = checked.store(location, objects)
                .nameCheck(items -> items(items, prefix, checked))
                .valueCheck((item, value) -> PropertyText.check(value, checked.allowsSpel()));
        Optional<SecretStore> store = optional ? builder.openIfPresent() : Optional.of(builder.open());
        return store.map(opened -> new PodsealPropertySource(name, opened, prefix, settings));
    }

    /** The sources of an environment, in its order. */
    public static List<PodsealPropertySource> in(ConfigurableEnvironment environment) {
        return environment.getPropertySources().stream()
                .filter(PodsealPropertySource.class::isInstance)
                .map(PodsealPropertySource.class::cast)
                .toList();
    }

    private static Map<String, String> items(Set<String> items, String prefix, Settings settings) {
        return PropertyNames.map(items, prefix, settings.reservedAllowed(), RelaxedName::of);
    }

    private View viewOf(Generation generation) {
        return new View(generation, items(generation.names(), prefix, settings.settings()));
    }

    private View view() {
        View now = view;
        Generation current;
        try {
            current = getSource().current();
        } catch (PodsealException.Source withdrawn) {
            return now; // Spring asks every source for every name: only reading a value may fail
        }
        if (now.generation != current) {
            now = viewOf(current);
            view = now;
        }
        return now;
    }

    @Override
    public String[] getPropertyNames() {
        return view().properties.clone();
    }

    @Override
    public boolean containsProperty(String name) {
        return view().items.containsKey(name);
    }

    /** @throws PodsealException {@code SOURCE_MISSING} where the source was deleted and the settings say {@code fail} */
    @Override
    public @Nullable Object getProperty(String name) {
        String item = view().items.get(name);
        if (item == null) {
            return null;
        }
        try (SecretValue value = getSource().current().get(item)) {
            return value == null ? null : PropertyText.of(value);
        }
    }

    @Override
    public @Nullable Origin getOrigin(String name) {
        String item = view().items.get(name);
        return item == null ? null : new SealedOrigin(item, getName());
    }

    /** The settings that the store was opened with. */
    public SpringSettings settings() {
        return settings;
    }

    /** True for the first caller: the application context that closes this. Contexts below it see the same source. */
    public boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** The generations whose values may be in use: beans hold those of the start, the environment gives the current ones. */
    Set<Generation> generationsInUse() {
        Generation current = view.generation;
        return current == atStart ? Set.of(atStart) : Set.of(atStart, current);
    }

    /** Ends the store's watches and timers; its last values stay readable. */
    @Override
    public void close() {
        getSource().close();
    }

    @Override
    public String toString() {
        return "PodsealPropertySource[" + getName() + ", " + getSource() + "]";
    }
}
