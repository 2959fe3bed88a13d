// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static io.podseal.spring.Starts.start;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;

/** Values that look like Spring's own syntax reach the application character for character. */
class VerbatimTest {
    @TempDir
    Path root;

    @Configuration(proxyBeanMethods = false)
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    static class WithConfigurer {
        @Bean
        static PropertySourcesPlaceholderConfigurer placeholders() {
            return new PropertySourcesPlaceholderConfigurer();
        }
    }

    @Test
    void valuesThatLookLikePlaceholdersArriveAsTheyAre() throws IOException {
        assertVerbatim(Application.class);
    }

    @Test
    void soTheyDoWithAPlaceholderConfigurerInTheContext() throws IOException {
        assertVerbatim(WithConfigurer.class);
    }

    private void assertVerbatim(Class<?> application) throws IOException {
        List<String> values = hostileValues();
        Workload workload = Workload.in(root);
        Mount mount = workload.mount("values").withKeyset();
        values.add(workload.sealed("values", "v" + values.size(), "opened once, not twice"));
        List<String> args = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            mount.sealed("v" + i, values.get(i));
            args.add("--outer" + i + "=<${s.v" + i + "}>");
            args.add("--outermost" + i + "=<${outer" + i + "}${s.v" + i + ":none}>");
        }
        mount.delivered();
        args.add(mount.importing("?prefix=s."));
        try (var context = start(application, workload.args(args.toArray(String[]::new)))) {
            for (int i = 0; i < values.size(); i++) {
                assertDelivered(context, i, values.get(i));
            }
        }
    }

    private static void assertDelivered(ConfigurableApplicationContext context, int i, String value) {
        var environment = context.getEnvironment();
        Binder binder = Binder.get(environment);
        String inOuter = "<" + value + ">";
        String inOutermost = "<" + inOuter + value + ">";
        assertThat(environment.getProperty("s.v" + i)).as("Environment").isEqualTo(value);
        assertThat(environment.getProperty("outer" + i)).as("nested").isEqualTo(inOuter);
        assertThat(environment.getProperty("outermost" + i)).as("nested twice").isEqualTo(inOutermost);
        assertThat(environment.resolveRequiredPlaceholders("${s.v" + i + "}"))
                .as("text")
                .isEqualTo(value);
        assertThat(binder.bind("s.v" + i, String.class).get()).as("Binder").isEqualTo(value);
        assertThat(binder.bind("outer" + i, String.class).get())
                .as("Binder, nested")
                .isEqualTo(inOuter);
        assertThat(binder.bind("outermost" + i, String.class).get())
                .as("Binder, nested twice")
                .isEqualTo(inOutermost);
        assertThat(injected(context, "${s.v" + i + "}")).as("@Value").isEqualTo(value);
        assertThat(injected(context, "${outermost" + i + "}"))
                .as("@Value, nested twice")
                .isEqualTo(inOutermost);
    }

    /** What {@code @Value} does with its text. */
    private static @Nullable Object injected(ConfigurableApplicationContext context, String text) {
        var beans = context.getBeanFactory();
        String resolved = beans.resolveEmbeddedValue(text);
        return Objects.requireNonNull(beans.getBeanExpressionResolver())
                .evaluate(resolved, new BeanExpressionContext(beans, null));
    }

    /** Every text of up to five of these pieces would be too many: all of up to three, and some longer ones. */
    private static List<String> hostileValues() {
        List<String> pieces = List.of("${", "\\", "}", ":", "$", "{", "a", "#");
        List<String> values = new ArrayList<>(List.of(
                "",
                " ",
                "${nope}",
                "${nope:default}",
                "\\${nope}",
                "\\\\${nope}",
                "\\\\\\${nope}",
                "a\\${b}\\${c}\\\\${d}",
                "${${nested}}",
                "$${double}",
                "${s.v0}",
                "\\$\\{x}",
                "\\:",
                "a\\:b${c\\:d}",
                "${a",
                "}${",
                "#$\\{x}",
                "podseal:v1:payments/api:looks-like-a-token",
                "line\nbreak\ttab",
                "trailing newline\n",
                "{cipher}x",
                "ünïcödé \uD83D\uDD11 ${\uD83D\uDD11}",
                "key: [yaml, 'quoted']",
                "%s %n {0}"));
        for (String a : pieces) {
            for (String b : pieces) {
                for (String c : pieces) {
                    values.add(a + b + c + "x}");
                }
            }
        }
        values.removeIf(value -> value.contains("#{"));
        return values;
    }
}
