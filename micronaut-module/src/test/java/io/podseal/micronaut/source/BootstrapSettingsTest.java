// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.MapPropertySource;
import io.micronaut.context.env.PropertySource;
import io.podseal.PodsealException;
import io.podseal.store.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BootstrapSettingsTest {
    private static PropertySource source(String name, int order, boolean variables, Map<String, Object> values) {
        return new MapPropertySource(name, values) {
            @Override
            public int getOrder() {
                return order;
            }

            @Override
            public PropertyConvention getConvention() {
                return variables
                        ? PropertySource.PropertyConvention.ENVIRONMENT_VARIABLE
                        : PropertySource.PropertyConvention.JAVA_PROPERTIES;
            }
        };
    }

    private static Settings read(PropertySource... sources) {
        try (ApplicationContext context = ApplicationContext.builder()
                .enableDefaultPropertySources(false)
                .propertySources(sources)
                .build()) {
            return BootstrapSettings.read(context.getEnvironment());
        }
    }

    @Test
    void variablesMeanTheSettingsWhoseNamesTheySpell() {
        Settings settings = read(source(
                "env",
                0,
                true,
                Map.of(
                        "PODSEAL_IMPORT_0", "podseal:mount:/a",
                        "PODSEAL_IMPORT_1", "podseal:mount:/b",
                        "PODSEAL_KMS_LOCAL_ALLOW_IN_CLUSTER", "true",
                        "PODSEAL_VALUES_SPEL", "allow",
                        "PODSEAL_SANITIZE", "false",
                        "PATH", "/bin")));
        assertThat(settings.imports()).containsExactly("podseal:mount:/a", "podseal:mount:/b");
        assertThat(settings.allowsSpel()).isTrue();
        assertThat(settings.sanitize()).isFalse();
        assertThat(settings.toString()).contains("LOCAL_ALLOW_IN_CLUSTER");
    }

    @Test
    void variablesThatAServiceCalledPodsealMakesAreNoSettings() {
        Settings settings = read(source(
                "env",
                0,
                true,
                Map.of(
                        "PODSEAL_SERVICE_HOST", "10.0.0.1",
                        "PODSEAL_SERVICE_PORT", "80",
                        "PODSEAL_SERVICE_PORT_HTTP", "80",
                        "PODSEAL_PORT", "tcp://10.0.0.1:80",
                        "PODSEAL_PORT_80_TCP", "tcp://10.0.0.1:80",
                        "PODSEAL_PORT_80_TCP_ADDR", "10.0.0.1")));
        assertThat(settings.toString()).isEqualTo("Settings[]");
    }

    @Test
    void mistypedVariableIsRefused() {
        assertThatThrownBy(() -> read(source("env", 0, true, Map.of("PODSEAL_IDENTITI", "x"))))
                .isInstanceOf(PodsealException.Configuration.class)
                .hasMessageContaining("podseal.identity");
    }

    @Test
    void listOfAHigherSourceReplacesTheWholeListOfALowerOne() {
        Settings settings = read(
                source("file", -300, false, Map.of("podseal.import", List.of("podseal:mount:/a", "podseal:mount:/b"))),
                source("env", -200, true, Map.of("PODSEAL_IMPORT_0", "podseal:mount:/c")));
        assertThat(settings.imports()).containsExactly("podseal:mount:/c");
    }

    @Test
    void nestedMapsAndCamelCaseAreTheSameSettings() {
        Settings settings = read(source(
                "file",
                0,
                false,
                Map.of("podseal.reserved", Map.of("allow", List.of("server.x")), "podseal.keysetPins", List.of())));
        assertThat(settings.reservedAllowed()).containsExactly("server.x");
    }
}
