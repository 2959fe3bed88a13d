// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static io.podseal.spring.Starts.start;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.podseal.PodsealException;
import io.podseal.spring.property.PodsealPropertySource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ImportTest {
    @TempDir
    Path root;

    Workload workload;

    @BeforeEach
    void mint() throws IOException {
        workload = Workload.in(root);
    }

    @ConfigurationProperties("db")
    record Db(String user, String password) {}

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(Db.class)
    static class Application {
        @Value("${db.password}")
        String password = "";
    }

    @Configuration(proxyBeanMethods = false)
    static class Failing {
        @Bean
        String fails() {
            throw new IllegalStateException("a bean of the application fails");
        }
    }

    private Mount database() throws IOException {
        return workload.mount("db-credentials")
                .withKeyset()
                .sealed("user", "api")
                .sealed("password", "correct horse")
                .delivered();
    }

    @Test
    void itemsOfAMountArriveAsOrdinaryProperties() throws IOException {
        String[] args = workload.args(database().importing("?prefix=db."));
        try (var context = start(Application.class, args)) {
            assertThat(context.getBean(Application.class).password).isEqualTo("correct horse");
            assertThat(context.getBean(Db.class)).isEqualTo(new Db("api", "correct horse"));
            assertThat(context.getEnvironment().getProperty("db.user")).isEqualTo("api");
        }
    }

    @Test
    void keysetDocumentsAreNoProperties() throws IOException {
        try (var context = start(Starts.Empty.class, workload.args(database().importing("")))) {
            assertThat(source(context).getPropertyNames()).containsExactly("password", "user");
        }
    }

    @Test
    void aFileHoldsOneItemOfItsDirectorysSecret() throws IOException {
        Path token =
                workload.file("db-credentials/password", workload.sealed("db-credentials", "password", "one file"));
        Path keyset = Files.write(root.resolve("api.keyset.json"), workload.keysetDocument());
        String[] args = workload.args(
                "--spring.config.import=podseal:file:" + token + "?prefix=db.", "--podseal.keysets=file:" + keyset);
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("one file");
        }
    }

    @Test
    void anEnvironmentVariableHoldsOneItem() throws IOException, InterruptedException {
        Files.write(root.resolve("api.keyset.json"), workload.keysetDocument());
        Process child = ChildMain.start(
                "SEALED_PASSWORD",
                workload.sealed("db", "db.password", "from the environment"),
                workload.args(
                        "--spring.config.import=podseal:env:SEALED_PASSWORD?key=db.password&secret=db",
                        "--podseal.keysets=file:" + root.resolve("api.keyset.json")));
        assertThat(child.inputReader().lines()).contains("db.password has 20 characters");
        assertThat(child.waitFor()).isZero();
    }

    @Test
    void aVariableThatIsItselfThePropertyToBootIsRefused() throws IOException, InterruptedException {
        Files.write(root.resolve("api.keyset.json"), workload.keysetDocument());
        Process child = ChildMain.start(
                "DB_PASSWORD",
                workload.sealed("db", "db.password", "from the environment"),
                workload.args(
                        "--spring.config.import=podseal:env:DB_PASSWORD?key=db.password&secret=db",
                        "--podseal.keysets=file:" + root.resolve("api.keyset.json")));
        assertThat(child.inputReader().lines())
                .anyMatch(line -> line.contains("'db.password'") && line.contains("hidden by a token"))
                .anyMatch(line -> line.contains("DB_PASSWORD"));
        assertThat(child.waitFor()).isNotZero();
    }

    @Test
    void aRenamedSecretIsOpenedUnderItsOriginalName() throws IOException {
        Mount renamed = workload.mount("db-credentials-7k2f")
                .withKeyset()
                .with("password", workload.sealed("db-credentials", "password", "renamed"))
                .delivered();
        String[] args = workload.args(renamed.importing("?prefix=db.&secret=db-credentials"));
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("renamed");
        }
    }

    @Test
    void anImportInAFileIsTheSame() throws IOException {
        Path yaml = workload.file("config/application.yaml", """
                spring.config.import:
                - "%s?prefix=db.&only=pass*"
                - "optional:podseal:mount:%s"
                podseal:
                  identity: payments/api
                  kms.local.allow-in-cluster: true
                  keks:
                  - local-kms:/not/in/the/document
                  - %s
                """.formatted(
                        database().location(), root.resolve("absent"), workload.kek()));
        try (var context = start(Starts.Empty.class, "--spring.config.location=" + yaml.getParent() + "/")) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("correct horse");
            assertThat(context.getEnvironment().getProperty("db.user")).isNull();
        }
    }

    @Test
    void theMostSpecificPropertySourceWins() throws IOException {
        String[] args = workload.args(database().importing("?prefix=db."), "--db.user=from the command line");
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(context.getEnvironment().getProperty("db.user")).isEqualTo("from the command line");
        }
    }

    @Test
    void theEnvironmentFollowsTheSourceAndBeansKeepWhatTheyHave() throws IOException {
        Mount mount = database();
        String[] args = workload.args(mount.importing("?prefix=db."), "--podseal.refresh.min-interval=0s");
        try (var context = start(Application.class, args)) {
            mount.sealed("password", "rotated").sealed("host", "new").delivered();
            await().atMost(ofMinutes(1))
                    .untilAsserted(() -> assertThat(context.getEnvironment().getProperty("db.password"))
                            .isEqualTo("rotated"));
            assertThat(context.getEnvironment().getProperty("db.host")).isEqualTo("new");
            assertThat(context.getBean(Application.class).password).isEqualTo("correct horse");
        }
    }

    @Test
    void anUpdateThatCannotBeDeliveredLeavesTheLastGoodValues() throws IOException {
        Mount mount = database();
        String[] args = workload.args(mount.importing("?prefix=db."), "--podseal.refresh.min-interval=0s");
        try (var context = start(Application.class, args)) {
            mount.sealed("password", "#{1}").sealed("user", "other").delivered();
            await().atMost(ofMinutes(1))
                    .until(() -> source(context).getSource().status().problem() != null);
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("correct horse");
            assertThat(context.getEnvironment().getProperty("db.user")).isEqualTo("api");
        }
    }

    @Test
    void anUpdateThatWouldSetAReservedNameLeavesTheLastGoodValues() throws IOException {
        Mount mount = database();
        String[] args = workload.args(mount.importing(""), "--podseal.refresh.min-interval=0s");
        try (var context = start(Starts.Empty.class, args)) {
            mount.sealed("password", "other")
                    .sealed("logging.config", "/no/such/file")
                    .delivered();
            source(context).getSource().refresh();
            assertThat(source(context).getSource().status().problem())
                    .isInstanceOf(PodsealException.Configuration.class)
                    .hasMessageContaining("'logging.config'");
            assertThat(context.getEnvironment().getProperty("password")).isEqualTo("correct horse");
            assertThat(context.getEnvironment().getProperty("logging.config")).isNull();
        }
    }

    @Test
    void aDeletedSourceFailsReadingOfItsOwnPropertiesOnlyWhereTheSettingsSaySo() throws IOException {
        Mount mount = database();
        String[] args = workload.args(
                mount.importing("?prefix=db."), "--podseal.refresh.on-delete=fail", "--other=still there");
        try (var context = start(Application.class, args)) {
            mount.deleted();
            source(context).getSource().refresh();
            assertThatThrownBy(() -> context.getEnvironment().getProperty("db.password"))
                    .isInstanceOf(PodsealException.Source.class);
            assertThat(context.getEnvironment().getProperty("other")).isEqualTo("still there");
            assertThat(context.getEnvironment().getProperty("nowhere")).isNull();
        }
    }

    @Test
    void optionalForgivesAbsenceOfTheSource() {
        String[] args = workload.args("--spring.config.import=optional:podseal:mount:" + root.resolve("absent")
                + ",optional:podseal:env:NO_SUCH_VARIABLE");
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(PodsealPropertySource.in(context.getEnvironment())).isEmpty();
        }
    }

    @Test
    void anOptionalSourceThatAppearsLaterShowsUpInTheEnvironment() throws IOException {
        Files.write(root.resolve("api.keyset.json"), workload.keysetDocument());
        Path file = Files.createDirectory(root.resolve("db")).resolve("password");
        String[] args = workload.args(
                "--spring.config.import=optional:podseal:file:" + file + "?prefix=db.",
                "--podseal.keysets=file:" + root.resolve("api.keyset.json"));
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(context.getEnvironment().getProperty("db.password")).isNull();
            assertThat(source(context).getPropertyNames()).isEmpty();
            workload.file("db/password", workload.sealed("db", "password", "there now"));
            source(context).getSource().refresh();
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("there now");
            assertThat(source(context).getPropertyNames()).containsExactly("db.password");
        }
    }

    @Test
    void optionalForgivesNothingElse() throws IOException {
        Mount noKeyset = workload.mount("db").sealed("password", "x").delivered();
        PodsealException refusal =
                Starts.refusal(workload.args("--spring.config.import=optional:" + noKeyset.location()));
        assertThat(refusal).hasMessageContaining("no keyset document");
    }

    @Test
    void disabledGivesNothingAndReadsNothing() {
        try (var context = start(
                Starts.Empty.class,
                "--podseal.enabled=false",
                "--spring.config.import=podseal:mount:" + root.resolve("absent"))) {
            assertThat(PodsealPropertySource.in(context.getEnvironment())).isEmpty();
        }
    }

    @Test
    void theStoreIsClosedWithTheContext() throws IOException {
        Set<Thread> before = refreshThreads();
        try (var context = start(Starts.Empty.class, workload.args(database().importing("")))) {
            assertThat(source(context)).isNotNull();
            assertThat(refreshThreads()).isNotEmpty().isNotEqualTo(before);
        }
        await().atMost(ofMinutes(1))
                .untilAsserted(() -> assertThat(refreshThreads()).isSubsetOf(before));
    }

    @Test
    void theStoreIsClosedWhereTheStartFails() throws IOException {
        Set<Thread> before = refreshThreads();
        assertThat(Starts.failure(Failing.class, workload.args(database().importing(""))))
                .hasMessageContaining("fails");
        await().atMost(ofMinutes(1))
                .untilAsserted(() -> assertThat(refreshThreads()).isSubsetOf(before));
    }

    @Test
    void aStoreIsClosedWhereALaterImportStopsTheStart() throws IOException {
        Set<Thread> before = refreshThreads();
        Starts.refusal(workload.args(database().importing(",podseal:mount:" + root.resolve("absent"))));
        await().atMost(ofMinutes(1))
                .untilAsserted(() -> assertThat(refreshThreads()).isSubsetOf(before));
    }

    @Test
    void aChildContextLeavesTheStoreOfItsParentOpen() throws IOException {
        Mount mount = database();
        SpringApplicationBuilder parent = new SpringApplicationBuilder(Starts.Empty.class).web(WebApplicationType.NONE);
        try (var context =
                parent.run(workload.args(mount.importing("?prefix=db."), "--podseal.refresh.min-interval=0s"))) {
            ConfigurableApplicationContext child =
                    parent.child(Application.class).web(WebApplicationType.NONE).run();
            assertThat(child.getBean(Application.class).password).isEqualTo("correct horse");
            child.close();
            mount.sealed("password", "rotated").delivered();
            await().atMost(ofMinutes(1))
                    .untilAsserted(() -> assertThat(context.getEnvironment().getProperty("db.password"))
                            .isEqualTo("rotated"));
        }
    }

    @Test
    void settingsMayBeTheApplicationsDefaults() throws IOException {
        SpringApplicationBuilder application = new SpringApplicationBuilder(Starts.Empty.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "podseal.identity=payments/api",
                        "podseal.keks=" + workload.kek(),
                        "podseal.kms.local.allow-in-cluster=true");
        try (var context = application.run(database().importing("?prefix=db."))) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("correct horse");
        }
    }

    private static PodsealPropertySource source(ConfigurableApplicationContext context) {
        return PodsealPropertySource.in(context.getEnvironment()).get(0);
    }

    private static Set<Thread> refreshThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("podseal-"))
                .collect(Collectors.toSet());
    }
}
