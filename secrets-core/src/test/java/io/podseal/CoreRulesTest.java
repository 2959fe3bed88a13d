// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.podseal.keyset.KeysetOffender;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The core keeps its rules, and every rule finds the class that was written to break it. */
final class CoreRulesTest {
    private static final JavaClasses CORE = new ClassFileImporter().importPath(coreClasses());
    private static final JavaClasses OFFENDERS = new ClassFileImporter()
            .importClasses(
                    Stream.concat(Stream.of(Offenders.class.getDeclaredClasses()), Stream.of(KeysetOffender.class))
                            .toArray(Class<?>[]::new));

    private static Path coreClasses() {
        String file = "/io/podseal/ServiceAccount.class";
        String url = String.valueOf(ServiceAccount.class.getResource(file));
        return Path.of(URI.create(url.substring(0, url.length() - file.length() + 1)));
    }

    static Stream<Named<ArchRule>> rules() {
        return CoreRules.all().entrySet().stream().map(rule -> Named.of(rule.getKey(), rule.getValue()));
    }

    @Test
    void theWholeCoreIsLookedAt() {
        assertThat(CORE.contain(ServiceAccount.class)).isTrue();
        assertThat(CORE.contain("io.podseal.keyset.KeysetUnwrapper")).isTrue();
        assertThat(CORE.contain("io.podseal.store.SecretStore")).isTrue();
        assertThat(CORE.contain(CoreRulesTest.class)).isFalse();
        assertThat(rules()).hasSizeGreaterThanOrEqualTo(16);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theCoreKeepsTheRule(ArchRule rule) {
        rule.check(CORE);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theRuleFindsItsOffender(ArchRule rule) {
        assertThat(rule.allowEmptyShould(true).evaluate(OFFENDERS).hasViolation())
                .isTrue();
    }
}
