// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.source;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.EnvironmentPropertySource;
import io.micronaut.context.env.PropertySource;
import io.podseal.micronaut.property.SealedPropertySource;
import io.podseal.store.Location;
import io.podseal.store.ObjectSources;
import io.podseal.store.SecretStore;
import io.podseal.store.SecretStoreBuilder;
import io.podseal.store.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The open stores of one application context. They outlive a refresh of its environment, which asks for the property sources
 * anew, and are closed with the context. Thread-safe.
 */
public final class Imports implements AutoCloseable {
    private static final String OPTIONAL = "optional:";
    /** Above all of the application's files, below environment variables and system properties; a later import wins. */
    private static final int LAST_ORDER = EnvironmentPropertySource.POSITION - 1;

    private static final int FIRST_ORDER = LAST_ORDER - 48;
    private static final String ATTRIBUTE = Imports.class.getName();

    private final Map<String, SecretStore> stores = new LinkedHashMap<>();
    private final ApplicationContext application;
    private final Set<String> readableSources;
    private final boolean enabled;
    /** Of the start, as the stores are; null until then, and where {@code podseal-k8s} is not there. */
    private @Nullable ObjectSources objects;

    /**
     * None yet.
     *
     * @param readableSources the names of the property sources in which settings were looked for
     */
    Imports(ApplicationContext application, Set<String> readableSources, boolean enabled) {
        this.application = application;
        this.readableSources = readableSources;
        this.enabled = enabled;
    }

    /** Whether {@code podseal.enabled} let anything happen. */
    boolean enabled() {
        return enabled;
    }

    /** What belongs to that context, made at its start; kept in its attributes because it has no beans yet. */
    static Imports of(ApplicationContext application, Supplier<Imports> fresh) {
        return find(application).orElseGet(() -> {
            Imports imports = fresh.get();
            application.setAttribute(ATTRIBUTE, imports);
            return imports;
        });
    }

    static Optional<Imports> find(ApplicationContext application) {
        return application.getAttribute(ATTRIBUTE, Imports.class);
    }

    /** The open stores of that context by location, as they are now. */
    public static Map<String, SecretStore> storesOf(ApplicationContext application) {
        return find(application).map(Imports::stores).orElse(Map.of());
    }

    private synchronized Map<String, SecretStore> stores() {
        return new LinkedHashMap<>(stores);
    }

    boolean couldRead(PropertySource source) {
        return readableSources.contains(source.getName()) || source instanceof SealedPropertySource;
    }

    synchronized List<PropertySource> sources(Settings settings) {
        boolean starting = stores.isEmpty();
        if (starting) {
            objects = KubernetesObjects.of(settings);
        }
        try {
            return open(settings);
        } catch (RuntimeException refused) {
            if (starting) {
                close(); // nobody else will: the context does not come to be
            }
            throw refused;
        }
    }

    private List<PropertySource> open(Settings settings) {
        List<PropertySource> sources = new ArrayList<>();
        int order = LAST_ORDER - settings.imports().size();
        for (String text : settings.imports()) {
            order++;
            int position = Math.max(order, FIRST_ORDER);
            boolean optional = text.startsWith(OPTIONAL);
            Location location = Location.ofValues(optional ? text.substring(OPTIONAL.length()) : text);
            store(location, optional, settings)
                    .ifPresent(store -> sources.add(new SealedPropertySource(location, settings, store, position)));
        }
        return sources;
    }

    private Optional<SecretStore> store(Location location, boolean optional, Settings settings) {
        SecretStore known = stores.get(location.toString());
        if (known != null) {
            known.refresh();
            return Optional.of(known);
        }
        Set<String> reservedAllowed = settings.reservedAllowed();
        SecretStoreBuilder builder = settings.store(location, objects)
                .nameCheck(items -> SealedPropertySource.names(items, location, reservedAllowed));
        Optional<SecretStore> opened = optional ? builder.openIfPresent() : Optional.of(builder.open());
        opened.ifPresent(store -> {
            store.subscribe(new ConversionCache(application.getEnvironment()));
            stores.put(location.toString(), store);
        });
        return opened;
    }

    /** Closes the stores; their values stay readable. */
    @Override
    public synchronized void close() {
        stores.values().forEach(SecretStore::close);
        stores.clear();
    }
}
