// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each form is found where the JDK or a library, and not the search, wrote it. */
final class LeakFormTest {
    /** With what each alphabet and each escaping treats apart. */
    private static final String TRYING = "canary/Zw7+qP9$~? >xL&2\"\\\n<ä€𝄞~~~";

    private static final Canary CANARY = Canary.of("trying", TRYING);
    private static final LeakSearch SEARCH = LeakSearch.of(CANARY);
    private static final Canary RANDOM = Canary.random("random");

    static Stream<Arguments> leaks() {
        List<Arguments> leaks = new ArrayList<>();
        for (int before = 0; before < 4; before++) {
            byte[] inside = ("=".repeat(before) + TRYING + "; next").getBytes(UTF_8);
            leaks.add(leak("raw", inside));
            leaks.add(leak("base64, ", Base64.getEncoder().encode(inside)));
            leaks.add(leak("base64url, ", Base64.getUrlEncoder().encode(inside)));
            leaks.add(
                    leak("base64url, ", Base64.getUrlEncoder().withoutPadding().encode(inside)));
            leaks.add(leak(
                    "base64, ", Base64.getMimeEncoder(1000, new byte[] {'\n'}).encode(inside)));
            leaks.add(leak("hex", HexFormat.of().formatHex(inside)));
            leaks.add(leak("upper-case hex", HexFormat.of().withUpperCase().formatHex(inside)));
            leaks.add(leak("hex with colons", HexFormat.ofDelimiter(":").formatHex(inside)));
            leaks.add(leak(
                    "upper-case hex with colons",
                    HexFormat.ofDelimiter(":").withUpperCase().formatHex(inside)));
            leaks.add(leak("list of bytes", Arrays.toString(inside)));
            leaks.add(leak("list of bytes", Arrays.toString(inside).replace(" ", "")));
            leaks.add(leak("list of unsigned bytes", unsigned(inside)));
            leaks.add(leak("URL-encoded", "p=" + URLEncoder.encode(new String(inside, UTF_8), UTF_8)));
            leaks.add(leak(
                    "URL-encoded, space as %20",
                    URLEncoder.encode(new String(inside, UTF_8), UTF_8).replace("+", "%20")));
            leaks.add(leak("URL-encoded, in lower case", lowerCaseEscapes(new String(inside, UTF_8))));
            leaks.add(leak(
                    "JSON", new GsonBuilder().disableHtmlEscaping().create().toJson(new String(inside, UTF_8))));
            leaks.add(leak("UTF-16", new String(inside, UTF_8).getBytes(UTF_16BE)));
            leaks.add(leak("UTF-16", new String(inside, UTF_8).getBytes(UTF_16LE)));
        }
        return leaks.stream();
    }

    private static Arguments leak(String form, String text) {
        return leak(form, text.getBytes(UTF_8));
    }

    private static Arguments leak(String form, byte[] bytes) {
        return Arguments.of(form, bytes);
    }

    private static String unsigned(byte[] bytes) {
        StringBuilder text = new StringBuilder("[");
        for (byte b : bytes) {
            text.append(b & 0xff).append(' ');
        }
        return text.append(']').toString();
    }

    private static String lowerCaseEscapes(String text) {
        StringBuilder out = new StringBuilder();
        String encoded = URLEncoder.encode(text, UTF_8);
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                out.append(encoded.substring(i, i + 3).toLowerCase(Locale.ROOT));
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    @ParameterizedTest
    @MethodSource("leaks")
    void everyFormIsFoundOnceAndNamed(String form, byte[] bytes) {
        ByteArrayOutputStream around = new ByteArrayOutputStream();
        around.writeBytes("before ".getBytes(UTF_8));
        around.writeBytes(bytes);
        around.writeBytes(" after".getBytes(UTF_8));
        assertThat(SEARCH.inBytes(around.toByteArray()).leaks()).singleElement().satisfies(leak -> {
            assertThat(leak.form()).startsWith(form);
            assertThat(leak.canary()).isEqualTo("trying");
        });
    }

    @Test
    void whatEscapesForHtmlIsFoundForAsciiText() {
        Canary html = Canary.of("html", "a&b<c>d\"e\\f g/h");
        String goes = "{\"x\":\"a\\u0026b\\u003cc\\u003ed\\\"e\\\\f g/h\"}";
        assertThat(new Gson().toJson("a&b<c>d\"e\\f g/h")).isEqualTo(goes.substring(5, goes.length() - 1));
        assertThat(LeakSearch.of(html).inText(goes).leaks())
                .singleElement()
                .extracting(Leak::form)
                .isEqualTo("JSON for HTML");
    }

    @Test
    void noEscapingChangesARandomOne() {
        String text = RANDOM.text();
        assertThat(text).hasSize(24).matches("[A-Za-z0-9]+");
        assertThat(URLEncoder.encode(text, UTF_8)).isEqualTo(text);
        assertThat(new Gson().toJson(text)).isEqualTo('"' + text + '"');
        assertThat(Canary.random("other").text()).isNotEqualTo(text);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(SEARCH.inText("malformed token at byte 11 (U+0020): not a namespace")
                        .leaks())
                .isEmpty();
        assertThat(SEARCH.inText(TRYING.substring(1)).leaks()).as("cut").isEmpty();
    }

    @Test
    void nothingPrintsTheValue() {
        String printed = CANARY + " " + SEARCH + SEARCH.inText(TRYING)
                + SEARCH.inText(TRYING).leaks();
        assertThat(printed)
                .contains("canary trying", "trying (raw) in text at 0")
                .doesNotContain("Zw7");
        assertThat(SEARCH.inText(printed).leaks()).isEmpty();
    }
}
