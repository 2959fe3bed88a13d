// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.annotation.BootstrapContextCompatible;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.env.BootstrapPropertySourceLocator;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
import io.podseal.ErrorCode;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings count where they are read early enough, and stop the start where they are not. */
class SettingsPlaceTest {
    @TempDir
    Path folder;

    private SealedMount mount;

    @BeforeEach
    void layOut() {
        mount = SealedMount.in(folder).sealed("password", "correct horse").write();
    }

    /** Would fail before the reason is said, if the reason were looked for any later. */
    @Context
    @Requires(env = "misplaced")
    static final class EagerBean {
        EagerBean(@Value("${there.is.none}") String none) {
            assertThat(none).isNotNull();
        }
    }

    @Singleton
    @BootstrapContextCompatible
    @Requires(property = "other.locator")
    static final class OtherLocator implements BootstrapPropertySourceLocator {
        @Override
        public Iterable<PropertySource> findPropertySources(Environment environment) {
            return List.of(PropertySource.of("other", Map.of("other.value", "found")));
        }
    }

    @Test
    void bootstrapFileIsEnoughAndMayHoldPlaceholders() {
        Map<String, Object> paths = Map.of("test.mount", mount.directory.toString(), "test.kek", mount.kekUri());
        try (ApplicationContext context = ApplicationContext.run(paths, "fromfile")) {
            assertThat(context.getProperty("db.password", String.class)).hasValue("correct horse");
        }
    }

    @Test
    void systemPropertiesAreEnough() {
        Map<String, Object> settings = mount.settings("?prefix=db.");
        settings.forEach((name, value) -> System.setProperty(name, value.toString()));
        try (ApplicationContext context = ApplicationContext.run()) {
            assertThat(context.getProperty("db.password", String.class)).hasValue("correct horse");
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void settingInTheApplicationsOwnFileStopsTheStartBeforeAnyBean() {
        Throwable thrown = catchThrowable(() -> ApplicationContext.run(mount.settings("?prefix=db."), "misplaced")
                .close());
        Refusal.of(ErrorCode.CONFIGURATION, thrown)
                .contains(
                        "podseal.require-item-bound",
                        "podseal.keyset-pins[0]",
                        "'application-misplaced'",
                        "bootstrap.yml");
        Threads.assertNoneOfPodseal();
    }

    @Test
    void settingInTheApplicationsOwnFileStopsTheStartWithoutAnyImportToo() {
        Throwable thrown =
                catchThrowable(() -> ApplicationContext.run("misplaced").close());
        Refusal.of(ErrorCode.CONFIGURATION, thrown).contains("podseal.require-item-bound");
    }

    @Test
    void switchedOffBootstrapContextStopsTheStartInsteadOfLeavingTheValuesOut() {
        ApplicationContextBuilder builder = ApplicationContext.builder()
                .properties(mount.settings("?prefix=db."))
                .bootstrapEnvironment(false);
        Refusal.of(ErrorCode.CONFIGURATION, catchThrowable(() -> builder.start().close()))
                .contains("podseal.import", "bootstrapEnvironment(false)");
    }

    @Test
    void switchedOffBootstrapContextDisturbsNobodyWhoImportsNothing() {
        try (ApplicationContext context =
                ApplicationContext.builder().bootstrapEnvironment(false).start()) {
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void disabledGivesNothingAndReadsNothing() {
        Map<String, Object> settings = mount.raw("password", "plain").write().settings("?prefix=db.");
        settings.put("podseal.enabled", "false");
        settings.remove("podseal.identity");
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            assertThat(context.containsProperty("db.password")).isFalse();
            Threads.assertNoneOfPodseal();
        }
    }

    @Test
    void disabledLetsSettingsStandAnywhere() {
        try (ApplicationContext context = ApplicationContext.run(
                Map.of("podseal.enabled", false, "there.is.none", "for the eager bean"), "misplaced")) {
            assertThat(context.isRunning()).isTrue();
        }
    }

    @Test
    void importThroughTheFrameworksOwnSettingIsRefusedAndNotIgnored() {
        Throwable thrown = catchThrowable(
                () -> ApplicationContext.run(Map.of("micronaut.config.import", "podseal://mount" + mount.directory))
                        .close());
        assertThat(thrown).hasMessageContaining("micronaut.config.import");
        Throwable inAFile =
                catchThrowable(() -> ApplicationContext.run("framework-import").close());
        assertThat(inAFile).hasMessageContaining("micronaut.config.import").hasMessageContaining("podseal");
    }

    @Test
    void locatorsOfOthersAreStillAsked() {
        Map<String, Object> settings = mount.settings("?prefix=db.", "other.locator", true);
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            assertThat(context.getProperty("db.password", String.class)).hasValue("correct horse");
            assertThat(context.getProperty("other.value", String.class)).hasValue("found");
        }
    }
}
