// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.net.URLDecoder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where values or keyset documents come from, as an application writes it: {@code <scheme>:<target>?<parameters>}, with or
 * without {@code podseal:} in front. Immutable.
 */
public final class Location {
    private static final String PREFIX = "podseal:";
    /** A namespace, perhaps, and the name of an object. */
    private static final Pattern OBJECT =
            Pattern.compile("([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/)?[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");

    private static final Set<String> REPEATED = Set.of("only", "exclude", "keysets");
    private static final Set<String> ONCE = Set.of("prefix", "secret", "key", "name");

    private final String text;
    private final Scheme scheme;
    private final String target;
    private final Map<String, List<String>> parameters;
    private final List<Location> keysets;

    private Location(String text, Scheme scheme, String target, Map<String, List<String>> parameters) {
        this.text = text;
        this.scheme = scheme;
        this.target = target;
        this.parameters = parameters;
        this.keysets = parameters.getOrDefault("keysets", List.of()).stream()
                .map(Location::ofKeysets)
                .toList();
    }

    private enum Scheme {
        MOUNT(true, "prefix secret"),
        FILE(true, "prefix secret key"),
        ENV(true, "prefix secret key"),
        MANIFEST(true, "prefix secret name"),
        SECRET(true, "prefix secret"),
        CLASSPATH(false, ""),
        CONFIGMAP(false, "");

        private final boolean values;
        /** The parameters that stand once, beside those that every location of values takes. */
        private final String once;

        Scheme(boolean values, String once) {
            this.values = values;
            this.once = once;
        }

        /** Whether the API server is asked for it. */
        private boolean ofCluster() {
            return this == SECRET || this == CONFIGMAP;
        }

        private boolean takes(String parameter) {
            return REPEATED.contains(parameter) || List.of(once.split(" ")).contains(parameter);
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Parses the location of values.
     *
     * @throws PodsealException {@code CONFIGURATION} for an unknown scheme, an empty target or a wrong parameter
     */
    public static Location ofValues(String text) {
        return parse(text, true);
    }

    /**
     * Parses the location of keyset documents; it takes no parameters.
     *
     * @throws PodsealException {@code CONFIGURATION}
     */
    public static Location ofKeysets(String text) {
        return parse(text, false);
    }

    private static Location parse(String text, boolean values) {
        String bare = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
        int colon = bare.indexOf(':');
        int query = bare.indexOf('?');
        String word = colon < 0 ? bare : bare.substring(0, colon);
        Scheme scheme = scheme(text, word, values);
        String target = bare.substring(colon + 1, query < 0 ? bare.length() : query);
        while (target.length() > 1 && target.endsWith("/")) {
            target = target.substring(0, target.length() - 1);
        }
        if (colon < 0 || target.isEmpty()) {
            throw ErrorCode.CONFIGURATION.because("location '" + text + "' names nothing behind " + word + ":");
        }
        if (scheme.ofCluster() && !OBJECT.matcher(target).matches()) {
            throw ErrorCode.CONFIGURATION.because("location '" + text + "' must name one object: " + word
                    + ":<name> or " + word + ":<namespace>/<name>, as Kubernetes spells them");
        }
        Map<String, List<String>> parameters = query < 0 ? Map.of() : parameters(text, bare.substring(query + 1));
        for (String name : parameters.keySet()) {
            if (!values || !scheme.takes(name)) {
                throw ErrorCode.CONFIGURATION.because(
                        "location '" + text + "': " + word + ": takes no parameter " + name);
            }
        }
        return new Location(text, scheme, target, parameters);
    }

    private static Scheme scheme(String text, String word, boolean values) {
        List<String> words = new ArrayList<>();
        for (Scheme scheme : Scheme.values()) {
            boolean documents = scheme != Scheme.ENV && scheme != Scheme.MANIFEST;
            if (values ? scheme.values : documents) {
                if (scheme.word().equals(word)) {
                    return scheme;
                }
                words.add(scheme.word());
            }
        }
        throw ErrorCode.CONFIGURATION.because("location '" + text + "' has an unknown scheme; the nearest is "
                + Nearest.of(word.toLowerCase(Locale.ROOT), words) + ": (there are " + String.join(", ", words) + ")");
    }

    private static Map<String, List<String>> parameters(String text, String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!REPEATED.contains(name) && !ONCE.contains(name)) {
                List<String> known = new ArrayList<>(REPEATED);
                known.addAll(ONCE);
                throw ErrorCode.CONFIGURATION.because("location '" + text
                        + "' has an unknown parameter; the nearest is " + Nearest.of(name, known) + "=");
            }
            List<String> values = parameters.computeIfAbsent(name, first -> new ArrayList<>());
            String value = equals < 0 ? "" : decode(text, pair.substring(equals + 1));
            boolean empty = equals < 0 || (value.isEmpty() && !name.equals("prefix"));
            if (empty || (ONCE.contains(name) && !values.isEmpty())) {
                throw ErrorCode.CONFIGURATION.because(
                        "location '" + text + "': " + name + (empty ? " needs a value" : " stands twice"));
            }
            values.add(value);
        }
        return parameters;
    }

