// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static io.podseal.spring.Starts.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.spring.property.PodsealPropertySource;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.validation.annotation.Validated;

/** No log at TRACE, no report and no exception shows a value; the same without sealing does, so the search finds. */
@ExtendWith(OutputCaptureExtension.class)
class DisclosureTest {
    private static final String VALUE = "canary 8b11^d2";
    /** Spring takes the space out of a number before it quotes it. */
    private static final String CANARY = "8b11^d2";

    @TempDir
    Path root;

    private Workload workload;
    private Mount mount;

    @BeforeEach
    void mint() throws IOException {
        workload = Workload.in(root);
        mount = workload.mount("db").withKeyset().sealed("password", VALUE).delivered();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(Text.class)
    static class Application {
        @Value("${db.password}")
        String password = "";
    }

    @ConfigurationProperties("db")
    record Text(String password) {}

    @ConfigurationProperties("db")
    record Whole(int password) {}

    @ConfigurationProperties("db")
    static class LongBean {
        private long password;

        public void setPassword(long password) {
            this.password = password;
        }

        public long getPassword() {
            return password;
        }
    }

    @Validated
    @ConfigurationProperties("db")
    record Checked(@Pattern(regexp = "[0-9]+") String password) {}

    @ConfigurationProperties("outer")
    record Outer(List<Integer> values) {}

    @ConfigurationProperties("db")
    record State(Thread.State password) {}

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(State.class)
    static class BindsEnum {}

    @Configuration(proxyBeanMethods = false)
    static class InjectsList {
        @Value("${db.password}")
        List<Thread.State> states = List.of();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(Whole.class)
    static class BindsNumber {}

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(LongBean.class)
    static class BindsBean {}

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(Checked.class)
    static class BindsChecked {}

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(Outer.class)
    static class BindsOuter {}

    @Configuration(proxyBeanMethods = false)
    static class InjectsNumber {
        @Value("${db.password}")
        int password;
    }

    @Configuration(proxyBeanMethods = false)
    static class InjectsNested {
        @Value("x${outer.values}")
        long password;
    }

    @Configuration(proxyBeanMethods = false)
    static class InjectsUri {
        @Value("${db.password}")
        URI password = URI.create("x:y");
    }

    @Configuration(proxyBeanMethods = false)
    static class InjectsClass {
        @Value("${db.password}")
        Class<?> password = Object.class;
    }

    @Configuration(proxyBeanMethods = false)
    static class InjectsParameter {
        @Bean
        String parameter(@Value("${db.password}") Thread.State state) {
            return state.name();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Throws {
        @Bean
        String bean(Environment environment) {
            throw new IllegalStateException("an application shows " + environment.getProperty("db.password"));
        }
    }

    private String[] sealed(String... more) {
        List<String> args = new ArrayList<>(List.of(more));
        args.add(mount.importing("?prefix=db."));
        args.add("--outer.values=${db.password}");
        return workload.args(args.toArray(String[]::new));
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void aStartAtTraceLogsNoValue(CapturedOutput output) {
        try (var context = Starts.start(Application.class, sealed("--logging.level.root=trace"))) {
            assertThat(context.getBean(Application.class).password).isEqualTo(VALUE);
            assertThat(context.getBean(Text.class).password()).isEqualTo(VALUE);
            PodsealPropertySource source =
                    PodsealPropertySource.in(context.getEnvironment()).get(0);
            assertThat(source + " " + source.getSource() + source.getSource().current() + source.settings()
                            + source.getOrigin("db.password"))
                    .contains("db")
                    .doesNotContain(CANARY);
        }
        assertThat(output).contains("TRACE").doesNotContain(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                BindsNumber.class,
                BindsBean.class,
                BindsChecked.class,
                BindsOuter.class,
                BindsEnum.class,
                InjectsList.class,
                InjectsNumber.class,
                InjectsNested.class,
                InjectsUri.class,
                InjectsClass.class,
                InjectsParameter.class
            })
    void aValueThatCannotBeConvertedIsNeitherLoggedNorThrown(Class<?> application, CapturedOutput output) {
        Throwable failure = failure(application, sealed("--logging.level.root=trace"));
        assertThat(stackTrace(failure)).doesNotContain(CANARY);
        assertThat(output)
                .contains("APPLICATION FAILED TO START", "sealed", "not shown")
                .doesNotContain(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                BindsNumber.class,
                BindsBean.class,
                BindsChecked.class,
                BindsOuter.class,
                BindsEnum.class,
                InjectsList.class,
                InjectsNumber.class,
                InjectsNested.class,
                InjectsUri.class,
                InjectsClass.class,
                InjectsParameter.class
            })
    void theSameWithAnUnsealedValueIsShown(Class<?> application, CapturedOutput output) {
        String[] args = workload.args("--db.password=" + VALUE, "--outer.values=${db.password}");
        Throwable failure = failure(application, args);
        assertThat(stackTrace(failure) + output).contains(CANARY);
    }

    @Test
    void theReportOfABindFailureNamesThePropertyAndTheItem(CapturedOutput output) {
        failure(BindsNumber.class, sealed());
        assertThat(output).contains("'db.password'", "item 'password' of " + mount.location(), "int");
    }

    @Test
    void anApplicationsOwnExceptionWithAValueIsNotReported(CapturedOutput output) {
        Throwable failure = failure(Throws.class, sealed());
        String report = output.getAll().substring(output.getAll().indexOf("APPLICATION FAILED TO START"));
        assertThat(failure).hasMessageContaining(CANARY);
        assertThat(report).contains("IllegalStateException", "not shown").doesNotContain(CANARY);
    }

    @Test
    void conversionsOfTheApplicationStillWork() {
        String[] args = sealed("--db.port=8080");
        try (var context = Starts.start(Converts.class, args)) {
            assertThat(context.getBean(Converts.class).port).isEqualTo(8080);
            assertThat(context.getBean(Converts.class).list).containsExactly("a", "b");
            assertThat(Binder.get(context.getEnvironment())
                            .bind("db.port", Integer.class)
                            .get())
                    .isEqualTo(8080);
            assertThat(Objects.requireNonNull(context.getBean("seconds"))).isEqualTo(30L);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Converts {
        @Value("${db.port}")
        int port;

        @Value("a,b")
        List<String> list = List.of();

        @Bean
        Long seconds(@Value("30s") java.time.Duration duration) {
            return duration.toSeconds();
        }
    }
}
