// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Serializable;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the core's classes may know of and do; each rule is a constant, so that each can be shown to fail. */
final class CoreRules {
    static final ArchRule THE_WORDS_KNOW_NEITHER_KEYSETS_NOR_THE_STORE = noClasses()
            .that()
            .resideInAPackage("io.podseal")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.podseal.keyset..", "io.podseal.store..");

    static final ArchRule KEYSETS_DO_NOT_KNOW_THE_STORE = noClasses()
            .that()
            .resideInAPackage("io.podseal.keyset..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.podseal.store..");

    static final ArchRule ONLY_THE_JDK_TINK_AND_JSPECIFY_ARE_KNOWN = noClasses()
            .that()
            .doNotHaveSimpleName("ConscryptInstaller")
            .should()
            .dependOnClassesThat(resideOutsideOfPackages(
                    "io.podseal..",
                    "java..",
                    "javax.crypto..",
                    "javax.net.ssl..",
                    "com.google.crypto.tink..",
                    "org.jspecify.."));

    static final ArchRule NO_GLOBAL_KEYS_OR_CLIENTS = noClasses()
            .should()
            .dependOnClassesThat(are(named(
                    "com.google.crypto.tink.KmsClients",
                    "com.google.crypto.tink.Registry",
                    "com.google.crypto.tink.RegistryConfiguration",
                    "com.google.crypto.tink.KeysetManager",
                    "com.google.crypto.tink.CleartextKeysetHandle",
                    "com.google.crypto.tink.LegacyKeysetSerialization",
                    "com.google.crypto.tink.aead.AeadConfig",
                    "com.google.crypto.tink.aead.KmsEnvelopeAead",
                    "com.google.crypto.tink.hybrid.HybridConfig",
                    "com.google.crypto.tink.config.TinkConfig")));

    static final ArchRule KEY_MATERIAL_IS_REACHED_IN_THREE_PLACES = noClasses()
            .that(are(otherThan("Fingerprint", "KeysetPolicy", "LocalKms")))
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("com.google.crypto.tink.InsecureSecretKeyAccess");

    static final ArchRule NO_JAVA_SERIALIZATION = noClasses()
            .should()
            .dependOnClassesThat(
                    are(named("java.io.ObjectInputStream", "java.io.ObjectOutputStream", "java.io.Externalizable")));

    static final ArchRule ONLY_EXCEPTIONS_AND_ENUMS_ARE_SERIALIZABLE = noClasses()
            .that()
            .areNotAssignableTo(Throwable.class)
            .and()
            .areNotEnums()
            .should()
            .beAssignableTo(Serializable.class);

    static final ArchRule NO_WALL_CLOCK =
            noClasses().should().accessTargetWhere(describe("reads the wall clock", CoreRules::readsTheWallClock));

    static final ArchRule NO_DISCOVERY = noClasses()
            .should()
            .dependOnClassesThat(are(named("java.util.ServiceLoader", "javax.naming.InitialContext")));

    static final ArchRule CLASSES_ARE_NAMED_BY_THE_APPLICATIONS_SETTINGS_ONLY = noClasses()
            .that(are(otherThan("KmsClients")))
            .should()
            .accessTargetWhere(
                    calls(Map.of("java.lang.Class", Set.of("forName"), "java.lang.ClassLoader", Set.of("loadClass"))));

    static final ArchRule NO_LOGGER_BUT_THE_SYSTEMS = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.."))
            .orShould()
            .accessTargetWhere(calls(Map.of(
                    "java.lang.System", Set.of("out", "err", "setOut", "setErr"),
                    "java.lang.Throwable", Set.of("printStackTrace"))));

    static final ArchRule NO_SOCKETS = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.rmi..", "javax.naming..")
                    .or(named(
                            "java.net.Socket",
                            "java.net.ServerSocket",
                            "java.net.DatagramSocket",
                            "java.net.URLConnection",
                            "java.net.HttpURLConnection",
                            "java.net.InetAddress",
                            "java.net.http.HttpClient",
                            "java.nio.channels.SocketChannel")));

    static final ArchRule THREADS_ARE_MADE_IN_TWO_PLACES = noClasses()
            .that(are(otherThan("KeyThread", "DaemonThreads")))
            .should()
            .accessTargetWhere(
                    calls(Map.of("java.lang.Thread", Set.of("<init>", "startVirtualThread", "ofVirtual", "sleep"))));

    static final ArchRule CLASSES_ARE_FINAL = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .should()
            .haveModifier(JavaModifier.FINAL);

    static final ArchRule FIELDS_ARE_PRIVATE_UNLESS_CONSTANT_OR_A_BUILDERS = fields().that()
            .areNotStatic()
            .and()
            .doNotHaveModifier(JavaModifier.SYNTHETIC)
            .and()
            .areDeclaredInClassesThat()
            .haveSimpleNameNotEndingWith("Builder")
            .should()
            .bePrivate();

    static final ArchRule NO_PLAINTEXT_IN_STRINGS = noFields()
            .that()
            .haveNameMatching("(?i).*(plain|password|cleartext|secretvalue|opened).*")
            .should()
            .haveRawType(describe(
                    "text", type -> type.isAssignableTo(CharSequence.class) || type.isEquivalentTo(char[].class)));

    static final ArchRule RECORDS_HOLD_NO_BYTES = noFields()
            .that()
            .areNotStatic()
            .and()
            .areDeclaredInClassesThat()
            .areRecords()
            .should()
            .haveRawType(byte[].class)
            .orShould()
            .haveRawType(char[].class)
            .orShould()
            .haveRawType(SecretValue.class);

    private CoreRules() {}

    /** The rules by name. */
    static Map<String, ArchRule> all() {
        return Arrays.stream(CoreRules.class.getDeclaredFields())
                .filter(field -> field.getType() == ArchRule.class)
                .collect(Collectors.toMap(Field::getName, CoreRules::value, (one, other) -> one, TreeMap::new));
    }

    private static ArchRule value(Field field) {
        try {
            return (ArchRule) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        Set<String> set = Set.of(names);
        return describe("one of " + set, type -> set.contains(type.getName()));
    }

    private static DescribedPredicate<JavaClass> otherThan(String... simpleNames) {
        Set<String> set = Set.of(simpleNames);
        return describe("other than " + set, type -> {
            JavaClass outermost = type;
            while (outermost.getEnclosingClass().isPresent()) {
                outermost = outermost.getEnclosingClass().get();
            }
            return !set.contains(outermost.getSimpleName())
                    || type.getSimpleName().startsWith("Offender");
        });
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Map<String, Set<String>> members) {
        return describe(
                "use " + members,
                access -> members.entrySet().stream()
                        .anyMatch(entry -> access.getTarget().getOwner().isAssignableTo(entry.getKey())
                                && entry.getValue().contains(access.getTarget().getName())));
    }

    private static boolean readsTheWallClock(JavaAccess<?> access) {
        String owner = access.getTarget().getOwner().getName();
        String member = access.getTarget().getName();
        return (owner.equals("java.lang.System") && member.equals("currentTimeMillis"))
                || (owner.startsWith("java.time.") && (member.equals("now") || member.startsWith("system")))
                || (owner.equals("java.time.InstantSource") && member.equals("instant"))
                || (owner.equals("java.util.Date") && member.equals("<init>"))
                || (belongToAnyOf(java.util.Calendar.class)
                                .test(access.getTarget().getOwner())
                        && member.equals("getInstance"));
    }
}
