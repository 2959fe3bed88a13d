// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static io.podseal.spring.Starts.refusal;
import static io.podseal.spring.Starts.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.spring.property.SpringSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class SettingsTest {
    @TempDir
    Path root;

    private final MutablePropertySources sources = new MutablePropertySources();

    private SpringSettings bound() {
        return SpringSettings.bind(new Binder(ConfigurationPropertySources.from(sources)));
    }

    private SettingsTest environment(String... namesAndValues) {
        sources.addLast(new SystemEnvironmentPropertySource("systemEnvironment", map(namesAndValues)));
        return this;
    }

    private SettingsTest properties(String... namesAndValues) {
        sources.addLast(new MapPropertySource("properties " + sources.size(), map(namesAndValues)));
        return this;
    }

    private static Map<String, Object> map(String... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    private void assertRefused(String... messages) {
        assertThatThrownBy(this::bound)
                .isInstanceOf(PodsealException.Configuration.class)
                .hasMessageContainingAll(messages);
    }

    @ParameterizedTest
    @CsvSource({
        "PODSEAL_TRUST_DOMAIN, trust-domain, example.com",
        "PODSEAL_TRUSTDOMAIN, trust-domain, example.com",
        "PODSEAL_KMS_LOCAL_ALLOW_IN_CLUSTER, kms.local.allow-in-cluster, true",
        "PODSEAL_KMS_LOCAL_ALLOWINCLUSTER, kms.local.allow-in-cluster, true",
        "PODSEAL_REFRESH_MAX_STALENESS, refresh.max-staleness, 20m",
        "PODSEAL_KEYSET_RETAIN, keyset.retain, true",
    })
    void environmentVariablesNameSettingsAsBootDoes(String variable, String setting, String value) {
        assertThat(environment(variable, value).bound().flat()).containsExactly(Map.entry(setting, value));
    }

    @Test
    void listsOfTheEnvironmentHaveIndexesOrCommas() {
        assertThat(environment("PODSEAL_KEKS_0", "local-kms:/a", "PODSEAL_KEKS_1", "local-kms:/b")
                        .bound()
                        .flat())
                .containsExactly(Map.entry("keks[0]", "local-kms:/a"), Map.entry("keks[1]", "local-kms:/b"));
    }

    @Test
    void aListOnOneLineIsSplitAtCommas() {
        assertThat(environment("PODSEAL_KEYSET_PINS", "sha256:a, sha256:b")
                        .bound()
                        .flat())
                .containsExactly(Map.entry("keyset-pins[0]", "sha256:a"), Map.entry("keyset-pins[1]", "sha256:b"));
    }

    @Test
    void aListOfAMoreSpecificSourceReplacesTheWholeList() {
        assertThat(environment("PODSEAL_KEKS_0", "local-kms:/c")
                        .properties("podseal.keks[0]", "local-kms:/a", "podseal.keks[1]", "local-kms:/b")
                        .bound()
                        .flat())
                .containsExactly(Map.entry("keks[0]", "local-kms:/c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"podseal.trustDomain", "podseal.trust_domain", "podseal.TRUST-DOMAIN"})
    void namesAreRelaxedAsElsewhereInBoot(String name) {
        assertThat(properties(name, "example.com").bound().flat()).containsOnlyKeys("trust-domain");
    }

    @Test
    void whatAServiceCalledPodsealPutsIntoTheEnvironmentIsNoSetting() {
        assertThat(environment(
                                "PODSEAL_SERVICE_HOST", "10.0.0.1",
                                "PODSEAL_SERVICE_PORT", "443",
                                "PODSEAL_SERVICE_PORT_HTTPS", "443",
                                "PODSEAL_PORT", "tcp://10.0.0.1:443",
                                "PODSEAL_PORT_443_TCP", "tcp://10.0.0.1:443",
                                "PODSEAL_PORT_443_TCP_ADDR", "10.0.0.1")
                        .bound()
                        .flat())
                .allSatisfy((name, value) -> assertThat(value).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "podseal.keyset-pin, podseal.keyset-pins",
        "podseal.trust.domain, podseal.trust-domain",
        "podseal.refresh.poll-intervall, podseal.refresh.poll-interval",
        "podseal.identity[0], podseal.identity",
    })
    void anUnknownNameIsRefusedWithTheNearestRightOne(String name, String nearest) {
        properties(name, "x").assertRefused("there is no setting", nearest);
    }

    @ParameterizedTest
    @CsvSource({
        "podseal.enabled, maybe, true",
        "podseal.accept, symetric, symmetric",
        "podseal.refresh.on-delete, kep, keep",
        "podseal.values.spel, yes, refuse",
        "podseal.kms.deadline, soon, 30s",
        "podseal.refresh.poll-interval, -1s, negative",
    })
    void aWrongValueIsRefused(String name, String value, String said) {
        properties(name, value).assertRefused(name, said.equals("30s") ? "duration" : said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"30s", "30", "PT30S", "500ms", "10m"})
    void durationsAreBootsOwn(String duration) {
        assertThat(properties("podseal.kms.deadline", duration).bound().flat())
                .containsExactly(Map.entry("kms.deadline", duration));
    }

    @ParameterizedTest
    @ValueSource(strings = {"podseal.import", "podseal.import[0]"})
    void theImportSettingOfMicronautIsRefused(String name) {
        properties(name, "podseal:mount:/x").assertRefused("podseal.import", "spring.config.import");
    }

    @ParameterizedTest
    @CsvSource({
        "podseal.inline.enabled, not in this release yet",
        "podseal.inline.account-bound, not in this release yet",
        "podseal.kms.aws.regoin, podseal.kms.aws.region",
        "podseal.kms.ibm.region, podseal.kms.",
    })
    void whatThisReleaseDoesNotKnowIsRefusedWhenSet(String name, String said) {
        properties(name, "x").assertRefused(name, said);
    }

    @Test
    void anUnknownSchemeIsRefusedWithTheNearestRightOne() {
        assertThat(refusal("--spring.config.import=podseal:mnt:/x")).hasMessageContainingAll("mnt:/x", "mount");
    }

    @Test
    void aWrongSettingStopsAnApplicationWithoutImportsToo() {
        assertThat(refusal("--podseal.identty=payments/api"))
                .hasMessageContaining("podseal.identity")
                .extracting(PodsealException::code)
                .isEqualTo(ErrorCode.CONFIGURATION);
    }

    @Test
    void aSettingThatComesAfterTheImportWasReadStopsTheStart() throws IOException {
        Workload workload = Workload.in(root);
        Mount mount = workload.mount("db").withKeyset().sealed("password", "x").delivered();
        workload.file("config/application.yaml", "spring.config.import: '" + mount.location() + "'");
        workload.file("config/application-prod.yaml", "podseal.require-item-bound: true");
        String[] args = workload.args(
                "--spring.config.location=" + root.resolve("config") + "/", "--spring.profiles.active=prod");
        assertThat(refusal(args)).hasMessageContainingAll("podseal.require-item-bound", "before");
    }

    @Test
    void anImportInAProfilesFileSeesTheSettingsOfThatFile() throws IOException {
        Workload workload = Workload.in(root);
        Mount mount = workload.mount("db").withKeyset().sealed("password", "x").delivered();
        workload.file("config/application.yaml", "podseal.accept: any");
        workload.file(
                "config/application-prod.yaml",
                "spring.config.import: '" + mount.location() + "'\npodseal.require-item-bound: true");
        String[] args = workload.args(
                "--spring.config.location=" + root.resolve("config") + "/", "--spring.profiles.active=prod");
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(context.getEnvironment().getProperty("password")).isEqualTo("x");
        }
    }
}
