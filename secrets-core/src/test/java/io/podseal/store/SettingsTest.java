// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.SOURCE_MISSING;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.KmsClient;
import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.LocalKms;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.FakeKms;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every setting: its default, what it does to a store, and which values are wrong. */
final class SettingsTest {
    private static final FakeKms OURS = new FakeKms("fake-kms://ours");

    @TempDir
    Path temp;

    /** A client of the application's own. */
    public static final class OurClient implements Supplier<KmsClient> {
        @Override
        public KmsClient get() {
            return OURS;
        }
    }

    /** One that cannot be made. */
    public static final class BrokenClient implements Supplier<KmsClient> {
        @Override
        public KmsClient get() {
            throw new IllegalStateException("hunter2");
        }
    }

    /** One that is hidden. */
    static final class HiddenClient implements Supplier<KmsClient> {
        @Override
        public KmsClient get() {
            return OURS;
        }
    }

    /** Seconds and minutes, as frameworks write them. */
    private static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }

    private static Settings settings(String... namesAndValues) {
        Map<String, String> flat = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            flat.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Settings.of(flat, SettingsTest::duration, SettingsTest.class.getClassLoader());
    }

    private static String refused(String... namesAndValues) {
        return Refusal.of(CONFIGURATION, () -> settings(namesAndValues)).detail();
    }

    private static SecretStoreBuilder builder(String... namesAndValues) {
        String[] withIdentity = Arrays.copyOf(namesAndValues, namesAndValues.length + 2);
        withIdentity[namesAndValues.length] = "identity";
        withIdentity[namesAndValues.length + 1] = "payments/api";
        return settings(withIdentity).store(Location.ofValues("podseal:mount:/x"), null);
    }

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        Settings none = settings();
        assertThat(none.enabled()).isTrue();
        assertThat(none.sanitize()).isTrue();
        assertThat(none.allowsSpel()).isFalse();
        assertThat(none.reservedAllowed()).isEmpty();
        assertThat(none.imports()).isEmpty();
        SecretStoreBuilder store = builder();
        assertThat(store.identity().trustDomain()).isEqualTo("cluster.local");
        assertThat(store.keks.uris()).isEmpty();
        assertThat(store.pins).isEmpty();
        assertThat(store.keysetSources).isEmpty();
        assertThat(store.symmetricOnly).isFalse();
        assertThat(store.requireItemBound).isFalse();
        assertThat(store.retainKeyset).isFalse();
        assertThat(store.kmsDeadline).isEqualTo(Duration.ofSeconds(30));
        assertThat(store.refresh).isEqualTo(RefreshPolicy.DEFAULT);
        assertThat(RefreshPolicy.DEFAULT)
                .isEqualTo(new RefreshPolicy(
                        true,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(10),
                        RefreshPolicy.OnDelete.KEEP));
    }

    @Test
    void everySettingReachesTheStore() {
        Settings switches = settings(
                "enabled", "false",
                "sanitize", "false",
                "values.spel", "allow",
                "reserved.allow", "spring.datasource.password",
                "import[0]", "mount:/x");
        assertThat(switches.enabled()).isFalse();
        assertThat(switches.sanitize()).isFalse();
        assertThat(switches.allowsSpel()).isTrue();
        assertThat(switches.reservedAllowed()).containsExactly("spring.datasource.password");
        assertThat(switches.imports()).containsExactly("mount:/x");
        SecretStoreBuilder store = builder(
                "trust-domain", "prod.example.com",
                "allow-default-account", "true",
                "keks", "local-kms:/a, local-kms:/b",
                "keysets[0]", "file:/keys/a.keyset.json",
                "keyset-pins", "sha256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
                "accept", "symmetric",
                "require-item-bound", "true",
                "keyset.retain", "true",
                "kms.deadline", "5s",
                "kms.local.allow-in-cluster", "true",
                "refresh.enabled", "false",
                "refresh.poll-interval", "1s",
                "refresh.min-interval", "2s",
                "refresh.max-staleness", "3s",
                "refresh.on-delete", "fail");
        assertThat(store.identity()).hasToString("spiffe://prod.example.com/ns/payments/sa/api");
        assertThat(store.keks.uris()).containsExactly("local-kms:/a", "local-kms:/b");
        assertThat(store.keysetSources).hasToString("[file /keys/a.keyset.json]");
        assertThat(store.pins).containsExactly("sha256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
        assertThat(store.symmetricOnly).isTrue();
        assertThat(store.requireItemBound).isTrue();
        assertThat(store.retainKeyset).isTrue();
        assertThat(store.kmsDeadline).isEqualTo(Duration.ofSeconds(5));
        assertThat(store.refresh)
                .isEqualTo(new RefreshPolicy(
                        false,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        RefreshPolicy.OnDelete.FAIL));
    }

    @Test
    void locationAddsItsGlobsAndReplacesTheKeysets() {
        Settings settings = settings("identity", "payments/api", "keysets", "file:/common.json");
        SecretStoreBuilder common = settings.store(Location.ofValues("mount:/x?only=a&only=b&exclude=c"), null);
        assertThat(common.only).containsExactly("a", "b");
        assertThat(common.exclude).containsExactly("c");
        assertThat(common.keysetSources).hasToString("[file /common.json]");
        SecretStoreBuilder own = settings.store(Location.ofValues("mount:/x?keysets=file:/own.json"), null);
        assertThat(own.keysetSources).hasToString("[file /own.json]");
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everySettingSaysWhatItIsAndItsExampleIsAccepted(Setting setting) {
        assertThat(setting.fullName()).isEqualTo("podseal." + setting.key());
        assertThat(setting.description()).endsWith(".");
        settings(setting.key(), setting.example());
        if (setting.defaultValue() != null) {
            settings(setting.key(), setting.defaultValue());
            assertThat(setting.example()).as("shows something").isNotEqualTo(setting.defaultValue());
        }
    }

    @Test
    void listSetAsAWholeAndByIndexIsRefused() {
        assertThat(refused("keks", "local-kms:/a", "keks[0]", "local-kms:/b")).contains("podseal.keks", "keep one");
    }

    static Stream<String> settingsWithOneValue() {
        return Arrays.stream(Setting.values())
                .filter(setting -> setting.kind() != Setting.Kind.LIST)
                .map(Setting::key);
    }

    @ParameterizedTest
    @MethodSource("settingsWithOneValue")
    void blankOrRepeatedValueIsRefused(String name) {
        assertThat(refused(name, " ")).startsWith("podseal." + name).contains("exactly one value");
        String example = Arrays.stream(Setting.values())
                .filter(setting -> setting.key().equals(name))
                .findFirst()
                .orElseThrow()
                .example();
        assertThat(refused(name + "[0]", example, name + "[1]", example)).contains("exactly one value");
    }

    @ParameterizedTest
    @CsvSource({
        "enabled, yes",
        "enabled, TRUE",
        "accept, symetric",
        "accept, hybrid",
        "refresh.on-delete, KEEP",
        "values.spel, deny",
        "refresh.poll-interval, often",
        "refresh.poll-interval, 60",
        "kms.deadline, -5s"
    })
    void wrongValueNamesTheSettingAndNeverItself(String name, String value) {
        assertThat(refused(name, value))
                .startsWith("podseal." + name + " must ")
                .doesNotContain("'" + value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example.com:3128",
                "http://proxy.example.com",
                "https://proxy.example.com:3128",
                "http://proxy.example.com:3128/",
                "http://proxy.example.com:0",
                "http://proxy.example.com:65536",
                "http://user:canary@proxy.example.com:3128",
                "http://:3128"
            })
    void malformedProxyIsRefusedAndNeverShown(String value) {
        Settings settings = settings("kms.gcp.proxy", value);
        assertThat(Refusal.of(CONFIGURATION, () -> settings.findProxy(Setting.GCP_PROXY))
                        .detail())
                .startsWith("podseal.kms.gcp.proxy must ")
                .contains("http://proxy.example.com:3128")
                .doesNotContain("canary");
    }

    @Test
    void proxyIsReadAndNotLookedUp() {
        assertThat(settings("kms.gcp.proxy", "http://proxy.example.com:3128").findProxy(Setting.GCP_PROXY))
                .contains(InetSocketAddress.createUnresolved("proxy.example.com", 3128));
        for (int port : new int[] {1, 65535}) {
            assertThat(settings("kms.gcp.proxy", "http://a:" + port).findProxy(Setting.GCP_PROXY))
                    .contains(InetSocketAddress.createUnresolved("a", port));
        }
        assertThat(settings("kms.gcp.proxy", "http://[::1]:3128").findProxy(Setting.GCP_PROXY))
                .contains(InetSocketAddress.createUnresolved("[::1]", 3128));
        assertThat(settings("identity", "a/b").findProxy(Setting.GCP_PROXY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "9999999h"})
    void timeoutThatNoClockCanCountIsRefused(String value) {
        Settings settings = settings("kms.gcp.call-timeout", value);
        assertThat(Refusal.of(CONFIGURATION, () -> settings.timeout(Setting.GCP_CALL_TIMEOUT))
                        .detail())
                .startsWith("podseal.kms.gcp.call-timeout must ");
    }

    @Test
    void conscryptIsInstalledWhereAskedAndNotElse() {
        Provider before = Security.getProvider("Conscrypt");
        Security.removeProvider("Conscrypt");
        try {
            builder();
            assertThat(Security.getProvider("Conscrypt")).isNull();
            builder("conscrypt.install", "true");
            assertThat(Security.getProvider("Conscrypt")).isNotNull();
        } finally {
            Security.removeProvider("Conscrypt");
            if (before != null) {
                Security.addProvider(before);
            }
        }
    }

    @Test
    void pathIsFoundWhereItIsSet() {
        assertThat(settings("kms.vault.ca-file", "/etc/ca.pem").findPath(Setting.VAULT_CA_FILE))
                .contains(Path.of("/etc/ca.pem"));
        assertThat(settings().findPath(Setting.VAULT_CA_FILE)).isEmpty();
    }

    @Test
    void timeoutIsAMillisecondToADay() {
        for (String value : List.of("0.001s", "24h")) {
            assertThat(settings("kms.gcp.call-timeout", value).timeout(Setting.GCP_CALL_TIMEOUT))
                    .isEqualTo(duration(value));
        }
        for (String value : List.of("0.000999999s", "24h0.000000001s")) {
            Refusal.of(
                    CONFIGURATION, () -> settings("kms.gcp.call-timeout", value).timeout(Setting.GCP_CALL_TIMEOUT));
        }
    }

    @Test
    void wrongWordNamesTheNearest() {
        assertThat(refused("accept", "symetric")).contains("any, symmetric", "the nearest is symmetric");
        assertThat(refused("refresh.on-delete", "FAIL")).contains("the nearest is fail");
    }

    @Test
    void durationThatNoClockCanCountIsRefused() {
        for (String name : List.of("kms.deadline", "refresh.poll-interval", "refresh.max-staleness")) {
            for (String value : List.of("0s", "9999999h")) {
                SecretStoreBuilder builder = builder(name, value);
                assertThat(Refusal.of(
                                        CONFIGURATION,
                                        () -> SecretStore.of(new MemorySource("x").put("a", "1"))
                                                .identity(Workload.API)
                                                .kmsDeadline(builder.kmsDeadline)
                                                .refresh(builder.refresh)
                                                .open())
                                .detail())
                        .startsWith("podseal." + name);
            }
        }
    }

    @Test
    void listIsIndexedOrSplitAtCommas() {
        assertThat(settings("import", "a, b ,,c").imports()).containsExactly("a", "b", "c");
        assertThat(settings("import[1]", "b,with comma", "import[0]", "a").imports())
                .containsExactly("a", "b,with comma");
        assertThat(settings("import[10]", "c", "import[9]", "b").imports()).containsExactly("b", "c");
        assertThat(settings("import", "").imports()).isEmpty();
        assertThat(refused("import[0]", " ")).contains("empty element");
    }

    @ParameterizedTest
    @CsvSource({
        "refresh.pollinterval, 5s",
        "REFRESH.POLLINTERVAL, 5s",
        "Refresh.Poll-Interval, 5s",
        "refresh.pollInterval, 5s"
    })
    void spellingOfEnvironmentVariablesIsUnderstood(String name, String value) {
        assertThat(builder(name, value).refresh.pollInterval()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({
        "indentity, identity",
        "kek, keks",
        "keyset, keysets",
        "refresh.poll-intervall, refresh.poll-interval",
        "refresh.interval, refresh.min-interval",
        "on-delete, enabled",
        "sanitise, sanitize",
        "enabled.x, enabled"
    })
    void unknownNameNamesTheNearest(String name, String nearest) {
        assertThat(refused(name, "x")).startsWith("there is no setting podseal." + name + "; the nearest is podseal.");
        if (!name.equals("on-delete")) {
            assertThat(refused(name, "x")).endsWith("podseal." + nearest);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "service.host",
                "service.port",
                "service.port.http",
                "port",
                "port.8080.tcp",
                "port.8080.tcp.addr",
                "port[8080].tcp.proto",
                "SERVICE.HOST"
            })
    void serviceCalledPodsealIsNoMistake(String name) {
        assertThat(settings(name, "tcp://10.0.0.1:8080").enabled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"service", "ports", "service.hosts", "port.tcp", "kms.port", "keks.service.host"})
    void whatOnlyLooksLikeAServiceIsRefused(String name) {
        assertThat(refused(name, "x")).contains("there is no setting");
    }

    @ParameterizedTest
    @CsvSource({"inline.enabled, not in this release", "inline.account-bound[0], not in this release"})
    void settingOfALaterReleaseIsRefusedAndNotIgnored(String name, String what) {
        assertThat(refused(name, "x")).startsWith("podseal.").contains(what, "remove the setting");
    }

    @Test
    void unknownProviderIsRefused() {
        assertThat(refused("kms.awss.region", "x")).contains("there is no setting podseal.kms.awss.region");
    }

    @ParameterizedTest
    @CsvSource({
        "kubernetes.api-server, https://10.0.0.1",
        "kubernetes.namespace, payments",
        "KUBERNETES.CALLTIMEOUT, 5s"
    })
    void settingOfAnArtifactThatIsNotThereStopsTheStart(String name, String value) {
        Settings settings = settings("identity", "payments/api", name, value);
        assertThat(Refusal.of(CONFIGURATION, () -> settings.store(Location.ofValues("mount:/x"), null))
                        .detail())
                .startsWith("podseal.kubernetes.")
                .contains("needs io.podseal:podseal-k8s");
    }

    @Test
    void identityThatMakesNoSenseStopsTheStart() {
        Location location = Location.ofValues("mount:/x");
        Refusal.of(CONFIGURATION, () -> settings("identity", "payments").store(location, null));
        Refusal.of(CONFIGURATION, () -> settings("identity", "payments/default").store(location, null));
        settings("identity", "payments/default", "allow-default-account", "true")
                .store(location, null);
    }

    @Test
    void kekThatNothingServesStopsTheStart() {
        assertThat(Refusal.of(CONFIGURATION, () -> builder("keks", "aws-kms://arn:aws:kms:eu-west-1:1:key/x"))
                        .detail())
                .contains("aws-kms://");
    }

    @Test
    void clientFromElsewhereServesItsKeks() {
        SecretStoreBuilder store = builder("keks", OURS.uri(), "kms.clients", OurClient.class.getName());
        assertThat(store.keks.uris()).containsExactly(OURS.uri());
    }

    @ParameterizedTest
    @ValueSource(classes = {BrokenClient.class, HiddenClient.class, SettingsTest.class, String.class})
    void clientThatCannotBeMadeStopsTheStart(Class<?> client) {
        assertThat(Refusal.of(CONFIGURATION, () -> builder("keks", OURS.uri(), "kms.clients", client.getName()))
                        .detail())
                .startsWith("podseal.kms.clients names " + client.getName())
                .doesNotContain("hunter2");
    }

    @Test
    void clientThatIsNotThereStopsTheStart() {
        assertThat(Refusal.of(CONFIGURATION, () -> builder("kms.clients", "com.example.Missing"))
                        .detail())
                .contains("com.example.Missing", "class path");
    }

    @Test
    void settingsArePrintedWithoutTheirValues() {
        assertThat(settings("identity", "payments/api", "keks", "local-kms:/a"))
                .hasToString("Settings[IDENTITY, KEKS]");
    }

    @Test
    void storeOpensFromSettingsAlone() throws IOException {
        Path kek = temp.resolve("dev.kek");
        LocalKms.createKek(kek);
        TrustedKeyset keyset = Keysets.create(Workload.API, KeyType.AES256_GCM);
        Keks keks = Keks.builder()
                .kek("local-kms:" + kek)
                .client(LocalKms.allowedInCluster())
                .build();
        Path mount = Files.createDirectory(temp.resolve("db-credentials"));
        Files.write(mount.resolve(Workload.DOCUMENT), Keysets.wrap(keyset, keks).toJson());
        Scope scope = Scope.item(Workload.API, "db-credentials", "password");
        Files.writeString(
                mount.resolve("password"),
                keyset.sealer().seal(scope, new byte[] {'1'}).token());
        Settings settings =
                settings("identity", "payments/api", "keks", "local-kms:" + kek, "kms.local.allow-in-cluster", "true");
        try (SecretStore store = settings.store(Location.ofValues("podseal:mount:" + mount), null)
                .open()) {
            assertThat(Workload.text(store, "password")).isEqualTo("1");
        }
        Location absent = Location.ofValues("mount:" + mount + "s");
        assertThat(Refusal.of(SOURCE_MISSING, () -> settings.store(absent, null).open())
                        .detail())
                .contains(mount + "s");
    }
}
