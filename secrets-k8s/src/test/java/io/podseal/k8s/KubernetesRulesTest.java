// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.podseal.k8s", importOptions = ImportOption.DoNotIncludeTests.class)
class KubernetesRulesTest {
    @ArchTest
    static final ArchRule knowsCoreTheClientLibraryAndTheJdk = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.net.ssl..",
                    "io.podseal..",
                    "org.jspecify.annotations..",
                    "io.fabric8.kubernetes..",
                    "com.fasterxml.jackson.databind..",
                    "org.snakeyaml.engine..");

    /** Its logging is the JDK's; the library's own logger is its users' to set. */
    @ArchTest
    static final ArchRule discoversNothingAndSerializesNothing = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.ServiceLoader")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.ObjectInputStream")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.fabric8.kubernetes.client.utils.Serialization");

    /** All the ways to the library's own search for a kubeconfig and environment variables. */
    @ArchTest
    static final ArchRule letsTheLibraryConfigureNothing = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.fabric8.kubernetes.client.ConfigBuilder")
            .orShould()
            .callMethod(io.fabric8.kubernetes.client.Config.class, "autoConfigure", String.class)
            .orShould()
            .callMethod(
                    io.fabric8.kubernetes.client.Config.class,
                    "configFromSysPropsOrEnvVars",
                    io.fabric8.kubernetes.client.Config.class);

    /** An informer lists, and says that it is in sync when it is not. */
    @ArchTest
    static final ArchRule hasNoInformers =
            noClasses().should().dependOnClassesThat().resideInAPackage("io.fabric8.kubernetes.client.informers..");

    @ArchTest
    static final ArchRule readsTheEnvironmentInOnePlace = noClasses()
            .that()
            .doNotHaveSimpleName("Pod")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);
}
