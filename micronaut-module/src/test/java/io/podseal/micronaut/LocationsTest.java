// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.podseal.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationsTest {
    @TempDir
    Path folder;

    private SealedMount mount;

    @BeforeEach
    void layOut() {
        mount = SealedMount.in(folder).sealed("password", "correct horse").write();
    }

    @Test
    void aFileIsOnePropertyAndFindsItsKeysetWhereTheSettingSays() {
        Map<String, Object> settings = mount.settings("", "podseal.import[0]", file("password") + "?prefix=db.");
        settings.put("podseal.keysets[0]", file("api.keyset.json").replace("podseal:", ""));
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            assertThat(context.getProperty("db.password", String.class)).hasValue("correct horse");
        }
    }

    @Test
    void anImportMayNameItsOwnKeysets() {
        String location = file("password") + "?keysets=mount:" + mount.directory;
        try (ApplicationContext context = ApplicationContext.run(mount.settings("", "podseal.import[0]", location))) {
            assertThat(context.getProperty("password", String.class)).hasValue("correct horse");
        }
    }

    @Test
    void onlyAndExcludeChooseItems() {
        mount.sealed("user", "api").sealed("pin", "1").raw("note", "not sealed").write();
        String parameters = "?prefix=db.&only=p*&only=user&exclude=pin";
        try (ApplicationContext context = ApplicationContext.run(mount.settings(parameters))) {
            assertThat(context.getProperty("db.password", String.class)).hasValue("correct horse");
            assertThat(context.getProperty("db.user", String.class)).hasValue("api");
            assertThat(context.containsProperty("db.pin")).isFalse();
            assertThat(context.containsProperty("db.note")).isFalse();
        }
    }

    @Test
    void laterImportWins() {
        SealedMount later = SealedMount.of(folder, "later", SealedMount.API)
                .sealed("password", "later")
                .write();
        Map<String, Object> settings = mount.settings("?prefix=db.");
        settings.put("podseal.import[1]", later.location() + "?prefix=db.");
        settings.put("podseal.keks[1]", later.kekUri());
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            assertThat(context.getProperty("db.password", String.class)).hasValue("later");
        }
    }

    @Test
    void importsAndKeksMayStandInOneLine() {
        Map<String, Object> settings = mount.settings("");
        settings.remove("podseal.import[0]");
        settings.remove("podseal.keks[0]");
        settings.put("podseal.import", mount.location() + "?prefix=a., " + mount.location() + "?prefix=b.");
        settings.put("podseal.keks", mount.kekUri());
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            assertThat(context.getProperty("a.password", String.class)).hasValue("correct horse");
            assertThat(context.getProperty("b.password", String.class)).hasValue("correct horse");
        }
    }

    @Test
    void missingMountStopsTheStart() {
        Refusal.of(mount.settings("", "podseal.import[0]", "podseal:mount:" + folder + "/no"), ErrorCode.SOURCE_MISSING)
                .contains(folder + "/no");
    }

    @Test
    void missingVariableStopsTheStart() {
        Refusal.of(mount.settings("", "podseal.import[0]", "podseal:env:PODSEAL_NO_SUCH"), ErrorCode.SOURCE_MISSING)
                .contains("PODSEAL_NO_SUCH");
    }

    @ParameterizedTest
    @ValueSource(strings = {"podseal:mount:%s/no", "podseal:env:PODSEAL_NO_SUCH", "podseal:mount:%s/empty"})
    void optionalForgivesAbsenceOfTheSource(String location) throws IOException {
        Files.createDirectory(folder.resolve("empty"));
        String optional = "optional:" + location.formatted(folder);
        try (ApplicationContext context = ApplicationContext.run(mount.settings("", "podseal.import[0]", optional))) {
            assertThat(context.getEnvironment().getPropertySources())
                    .noneMatch(source -> source.toString().contains("podseal:"));
        }
    }

    @Test
    void anOptionalSourceThatAppearsLaterIsThereAfterARefreshOfTheEnvironment() throws IOException {
        Path file = Files.createDirectory(folder.resolve("later")).resolve("password");
        Map<String, Object> settings =
                mount.settings("", "podseal.import[0]", "optional:podseal:file:" + file + "?secret=db-credentials");
        settings.put("podseal.keysets[0]", file("api.keyset.json").replace("podseal:", ""));
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            assertThat(context.getProperty("password", String.class)).isEmpty();
            Files.write(file, mount.item("password"));
            context.getEnvironment().refresh();
            assertThat(context.getProperty("password", String.class)).hasValue("correct horse");
        }
        Threads.assertNoneOfPodseal();
    }

    @Test
    void optionalDoesNotForgiveARefusal() {
        mount.raw("password", "plain").write();
        Refusal.of(mount.settings("", "podseal.import[0]", "optional:" + mount.location()), ErrorCode.FORMAT)
                .contains("item 'password'");
    }

    @Test
    void optionalDoesNotForgiveAMissingKeyset() {
        mount.without("api.keyset.json").write();
        Refusal.of(mount.settings("", "podseal.import[0]", "optional:" + mount.location()), ErrorCode.SOURCE_MISSING)
                .contains("keyset");
    }

    @ParameterizedTest
    @CsvSource({
        "podseal:secret:payments/DB, as Kubernetes spells them",
        "podseal:mout:/etc/x, mount",
        "podseal:mount:/etc/x?prefx=db., prefix",
        "podseal:mount:/etc/x?name=y, takes no parameter name",
        "podseal:mount:, names nothing",
        "vault:mount:/etc/x, unknown scheme",
    })
    void locationThatIsNotForThisReleaseOrMistypedIsRefused(String location, String expected) {
        Refusal.of(mount.settings("", "podseal.import[0]", location), ErrorCode.CONFIGURATION)
                .contains(expected, location);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "micronaut.server.port",
                "MICRONAUT.config.import",
                "endpoints.env.sensitive",
                "Logger.levels.root",
                "podseal.enabled",
                "spring.config.import",
                "spring.profiles.active",
                "server",
                "logging.config",
                "management.x"
            })
    void reservedNameWithoutPrefixIsRefusedAndWithOneIsNot(String item) {
        mount.sealed(item, "x").write();
        Refusal.of(mount.settings(""), ErrorCode.CONFIGURATION).contains("'" + item + "'", "?prefix=");
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=app."))) {
            assertThat(context.getProperty("app." + item, String.class)).hasValue("x");
            assertThat(context.getProperty(item, String.class)).isEmpty();
        }
    }

    @Test
    void reservedNameThatIsAllowedByNameIsSet() {
        mount.sealed("micronaut.application.name", "ledger").write();
        Map<String, Object> settings = mount.settings("", "podseal.reserved.allow[0]", "micronaut.application.name");
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            assertThat(context.getProperty("micronaut.application.name", String.class))
                    .hasValue("ledger");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"db_password", "dbPassword", "db-Password"})
    void twoItemsThatMicronautTakesForOnePropertyAreRefusedNamingBoth(String other) {
        mount.sealed("db-password", "1").sealed(other, "2").write();
        Refusal.of(mount.settings(""), ErrorCode.CONFIGURATION).contains("'db-password'", "'" + other + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1password", "_password"})
    void nameThatMicronautWouldNeverFindIsRefused(String item) {
        mount.sealed(item, "x").write();
        Refusal.of(mount.settings(""), ErrorCode.CONFIGURATION).contains("'" + item + "'", "begin with a letter");
    }

    @Test
    void environmentOutranksImportsAndImportsOutrankTheApplicationsFiles() {
        mount.sealed("from-file", "sealed").write();
        Map<String, Object> settings = mount.settings("?prefix=ranks.", "ranks.password", "from the environment");
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            assertThat(context.getProperty("ranks.password", String.class)).hasValue("from the environment");
            assertThat(context.getProperty("ranks.from-file", String.class)).hasValue("sealed");
            assertThat(context.getProperty("ranks.only-in-file", String.class)).hasValue("file");
        }
    }

    @Test
    void itemsAreTakenAsTheyAreAndFoundInAnySpellingOfMicronaut() {
        mount.sealed("tls.crt", "certificate").sealed("apiKey", "k").write();
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=my%2E"))) {
            assertThat(context.getProperty("my.tls.crt", String.class)).hasValue("certificate");
            assertThat(context.getProperty("my.api-key", byte[].class)).hasValue("k".getBytes(UTF_8));
        }
    }

    private String file(String item) {
        return "podseal:file:" + mount.directory.resolve(item);
    }
}
