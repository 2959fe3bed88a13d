// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastAppliedTest {
    private static final String NAME = "kubectl.kubernetes.io/last-applied-configuration";

    private static String stripped(String manifest) {
        return new String(
                Manifest.parse(manifest.getBytes(UTF_8)).withoutLastApplied().toBytes(), UTF_8);
    }

    private static String secret(String annotations) {
        return "apiVersion: v1\nkind: Secret\nmetadata:\n" + annotations + "  name: db # n\nstringData:\n  a: x\n";
    }

    @Test
    void onlyItsLinesGo() {
        String before = "  annotations:\n    # one\n    a: b\n    # two\n    ";
        String after = "    # three\n    c: d\n";
        String without = secret(before.stripTrailing() + "\n" + after);
        for (String value : new String[] {
            "'{\"x\": 1}' # c\n",
            "|\n      {\"x\":\n\n      1}\n",
            "\"{\n      }\"\n",
            "plain\n      text\n",
            "\n      below\n"
        }) {
            assertThat(stripped(secret(before + NAME + ": " + value + after))).isEqualTo(without);
        }
    }

    @Test
    void blankLineBehindABlockStays() {
        assertThat(stripped(secret("  annotations:\n    " + NAME + ": |\n      {}\n\n    c: d\n")))
                .isEqualTo(secret("  annotations:\n\n    c: d\n"));
    }

    @Test
    void onlyAnnotationTakesItsMapAlong() {
        assertThat(stripped(secret("  annotations:\n    # why\n    " + NAME + ": |\n      {}\n")))
                .isEqualTo(secret(""));
        assertThat(stripped(secret("  annotations: {\"" + NAME + "\": '{}'} # c\n")))
                .isEqualTo(secret(""));
    }

    @Test
    void elementOfAFlowGoesWithOneComma() {
        String start = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"db\"";
        String copy = "\"" + NAME + "\": \"{\\\"a\\\":1}\"";
        assertThat(stripped(start + ",\"annotations\":{" + copy + ", \"b\":\"c\"}}}"))
                .isEqualTo(start + ",\"annotations\":{\"b\":\"c\"}}}");
        assertThat(stripped(start + ",\"annotations\":{\"b\":\"c\", " + copy + "}}}"))
                .isEqualTo(start + ",\"annotations\":{\"b\":\"c\"}}}");
        assertThat(stripped(start + ",\"annotations\":{" + copy + "},\"labels\":{}}}"))
                .isEqualTo(start + ",\"labels\":{}}}");
        assertThat(stripped(start + ",\n \"annotations\":{" + copy + "}\n}}")).isEqualTo(start + "\n}}");
    }

    @Test
    void lineEndsStay() {
        String before =
                secret("  annotations:\n    a: b\n    " + NAME + ": x\n").replace("\n", "\r\n");
        assertThat(stripped(before))
                .isEqualTo(secret("  annotations:\n    a: b\n").replace("\n", "\r\n"));
    }

    @Test
    void everySecretIsStrippedAndOthersAreNot() {
        String own = secret("  annotations:\n    a: b\n    " + NAME + ": x\n");
        String configMap = own.replace("kind: Secret", "kind: ConfigMap");
        assertThat(stripped(own + "---\n" + configMap + "---\n" + own))
                .isEqualTo(own.replace("    " + NAME + ": x\n", "") + "---\n" + configMap + "---\n"
                        + own.replace("    " + NAME + ": x\n", ""));
    }

    @Test
    void nothingChangesWithoutIt() {
        String manifest = secret("  annotations: {a: b}\n");
        assertThat(stripped(manifest)).isEqualTo(manifest);
    }

    @Test
    void lineThatHoldsMoreIsRefused() {
        String manifest = secret("  annotations:\n    ? " + NAME + "\n    : x\n    a: b\n");
        assertThat(Refusals.assertRefused("FORMAT", () -> stripped(manifest))).contains("by hand");
    }
}
