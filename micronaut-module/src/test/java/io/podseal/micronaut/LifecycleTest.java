// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Prototype;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.env.Environment;
import io.micronaut.runtime.context.scope.refresh.RefreshEvent;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleTest {
    @TempDir
    Path folder;

    private SealedMount mount;

    @BeforeEach
    void layOut() {
        mount = SealedMount.in(folder).sealed("password", "one").write();
    }

    @Prototype
    @Requires(property = "db.password")
    record Reader(@Property(name = "db.password") String password) {}

    private Map<String, Object> settings() {
        return mount.settings("?prefix=db.", "podseal.refresh.min-interval", "0s");
    }

    @Test
    void storesAreClosedWithTheContext() {
        try (ApplicationContext context = ApplicationContext.run(settings())) {
            assertThat(context.isRunning()).isTrue();
            assertThat(Threads.ofPodseal()).isNotEmpty();
        }
        Threads.assertNoneOfPodseal();
    }

    @Test
    void storesOpenedBeforeARefusalAreClosed() {
        Map<String, Object> settings = settings();
        settings.put("podseal.import[1]", "podseal:mount:" + folder + "/no");
        Refusal.of(settings, ErrorCode.SOURCE_MISSING).contains(folder + "/no");
        Threads.assertNoneOfPodseal();
    }

    @Test
    void contextThatIsStartedAgainOpensItsImportsAgain() {
        ApplicationContext context = ApplicationContext.run(settings());
        context.stop();
        try (ApplicationContext again = ApplicationContext.run(settings())) {
            assertThat(again.getProperty("db.password", String.class)).hasValue("one");
        }
        Threads.assertNoneOfPodseal();
    }

    @Test
    void propertiesAreReadLive() {
        try (ApplicationContext context = ApplicationContext.run(settings())) {
            assertThat(context.getBean(Reader.class).password()).isEqualTo("one");
            mount.sealed("password", "two").write();
            await().untilAsserted(() ->
                    assertThat(context.getBean(Reader.class).password()).isEqualTo("two"));
            assertThat(context.getProperty("db.password", char[].class)).hasValue("two".toCharArray());
        }
    }

    @Test
    void refusedUpdateKeepsTheLastGoodValues() {
        try (ApplicationContext context = ApplicationContext.run(settings())) {
            mount.sealed("password", "two").raw("user", "plain").write();
            context.getEnvironment().refresh();
            assertThat(context.getProperty("db.password", String.class)).hasValue("one");
            mount.without("user").write();
            context.getEnvironment().refresh();
            assertThat(context.getProperty("db.password", String.class)).hasValue("two");
        }
    }

    @Test
    void updateThatWouldSetAReservedNameKeepsTheLastGoodValues() {
        Map<String, Object> settings = mount.settings("", "podseal.refresh.min-interval", "0s");
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            mount.sealed("password", "two")
                    .sealed("logger.config", "no-such-file")
                    .write();
            context.getEnvironment().refresh();
            assertThat(context.getProperty("password", String.class)).hasValue("one");
            assertThat(context.getProperty("logger.config", String.class)).isEmpty();
            mount.without("logger.config").write();
            context.getEnvironment().refresh();
            assertThat(context.getProperty("password", String.class)).hasValue("two");
        }
    }

    @Test
    void refreshOfTheEnvironmentFindsNewItemsAndKeepsTheStores() {
        try (ApplicationContext context = ApplicationContext.run(settings())) {
            List<String> threads = refreshThreads();
            mount.sealed("user", "api").write();
            for (int i = 0; i < 5; i++) {
                context.getEnvironment().refresh();
            }
            assertThat(context.getProperty("db.user", String.class)).hasValue("api");
            assertThat(context.getProperty("db.password", String.class)).hasValue("one");
            assertThat(refreshThreads()).isEqualTo(threads);
        }
        Threads.assertNoneOfPodseal();
    }

    private static List<String> refreshThreads() {
        return Threads.ofPodseal().stream()
                .filter(name -> name.equals("podseal-refresh"))
                .toList();
    }

    @Test
    void refreshTellsWhatChangedWithoutAnyValue() {
        try (ApplicationContext context = ApplicationContext.run(settings())) {
            Environment environment = context.getEnvironment();
            assertThat(environment.refreshAndDiff()).doesNotContainKey("db.password");
            mount.sealed("password", "two").write();
            Map<String, Object> changes = environment.refreshAndDiff();
            assertThat(changes).containsKey("db.password");
            assertThat(changes.get("db.password")).hasToString("***");
            assertThat(new RefreshEvent(changes).toString() + changes).doesNotContain("one", "two");
        }
    }

    @Test
    void itemThatLeftItsSecretIsMissedAndNotInvented() {
        mount.sealed("user", "api").write();
        try (ApplicationContext context = ApplicationContext.run(settings())) {
            Environment environment = context.getEnvironment();
            Object property = Objects.requireNonNull(
                    environment.getProperty("db.user", Object.class).orElse(null));
            mount.without("user").write();
            environment.refresh();
            assertThatThrownBy(() -> context.getConversionService().convert(property, String.class))
                    .isInstanceOf(PodsealException.class)
                    .hasMessageContaining("item 'user'");
        }
    }
}
