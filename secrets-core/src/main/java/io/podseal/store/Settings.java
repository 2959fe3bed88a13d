// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import io.podseal.keyset.ConscryptInstaller;
import io.podseal.keyset.KekUri;
import io.podseal.keyset.Keks;
import io.podseal.keyset.LocalKms;
import io.podseal.keyset.PodIdentity;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The application's own settings, checked as a whole: what frameworks bind from their configuration, and how a store is built
 * from it. Immutable and thread-safe.
 */
public final class Settings {
    private static final String TINK_CONTEXT = "?context=tink";
    private static final Pattern PROXY = Pattern.compile("http://([-.A-Za-z0-9]+|\\[[:.0-9A-Fa-f]+]):([0-9]{1,5})");
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final Map<Setting, List<String>> values;
    private final Function<String, Duration> durations;
    private final ClassLoader loader;

    private Settings(Map<Setting, List<String>> values, Function<String, Duration> durations, ClassLoader loader) {
        this.values = values;
        this.durations = durations;
        this.loader = loader;
    }

    /**
     * Checks every setting.
     *
     * @param flat all properties below {@code podseal.}, without that prefix, in the framework's flat form: lists as
     *     {@code keks[0]} or split at commas
     * @param durations the framework's own notation of durations; throws what it likes for a wrong one
     * @param loader for {@code podseal.kms.clients} and {@code classpath:}
     * @throws PodsealException {@code CONFIGURATION} for an unknown name or a wrong value
     */
    public static Settings of(Map<String, String> flat, Function<String, Duration> durations, ClassLoader loader) {
        Settings settings = new Settings(SettingNames.group(flat), durations, loader);
        settings.check();
        return settings;
    }

    private void check() {
        for (Setting setting : values.keySet()) {
            switch (setting.kind()) {
                case STRING -> text(setting);
                case LIST -> list(setting);
                case BOOLEAN -> oneOf(setting, "true", "false");
                case DURATION -> duration(setting);
                case ACCEPT -> oneOf(setting, "any", "symmetric");
                case ON_DELETE -> oneOf(setting, "keep", "fail");
                case SPEL -> oneOf(setting, "refuse", "allow");
            }
        }
    }

    /** {@code podseal.enabled}. */
    public boolean enabled() {
        return is(Setting.ENABLED, "true");
    }

    /** {@code podseal.sanitize}. */
    public boolean sanitize() {
        return is(Setting.SANITIZE, "true");
    }

    /** Whether {@code podseal.values.spel} lets values with <code>#{</code> pass. */
    public boolean allowsSpel() {
        return is(Setting.VALUES_SPEL, "allow");
    }

    /** {@code podseal.reserved.allow}. */
    public Set<String> reservedAllowed() {
        return Set.copyOf(list(Setting.RESERVED_ALLOW));
    }

    /** {@code podseal.import}. */
    public List<String> imports() {
        return list(Setting.IMPORT);
    }

    /** The value of a setting, or its default; empty where there is neither. */
    public Optional<String> find(Setting setting) {
        return values.containsKey(setting) || setting.defaultValue() != null
                ? Optional.of(text(setting))
                : Optional.empty();
    }

    /** The value of a setting that is a path. */
    public Optional<Path> findPath(Setting setting) {
        try {
            return find(setting).map(Path::of);
        } catch (InvalidPathException e) {
            throw wrong(setting, "must be a path: " + e.getReason());
        }
    }

    /** The HTTP proxy, unresolved, that a setting names as {@code http://<host>:<port>}. */
    public Optional<InetSocketAddress> findProxy(Setting setting) {
        return find(setting).map(url -> {
            Matcher proxy = PROXY.matcher(url);
            int port = proxy.matches() ? Integer.parseInt(proxy.group(2)) : 0;
            if (port < 1 || port > 0xffff) {
                // not shown, since somebody may have put a password into it
                throw wrong(setting, "must be an HTTP proxy without credentials, for example " + setting.example());
            }
            return InetSocketAddress.createUnresolved(proxy.group(1), port);
        });
    }

    /** The value of a setting that is a duration. */
    public Duration duration(Setting setting) {
        String text = text(setting);
        Duration duration;
        try {
            duration = durations.apply(text);
        } catch (RuntimeException notADuration) {
            throw wrong(setting, "must be a duration, for example " + setting.example());
        }
        if (duration.isNegative()) {
            throw wrong(setting, "must not be negative");
        }
        return duration;
    }

    /** The value of a setting that says how long to wait at most: a duration that every clock can count. */
    public Duration timeout(Setting setting) {
        Duration timeout = duration(setting);
        if (timeout.compareTo(SHORTEST_WAIT) < 0 || timeout.compareTo(LONGEST_WAIT) > 0) {
            throw wrong(setting, "must be between a millisecond and a day, for example " + setting.example());
        }
        return timeout;
    }

