// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What users get with the kit: the core, the API of JUnit, and what those bring. */
@AnalyzeClasses(packages = "io.podseal.testkit", importOptions = ImportOption.DoNotIncludeTests.class)
final class KitRulesTest {
    @ArchTest
    static final ArchRule ONLY_THE_CORE_AND_JUNIT_ARE_KNOWN = noClasses()
            .should()
            .dependOnClassesThat(resideOutsideOfPackages(
                    "io.podseal",
                    "io.podseal.keyset",
                    "io.podseal.store",
                    "io.podseal.testkit..",
                    "java..",
                    "javax.crypto..",
                    "javax.net.ssl..",
                    "com.sun.management..",
                    "com.google.crypto.tink..",
                    "com.google.gson..",
                    "org.junit.jupiter.api..",
                    "org.junit.platform.commons.support..",
                    "org.jspecify.."));
}
