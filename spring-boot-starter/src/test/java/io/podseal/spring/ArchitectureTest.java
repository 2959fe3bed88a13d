// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootVersion;

class ArchitectureTest {
    private static final JavaClasses STARTER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.podseal.spring");

    @Test
    void theseTestsRunOnTheLineOfBootThatTheModuleNames() {
        assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("test.spring-boot.version"));
    }

    @Test
    void nothingOfBootIsUsedThatMovedBetweenTheLinesButInAClassForEach() {
        noClasses()
                .that()
                .haveNameNotMatching("io\\.podseal\\.spring\\.observation\\.HealthOnBoot[34]")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        ".*\\.(Configurable)?Bootstrap(Context|Registry).*|.*\\.EnvironmentPostProcessor|.*\\.Health(Indicator)?")
                .check(STARTER);
    }

    @Test
    void theRoomsHaveNoCycles() {
        slices().matching("io.podseal.spring.(*)..").should().beFreeOfCycles().check(STARTER);
    }

    @Test
    void arrowsRunFromLocationsToPropertiesToTheCore() {
        noClasses()
                .that(resideInAPackage("io.podseal.spring.property"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.podseal.spring.source", "io.podseal.spring.failure"))
                .check(STARTER);
    }

    @Test
    void keysAreTheCoresBusiness() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.podseal.keyset..", "com.google.crypto..", "javax.crypto.."))
                .check(STARTER);
    }
}
