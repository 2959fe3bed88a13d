// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.PodsealException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The key-encryption keys that an application accepts, by exact URI and in order of preference, each with the client to ask.
 * Clients are handed in: there is no discovery and no global registry. Immutable; as thread-safe as its clients.
 */
public final class Keks implements AutoCloseable {
    private final Map<String, Route> routes;
    private final List<KmsClient> owned;

    private Keks(Map<String, Route> routes, List<KmsClient> owned) {
        this.routes = routes;
        this.owned = owned;
    }

    private record Route(KmsClient client, String askUri) {}

    /** A builder without KEKs and clients. */
    public static Builder builder() {
        return new Builder();
    }

    /** The URIs, the most preferred first. */
    public Set<String> uris() {
        return routes.keySet();
    }

    Aead aead(String uri) throws GeneralSecurityException {
        Route route = Objects.requireNonNull(routes.get(uri), uri);
        return route.client().getAead(route.askUri());
    }

    /** Closes the clients that were handed over for good. Idempotent where they are. */
    @Override
    public void close() {
        owned.forEach(Keks::close);
    }

    private static void close(KmsClient client) {
        if (client instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception nothingLeftToDo) {
                System.getLogger(Keks.class.getName())
                        .log(
                                System.Logger.Level.DEBUG,
                                "closing a {0} failed with {1}",
                                client.getClass().getName(),
                                nothingLeftToDo.getClass().getName());
            }
        }
    }

    @Override
    public String toString() {
        return "Keks" + uris();
    }

    /** Collects KEKs and clients. Not thread-safe. */
    public static final class Builder {
        private final Set<String> uris = new LinkedHashSet<>();
        private final List<KmsClient> clients = new ArrayList<>();
        private final List<KmsClient> owned = new ArrayList<>();
        private final Map<String, Route> exact = new LinkedHashMap<>();

        private Builder() {}

        /** Accepts a KEK, after those accepted before. */
        public Builder kek(String uri) {
            uris.add(uri);
            return this;
        }

        /** Accepts KEKs, in this order. */
        public Builder keks(Collection<String> all) {
            uris.addAll(all);
            return this;
        }

        /** A client for every accepted KEK that it says it supports. */
        public Builder client(KmsClient client) {
            clients.add(client);
            return this;
        }

        /** As {@link #client(KmsClient)}, and it is closed with these KEKs. */
        public Builder ownedClient(KmsClient client) {
            owned.add(client);
            return client(client);
        }

        /**
         * A client for one KEK that is asked under another URI, as a stock Tink client is where our URI has a query.
         *
         * @param uri the KEK as documents and settings name it
         * @param askUri what the client is asked for
         */
        public Builder client(String uri, KmsClient client, String askUri) {
            exact.put(uri, new Route(client, askUri));
            return this;
        }

        /**
         * Pairs every KEK with a client.
         *
         * @throws PodsealException {@code CONFIGURATION} for a malformed URI, or one that no client supports
         */
        public Keks build() {
            Map<String, Route> routes = new LinkedHashMap<>();
            for (String uri : uris) {
                KekUri.requireWellFormed(uri);
                Route route = exact.get(uri);
                routes.put(uri, route != null ? route : supporting(uri));
            }
            return new Keks(Collections.unmodifiableMap(routes), List.copyOf(owned));
        }

        private Route supporting(String uri) {
            return clients.stream()
                    .filter(client -> client.doesSupport(uri))
                    .findFirst()
                    .map(client -> new Route(client, uri))
                    .orElseThrow(() -> KekUri.unserved(uri));
        }
    }
}
