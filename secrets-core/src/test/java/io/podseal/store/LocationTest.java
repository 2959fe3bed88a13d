// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.SOURCE_MISSING;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LocationTest {
    @TempDir
    Path temp;

    private static SecretSource values(String location) {
        return Location.ofValues(location).valueSource(null);
    }

    private static String refusedValues(String location) {
        return Refusal.of(CONFIGURATION, () -> Location.ofValues(location)).detail();
    }

    private static String refusedKeysets(String location) {
        return Refusal.of(CONFIGURATION, () -> Location.ofKeysets(location)).detail();
    }

    @Test
    void everySchemeOfThisReleaseHasItsCarrier() {
        assertThat(values("podseal:mount:/etc/podseal/db-credentials"))
                .isInstanceOf(MountSource.class)
                .hasToString("mount /etc/podseal/db-credentials");
        assertThat(values("podseal:file:/etc/podseal/db/password"))
                .isInstanceOf(FileSource.class)
                .hasToString("file /etc/podseal/db/password");
        assertThat(values("podseal:env:DB_PASSWORD?key=password"))
                .isInstanceOf(EnvironmentSource.class)
                .hasToString("environment variable DB_PASSWORD");
        assertThat(values("mount:/etc/podseal")).as("without our prefix").isInstanceOf(MountSource.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"podseal:secret:payments/db", "podseal:secret:db", "podseal:manifest:/app/secret.yaml?name=db"})
    void schemeThatNeedsAnotherArtifactNamesIt(String text) {
        Location location = Location.ofValues(text);
        assertThat(Refusal.of(CONFIGURATION, () -> location.valueSource(null)).detail())
                .contains("podseal-k8s", text);
    }

    /** Gives sources that are called as they were asked for. */
    private static final class Cluster implements ObjectSources {
        private static SecretSource source(Object... words) {
            return new MemorySource(Arrays.toString(words));
        }

        @Override
        public SecretSource secret(String namespace, String name, String sealedAs) {
            return source("secret", namespace, name, sealedAs);
        }

        @Override
        public SecretSource keysetsOfSecret(String namespace, String name) {
            return source("keysets of secret", namespace, name);
        }

        @Override
        public SecretSource keysetsOfConfigMap(String namespace, String name) {
            return source("keysets of configmap", namespace, name);
        }

        @Override
        public SecretSource manifest(Path file, String objectName, String sealedAs) {
            return source("manifest", file, objectName, sealedAs);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secret:payments/db | [secret, payments, db, null]",
                "secret:db?secret=other | [secret, null, db, other]",
                "manifest:/app/s.yaml?name=db&secret=other | [manifest, /app/s.yaml, db, other]"
            })
    void objectsOfTheClusterAreAskedForAsTheyAreNamed(String location, String asked) {
        assertThat(Location.ofValues(location).valueSource(new Cluster()).secretName())
                .isEqualTo(asked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secret:keys | [keysets of secret, null, keys]",
                "configmap:payments/keys | [keysets of configmap, payments, keys]"
            })
    void keysetsOfTheClusterAreAskedForAsTheyAreNamed(String location, String asked) {
        SecretSource source = Location.ofKeysets(location)
                .keysetSource(new Cluster(), getClass().getClassLoader());
        assertThat(source.secretName()).isEqualTo(asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret:keys", "configmap:payments/keys"})
    void keysetSchemeThatNeedsAnotherArtifactNamesIt(String text) {
        Location location = Location.ofKeysets(text);
        assertThat(Refusal.of(
                                CONFIGURATION,
                                () -> location.keysetSource(null, getClass().getClassLoader()))
                        .detail())
                .contains("podseal-k8s");
    }

    @ParameterizedTest
    @CsvSource({
        "podseal:mout:/etc, mount",
        "podseal:fil:/etc, file",
        "podseal:MOUNT:/etc, mount",
        "podseal:environment:X, env",
        "podseal:secrets:db, secret",
        "podseal:manifests:db, manifest"
    })
    void unknownSchemeNamesTheNearest(String location, String nearest) {
        assertThat(refusedValues(location))
                .contains("unknown scheme; the nearest is " + nearest
                        + ": (there are mount, file, env, manifest, secret)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "podseal:", "/etc/podseal", "podseal:/etc/podseal", "podseal:podseal:mount:/etc", ":/etc"})
    void locationWithoutASchemeIsRefused(String location) {
        assertThat(refusedValues(location)).contains("unknown scheme");
    }

    @Test
    void classPathAndConfigMapHoldNoValues() {
        assertThat(refusedValues("podseal:classpath:db")).contains("unknown scheme");
        assertThat(refusedValues("podseal:configmap:db")).contains("unknown scheme");
    }

    @Test
    void variableAndManifestHoldNoKeysets() {
        assertThat(refusedKeysets("env:KEYSET"))
                .contains("unknown scheme", "(there are mount, file, secret, classpath, configmap)");
        assertThat(refusedKeysets("manifest:x")).contains("unknown scheme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"podseal:mount", "podseal:mount:", "podseal:mount:?prefix=db.", "podseal:env:", "file:"})
    void emptyTargetIsRefused(String location) {
        assertThat(refusedValues(location)).contains("names nothing");
    }

    @Test
    void trailingSlashIsNoPartOfThePath() {
        assertThat(values("mount:/etc/podseal/db/")).hasToString("mount /etc/podseal/db");
        assertThat(values("mount:/etc/podseal/db/").secretName()).isEqualTo("db");
        assertThat(values("mount:/")).hasToString("mount /");
    }

    @Test
    void pathIsTakenAsWritten() {
        assertThat(values("mount:/etc/a%20b+c/#x")).hasToString("mount /etc/a%20b+c/#x");
        assertThat(values("mount:secrets/db")).hasToString("mount secrets/db");
    }

    @Test
    void pathThatCannotBeOneIsAConfigurationError() {
        assertThat(Refusal.of(CONFIGURATION, () -> values("mount:/etc/\0")).detail())
                .contains("path");
    }

    @Test
    void parametersArePercentDecodedAndPlusIsLiteral() {
        Location location =
                Location.ofValues("podseal:mount:/x?prefix=a%2Eb%26c%3Dd+e.&only=x=y&only=%2A&exclude=%C3%A4&only=a*b");
        assertThat(location.prefix()).isEqualTo("a.b&c=d+e.");
        assertThat(location.only()).containsExactly("x=y", "*", "a*b");
        assertThat(location.exclude()).containsExactly("ä");
        assertThat(location.keysets()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%2", "%zz", "%-1", "a%", "%FF", "%C3"})
    void malformedPercentEscapeIsRefused(String value) {
        assertThat(refusedValues("podseal:mount:/x?prefix=" + value)).contains("percent");
    }

    @Test
    void defaultsOfParametersAreEmpty() {
        Location location = Location.ofValues("podseal:mount:/x");
        assertThat(location.prefix()).isEmpty();
        assertThat(location.only()).isEmpty();
        assertThat(location.exclude()).isEmpty();
        assertThat(location.keysets()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "mount:/x?Prefix=a, prefix",
        "mount:/x?prefx=a, prefix",
        "mount:/x?include=a, exclude",
        "mount:/x?keyset=a, keysets",
        "mount:/x?, key",
        "mount:/x?prefix=a&, key",
        "mount:/x?optional=true, only",
        "mount:/x?%70refix=a, prefix"
    })
    void unknownParameterNamesTheNearest(String location, String nearest) {
        assertThat(refusedValues(location)).contains("unknown parameter").containsPattern("the nearest is " + nearest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mount:/x?key=a",
                "mount:/x?name=a",
                "secret:x?name=a",
                "secret:x?key=a",
                "file:/x?name=a",
                "env:X?name=a",
                "manifest:/x?key=a"
            })
    void parameterOfAnotherSchemeIsRefused(String location) {
        assertThat(refusedValues(location)).contains("takes no parameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefix", "secret", "key"})
    void parameterThatStandsOnceStandsOnce(String name) {
        assertThat(refusedValues("file:/x?" + name + "=a&" + name + "=b")).contains(name, "stands twice");
        assertThat(refusedValues("file:/x?" + name)).contains(name, "needs a value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"only", "exclude", "keysets", "secret", "key"})
    void parameterWithoutAValueIsRefused(String name) {
        assertThat(refusedValues("file:/x?" + name + "=")).contains(name, "needs a value");
    }

    @Test
    void emptyPrefixIsNone() {
        assertThat(Location.ofValues("file:/x?prefix=").prefix()).isEmpty();
    }

    @Test
    void secretAndKeyOverrideTheDefaults() throws IOException {
        assertThat(values("mount:/etc/podseal/db?secret=other").secretName()).isEqualTo("other");
        assertThat(values("file:/etc/podseal/db/password?secret=other").secretName())
                .isEqualTo("other");
        assertThat(values("env:DB?secret=other").secretName()).isEqualTo("other");
        assertThat(values("env:DB").secretName()).isNull();
        Path file = Files.writeString(temp.resolve("password"), "");
        assertThat(values("file:" + file + "?key=other").read().get(0).name()).isEqualTo("other");
        assertThat(values("file:" + file).read().get(0).name()).isEqualTo("password");
    }

    @Test
    void keysetsOfALocationAreLocationsOfKeysets() {
        Location location = Location.ofValues("mount:/x?keysets=file:/keys/a.json&keysets=classpath:b.json");
        assertThat(location.keysets())
                .containsExactly(Location.ofKeysets("file:/keys/a.json"), Location.ofKeysets("classpath:b.json"));
        assertThat(refusedValues("mount:/x?keysets=env:KEYSET")).contains("unknown scheme");
    }

    @Test
    void keysetLocationTakesNoParameters() {
        assertThat(refusedKeysets("mount:/keys?only=a")).contains("takes no parameter");
        assertThat(refusedKeysets("file:/keys?secret=a")).contains("takes no parameter");
    }

    @Test
    void keysetMountGivesItsDocumentsOnly() throws IOException {
        Files.writeString(temp.resolve("password"), "hunter2");
        SecretSource source = Location.ofKeysets("mount:" + temp)
                .keysetSource(null, getClass().getClassLoader());
        assertThat(Refusal.of(SOURCE_MISSING, source::read).detail())
                .contains(".keyset.json")
                .doesNotContain("is empty", "optional:");
        Files.writeString(temp.resolve("a.keyset.json"), "{}");
        assertThat(source.read()).extracting(SourceItem::name).containsExactly("a.keyset.json");
    }

    @Test
    void locationIsPrintedAndComparedAsItWasWritten() {
        String text = "podseal:mount:/x?prefix=a%2E";
        assertThat(Location.ofValues(text))
                .hasToString(text)
                .isEqualTo(Location.ofValues(text))
                .hasSameHashCodeAs(Location.ofValues(text))
                .isNotEqualTo(Location.ofValues("podseal:mount:/x?prefix=a."));
    }
}
