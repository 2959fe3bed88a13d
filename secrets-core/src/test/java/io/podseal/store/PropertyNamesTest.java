// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.CONFIGURATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PropertyNamesTest {
    /** What a framework with relaxed binding does. */
    private static String relaxed(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", ".").replace("-", "");
    }

    private static Map<String, String> map(String prefix, Set<String> allowed, String... items) {
        return PropertyNames.map(List.of(items), prefix, allowed, PropertyNamesTest::relaxed);
    }

    private static String refused(String prefix, Set<String> allowed, String... items) {
        return Refusal.of(CONFIGURATION, () -> map(prefix, allowed, items)).detail();
    }

    @Test
    void itemsAreTakenAsTheyAreBehindThePrefix() {
        assertThat(map("db.", Set.of(), "tls.crt", "Pass-Word"))
                .containsExactly(Map.entry("db.Pass-Word", "Pass-Word"), Map.entry("db.tls.crt", "tls.crt"));
        assertThat(map("", Set.of(), "tls.crt")).containsExactly(Map.entry("tls.crt", "tls.crt"));
        assertThatThrownBy(() -> map("", Set.of(), "a").clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.config.import",
                "spring",
                "spring[0]",
                "SPRING.APPLICATION.NAME",
                "SPRING_CONFIG_IMPORT",
                "s-pring.profiles.active",
                "logging.config",
                "logger.levels.root",
                "management.server.port",
                "server.port",
                "podseal.keks",
                "micronaut.application.name",
                "endpoints.all.enabled"
            })
    void reservedNameIsRefusedWithoutAPrefixAndSuggestsOne(String item) {
        assertThat(refused("", Set.of(), "harmless", item)).contains("'" + item + "'", "?prefix=", "podseal.reserved");
        assertThat(map("db.", Set.of(), item)).hasSize(1);
    }

    @Test
    void nameAddsNoLineToAMessage() {
        assertThat(refused("", Set.of(), "spring.\nWARN all is well"))
                .contains("<U+000A>")
                .doesNotContain("\n");
        assertThat(refused("db.", Set.of(), "a\n-b", "a\nb"))
                .contains("<U+000A>")
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"springs.x", "my.spring.x", "spring2", "servers", "loggers.x"})
    void nameThatOnlyBeginsAlikeIsFree(String item) {
        assertThat(map("", Set.of(), item)).hasSize(1);
    }

    @Test
    void reservedNameThatIsAllowedByNameMayBeSet() {
        assertThat(map("", Set.of("spring.datasource.password"), "spring.datasource.password"))
                .hasSize(1);
        refused("", Set.of("spring.datasource.password"), "spring.datasource.url");
        refused("", Set.of("spring.*"), "spring.datasource.url");
    }

    @Test
    void twoItemsThatBecomeOnePropertyAreRefusedAndBothNamed() {
        assertThat(refused("db.", Set.of(), "tls.crt", "TLS_CRT", "other"))
                .contains("'tls.crt'", "'TLS_CRT'", "db.tls.crt");
    }
}
