// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.core.convert.ConversionContext;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A value shows up nowhere but where it was asked for; each search is one that finds a plain property's value. */
class DisclosureTest {
    private static final String CANARY = "canary-7Qx";
    private static final Logger ROOT = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @TempDir
    Path folder;

    private final Log log = new Log();
    private SealedMount mount;
    private Appender<ILoggingEvent> console;

    private static final class Log extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
            for (IThrowableProxy thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
                lines.add(String.valueOf(thrown.getMessage()));
            }
        }
    }

    @Singleton
    @Requires(property = "db.password")
    record Text(
            @Value("${db.password}") String value,
            @Property(name = "db.password") String property,
            @Value("jdbc:x?password=${db.password}") String embedded) {
        /** Micronaut logs each bean that it creates. */
        @Override
        public String toString() {
            return "Text";
        }
    }

    @Singleton
    @Requires(property = "db.port")
    record Port(@Property(name = "db.port") int port) {}

    @Singleton
    @Requires(property = "db.port")
    record PortByValue(
            @Value("${db.port}") int port,
            @Value("${db.password}") String text) {}

    @Singleton
    @Requires(property = "db.port")
    static final class PortInField {
        @Value("${db.port:1}")
        int port;
    }

    @Singleton
    @Requires(property = "db.port")
    static final class PortInMethod {
        int port;

        @Inject
        void setPort(@Value("${db.port}") int port) {
            this.port = port;
        }
    }

    @Singleton
    @Requires(property = "compared", value = "x")
    static final class Compared {}

    @ConfigurationProperties("db")
    @Requires(property = "db.port")
    static final class Db {
        private int port;

        int getPort() {
            return port;
        }

        void setPort(int port) {
            this.port = port;
        }
    }

    @BeforeEach
    void listen() {
        mount = SealedMount.in(folder).sealed("password", CANARY).write();
        console = ROOT.getAppender("console");
        ROOT.detachAppender(console);
        log.start();
        ROOT.addAppender(log);
    }

    @AfterEach
    void quiet() {
        ROOT.setLevel(Level.WARN);
        ROOT.detachAppender(log);
        ROOT.addAppender(console);
        System.clearProperty("micronaut.inject.trace");
    }

    @Test
    void everythingAtDebugLogsNoValue() {
        ROOT.setLevel(Level.DEBUG);
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=db."))) {
            assertThat(context.getBean(Text.class).embedded()).endsWith(CANARY);
            ROOT.info("the control {}", CANARY);
        }
        assertThat(log.lines).filteredOn(line -> line.contains(CANARY)).containsExactly("the control " + CANARY);
    }

    @Test
    void wherePropertiesAreLoggedNoValueIsDecrypted() {
        ROOT.setLevel(Level.TRACE);
        try (ApplicationContext context =
                ApplicationContext.run(mount.settings("?prefix=db.", "plain", "control-3Zk"))) {
            assertThat(context.getProperty("plain", String.class)).hasValue("control-3Zk");
            Throwable thrown = catchThrowable(() -> context.getBean(Text.class));
            assertThat(thrown).hasStackTraceContaining("CONFIGURATION: property db.password: logger io.micronaut");
            assertThat(thrown).hasStackTraceContaining("set it to DEBUG");
        }
        assertThat(log.lines).noneMatch(line -> line.contains(CANARY));
        assertThat(log.lines).anyMatch(line -> line.contains("Resolved value [control-3Zk]"));
    }

    @Test
    void whereTheTracerOfMicronautRunsNoValueIsDecrypted() {
        System.setProperty("micronaut.inject.trace", Text.class.getName());
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=db."))) {
            assertThat(catchThrowable(() -> context.getBean(Text.class)))
                    .hasStackTraceContaining("micronaut.inject.trace is set");
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Port.class, PortByValue.class, PortInField.class, PortInMethod.class, Db.class})
    void conversionErrorShowsNoValue(Class<?> bean) {
        mount.sealed("port", CANARY).write();
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=db."))) {
            assertThat(messages(catchThrowable(() -> context.getBean(bean))))
                    .contains("property db.port is no ")
                    .doesNotContain(CANARY);
        }
        Map<String, Object> plain = Map.of("db.password", "x", "db.port", CANARY);
        try (ApplicationContext control = ApplicationContext.run(plain)) {
            assertThat(messages(catchThrowable(() -> control.getBean(bean)))).contains(CANARY);
        }
        assertThat(log.lines).noneMatch(line -> line.contains(CANARY));
    }

    private static String messages(@Nullable Throwable thrown) {
        StringBuilder messages = new StringBuilder();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            messages.append(each).append('\n');
        }
        return messages.toString();
    }

    @Test
    void conversionErrorKeepsNoValueBehind() {
        mount.sealed("port", CANARY).write();
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=db."))) {
            var request = ConversionContext.of(Integer.class);
            assertThat(context.getEnvironment().getProperty("db.port", request)).isEmpty();
            assertThat(request.getLastError()).hasValueSatisfying(error -> {
                assertThat(error.getOriginalValue())
                        .hasValueSatisfying(value -> assertThat(value).hasToString("***"));
                assertThat(messages(error.getCause())).doesNotContain(CANARY);
            });
        }
    }

    @Test
    void comparisonInAConditionIsRefusedBecauseMicronautQuotesIt() {
        mount.sealed("compared", CANARY).write();
        ROOT.setLevel(Level.DEBUG);
        Throwable thrown = catchThrowable(() -> {
            try (ApplicationContext context = ApplicationContext.run(mount.settings(""))) {
                context.getBean(Compared.class);
            }
        });
        assertThat(messages(thrown))
                .contains("property compared: a @Requires compares")
                .doesNotContain(CANARY);
        assertThat(log.lines).noneMatch(line -> line.contains(CANARY));
        try (ApplicationContext control = ApplicationContext.run(Map.of("compared", CANARY))) {
            assertThat(messages(catchThrowable(() -> control.getBean(Compared.class))))
                    .contains(CANARY);
        }
    }

    @Test
    void numbersAreInjectedHoweverTheyAreAskedFor() {
        mount.sealed("port", "5432").write();
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=db."))) {
            assertThat(context.getBean(Port.class).port()).isEqualTo(5432);
            assertThat(context.getBean(PortByValue.class).port()).isEqualTo(5432);
            assertThat(context.getBean(PortInField.class).port).isEqualTo(5432);
            assertThat(context.getBean(PortInMethod.class).port).isEqualTo(5432);
            assertThat(context.getBean(Db.class).getPort()).isEqualTo(5432);
        }
    }

    @Test
    void otherTypesAreConvertedFromTheText() throws Exception {
        mount.sealed("port", "5432")
                .sealed("url", "https://db.example/x")
                .sealed("timeout", "30s")
                .sealed("on", "true")
                .write();
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=db."))) {
            assertThat(context.getProperty("db.port", Long.class)).hasValue(5432L);
            assertThat(context.getProperty("db.url", URL.class)).hasValue(new URL("https://db.example/x"));
            assertThat(context.getProperty("db.timeout", Duration.class)).hasValue(Duration.ofSeconds(30));
            assertThat(context.getProperty("db.on", boolean.class)).hasValue(true);
            assertThat(context.getProperty("db.password", CharSequence.class)).hasValue(CANARY);
            assertThat(context.getProperty("db.password", Optional.class)).hasValue(Optional.of(CANARY));
        }
    }

    @Test
    void valueThatIsNoTextIsRefusedAsTextAndGivenAsBytes() {
        byte[] binary = {(byte) 0xc3, (byte) 0x28};
        mount.sealed("key", binary).write();
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=db."))) {
            assertThat(context.getProperty("db.key", byte[].class)).hasValue(binary);
            Refusal.of(ErrorCode.FORMAT, catchThrowable(() -> context.getProperty("db.key", String.class)))
                    .contains("UTF-8");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${nope}",
                "${db.other}",
                "a${",
                "${random.uuid}",
                "#{1+1}",
                "\\${x}",
                "a,b",
                "podseal:v1:payments/api:",
                "- yaml: [",
                " spaces \t\n"
            })
    void valueIsDeliveredAsItIsAndNeverInterpreted(String value) {
        mount.sealed("password", value).sealed("other", "other").write();
        Map<String, Object> settings = mount.settings("?prefix=db.", "direct", "${db.password}");
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            Text text = context.getBean(Text.class);
            assertThat(text.value()).isEqualTo(value);
            assertThat(text.property()).isEqualTo(value);
            assertThat(text.embedded()).isEqualTo("jdbc:x?password=" + value);
            assertThat(context.getProperty("direct", String.class)).hasValue(value);
            assertThat(context.getProperty("db.password", char[].class)).hasValue(value.toCharArray());
        }
        try (ApplicationContext control =
                ApplicationContext.run(Map.of("db.password", "${db.other}", "db.other", "x"))) {
            assertThat(control.getBean(Text.class).value()).isEqualTo("x");
        }
    }

    @Test
    void valueThatIsItselfATokenIsOpenedOnce() {
        mount.sealed("password", "sealed twice");
        String inner = new String(mount.item("password"), UTF_8);
        mount.sealed("password", inner).write();
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=db."))) {
            assertThat(context.getBean(Text.class).value()).isEqualTo(inner);
            assertThat(context.getProperty("db.password", byte[].class)).hasValue(inner.getBytes(UTF_8));
        }
    }

    @Test
    void mapsOfPropertiesAndPropertySourcesShowNoValue() {
        try (ApplicationContext context =
                ApplicationContext.run(mount.settings("?prefix=db.", "db.plain", "control"))) {
            assertThat(context.getProperties("db").toString())
                    .contains("plain=control", "password=***")
                    .doesNotContain(CANARY);
            assertThat(context.getEnvironment().getPropertySources()).anySatisfy(source -> {
                assertThat(source).hasToString("SealedPropertySource[" + mount.location() + "?prefix=db.]");
                assertThat(source.get("db.password")).hasToString("***");
                assertThat(source).containsExactly("db.password");
            });
        }
    }

    @Test
    void mapOfStringsHoldsTheValuesThatItAskedFor() {
        try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=db."))) {
            var type = io.micronaut.core.type.Argument.mapOf(String.class, String.class);
            assertThat(context.getProperty("db", type)).hasValue(Map.of("password", CANARY));
        }
    }

    @Test
    void refusedStartNeverShowsAValue() {
        mount.sealed("micronaut.x", CANARY).raw("plain", CANARY).write();
        ROOT.setLevel(Level.TRACE);
        for (String parameters : List.of("", "?exclude=plain")) {
            Throwable thrown = catchThrowable(
                    () -> ApplicationContext.run(mount.settings(parameters)).close());
            assertThat(thrown).isInstanceOf(PodsealException.class);
            assertThat(messages(thrown)).doesNotContain(CANARY);
        }
        assertThat(log.lines).noneMatch(line -> line.contains(CANARY));
        assertThatCode(() -> ROOT.trace(CANARY)).doesNotThrowAnyException();
        assertThat(log.lines).anyMatch(line -> line.contains(CANARY));
    }
}