    private static String decode(String text, String value) {
        try {
            String decoded = URLDecoder.decode(value.replace("+", "%2B"), UTF_8);
            if (decoded.indexOf('\uFFFD') < 0) { // what the decoder makes of bytes that are not UTF-8
                return decoded;
            }
        } catch (IllegalArgumentException notHexadecimal) {
            // refused below
        }
        throw ErrorCode.CONFIGURATION.because("location '" + text + "' has a malformed percent escape");
    }

    private Path path() {
        try {
            return Path.of(target);
        } catch (InvalidPathException e) {
            throw ErrorCode.CONFIGURATION.because("location '" + text + "' names no path: " + e.getReason());
        }
    }

    /** What stands in front of every property of this location; empty by default. */
    public String prefix() {
        return Objects.requireNonNullElse(parameter("prefix"), "");
    }

    /** The globs of {@code only}. */
    public List<String> only() {
        return parameters.getOrDefault("only", List.of());
    }

    /** The globs of {@code exclude}. */
    public List<String> exclude() {
        return parameters.getOrDefault("exclude", List.of());
    }

    /** The keyset locations of this location alone; empty where the common ones hold. */
    public List<Location> keysets() {
        return keysets;
    }

    /**
     * The carrier of values at this location.
     *
     * @param objects what reads Kubernetes objects, or null where that is not there
     * @throws PodsealException {@code CONFIGURATION} where it needs an artifact that is not there
     */
    public SecretSource valueSource(@Nullable ObjectSources objects) {
        String secret = parameter("secret");
        return switch (scheme) {
            case MOUNT -> SecretSource.mount(path(), secret);
            case FILE -> SecretSource.file(path(), secret, parameter("key"));
            case ENV -> SecretSource.environment(target, secret, parameter("key"));
            case MANIFEST -> present(objects).manifest(path(), parameter("name"), secret);
            case SECRET -> present(objects).secret(namespace(), objectName(), secret);
            case CONFIGMAP, CLASSPATH -> throw new IllegalStateException(text);
        };
    }

    /**
     * The carrier of keyset documents at this location; of a mount only its {@code *.keyset.json} items.
     *
     * @param objects what reads Kubernetes objects, or null where that is not there
     * @throws PodsealException {@code CONFIGURATION} where it needs an artifact that is not there
     */
    public SecretSource keysetSource(@Nullable ObjectSources objects, ClassLoader loader) {
        return switch (scheme) {
            case MOUNT -> new MountSource(path(), null, true);
            case FILE -> SecretSource.file(path(), null, null);
            case CLASSPATH -> SecretSource.classpath(target, loader);
            case SECRET -> present(objects).keysetsOfSecret(namespace(), objectName());
            case CONFIGMAP -> present(objects).keysetsOfConfigMap(namespace(), objectName());
            case ENV, MANIFEST -> throw new IllegalStateException(text);
        };
    }

    private ObjectSources present(@Nullable ObjectSources objects) {
        if (objects == null) {
            throw ErrorCode.CONFIGURATION.because("location '" + text + "': " + scheme.word()
                    + ": needs io.podseal:podseal-k8s on the class path; add it, or mount the object as a volume and write"
                    + " mount:<directory>");
        }
        return objects;
    }

    private @Nullable String namespace() {
        return target.contains("/") ? target.substring(0, target.indexOf('/')) : null;
    }

    private String objectName() {
        return target.substring(target.indexOf('/') + 1);
    }

    private @Nullable String parameter(String name) {
        List<String> values = parameters.get(name);
        return values == null ? null : values.get(0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Location that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The location as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