    /**
     * A builder for the store of a location, with every setting applied.
     *
     * @param objects what reads Kubernetes objects, or null where {@code podseal-k8s} is not there
     * @throws PodsealException {@code CONFIGURATION} where a setting needs what is not there
     */
    public SecretStoreBuilder store(Location location, @Nullable ObjectSources objects) {
        if (objects == null) {
            refuseWhatNeedsAnApiServer();
        }
        if (is(Setting.CONSCRYPT_INSTALL, "true")) {
            ConscryptInstaller.install();
        }
        Keks keks = keks();
        SecretStoreBuilder builder = SecretStore.of(location.valueSource(objects))
                .identity(identity())
                .keks(keks)
                .closes(keks)
                .pins(list(Setting.KEYSET_PINS))
                .acceptSymmetricOnly(is(Setting.ACCEPT, "symmetric"))
                .requireItemBound(is(Setting.REQUIRE_ITEM_BOUND, "true"))
                .retainKeyset(is(Setting.KEYSET_RETAIN, "true"))
                .kmsDeadline(duration(Setting.KMS_DEADLINE))
                .refresh(refresh())
                .only(location.only())
                .exclude(location.exclude());
        List<Location> keysets = location.keysets().isEmpty()
                ? list(Setting.KEYSETS).stream().map(Location::ofKeysets).toList()
                : location.keysets();
        keysets.forEach(documents -> builder.keysets(documents.keysetSource(objects, loader)));
        return builder;
    }

    /** Whoever set it would believe that it holds; the token file says who this process is, too. */
    private void refuseWhatNeedsAnApiServer() {
        for (Setting setting : values.keySet()) {
            if (setting.key().startsWith("kubernetes.") && setting != Setting.KUBERNETES_TOKEN_FILE) {
                throw wrong(setting, "needs io.podseal:podseal-k8s on the class path; add it, or remove the setting");
            }
        }
    }

    /**
     * Who this process runs as.
     *
     * @throws PodsealException {@code CONFIGURATION} where nothing says it, two sources disagree, or it is an account that
     *     is not allowed
     */
    public ServiceAccount identity() {
        PodIdentity pod = PodIdentity.ofThisProcess();
        return findPath(Setting.KUBERNETES_TOKEN_FILE)
                .map(pod::withTokenFile)
                .orElse(pod)
                .resolve(
                        values.containsKey(Setting.IDENTITY) ? text(Setting.IDENTITY) : null,
                        text(Setting.TRUST_DOMAIN),
                        is(Setting.ALLOW_DEFAULT_ACCOUNT, "true"));
    }

    private RefreshPolicy refresh() {
        return new RefreshPolicy(
                is(Setting.REFRESH_ENABLED, "true"),
                duration(Setting.REFRESH_POLL_INTERVAL),
                duration(Setting.REFRESH_MIN_INTERVAL),
                duration(Setting.REFRESH_MAX_STALENESS),
                is(Setting.REFRESH_ON_DELETE, "fail") ? RefreshPolicy.OnDelete.FAIL : RefreshPolicy.OnDelete.KEEP);
    }

    /**
     * The KEKs of {@code podseal.keks}, each with its client: one of {@code podseal.kms.clients}, else the one that our own
     * artifact for its scheme brings, made from {@code podseal.kms.<provider>.*}. Whoever asks closes them.
     *
     * @throws PodsealException {@code CONFIGURATION} for a malformed URI, or one that no client on the class path supports
     */
    public Keks keks() {
        List<String> uris = list(Setting.KEKS);
        Keks.Builder keks = Keks.builder().keks(uris);
        for (String className : list(Setting.KMS_CLIENTS)) {
            KmsClient client = KmsClients.supplied(className, loader);
            keks.ownedClient(client);
            // A stock Tink client does not know our query, which only says how it binds a keyset.
            uris.stream().filter(uri -> uri.endsWith(TINK_CONTEXT)).forEach(uri -> {
                String askUri = uri.substring(0, uri.length() - TINK_CONTEXT.length());
                if (client.doesSupport(askUri)) {
                    keks.client(uri, client, askUri);
                }
            });
        }
        keks.client(is(Setting.LOCAL_ALLOW_IN_CLUSTER, "true") ? LocalKms.allowedInCluster() : LocalKms.create());
        uris.stream()
                .flatMap(uri -> KekUri.of(uri).stream())
                .filter(kind -> kind != KekUri.LOCAL)
                .distinct()
                .flatMap(kind -> KmsClients.adapter(kind, this, loader).stream())
                .forEach(keks::ownedClient);
        return keks.build();
    }

    private boolean is(Setting setting, String value) {
        return text(setting).equals(value);
    }

    private void oneOf(Setting setting, String... words) {
        String text = text(setting);
        if (!Arrays.asList(words).contains(text)) {
            throw wrong(
                    setting,
                    "must be one of " + String.join(", ", words) + "; the nearest is "
                            + Nearest.of(text.toLowerCase(Locale.ROOT), Arrays.asList(words)));
        }
    }

    private String text(Setting setting) {
        List<String> all = values.get(setting);
        if (all == null) {
            return String.valueOf(setting.defaultValue());
        }
        if (all.size() != 1 || all.get(0).isBlank()) {
            throw wrong(setting, "takes exactly one value, for example " + setting.example());
        }
        return all.get(0).strip();
    }

    private List<String> list(Setting setting) {
        List<String> all = values.getOrDefault(setting, List.of());
        if (all.stream().anyMatch(String::isBlank)) {
            throw wrong(setting, "has an empty element");
        }
        return all;
    }

    private static PodsealException wrong(Setting setting, String what) {
        return ErrorCode.CONFIGURATION.because(setting.fullName() + " " + what);
    }

    /** Which settings are set; never their values. */
    @Override
    public String toString() {
        return "Settings" + values.keySet();
    }
}
