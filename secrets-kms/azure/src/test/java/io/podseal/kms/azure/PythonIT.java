// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podseal.testkit.MissingPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Wrapped keysets are opened without any of our code, by a few lines of Python and the private key. */
final class PythonIT extends KeyVaultTest {
    private static final String PYTHON =
            Optional.ofNullable(System.getenv("PODSEAL_PYTHON")).orElse("python3");

    @BeforeEach
    void python() throws Exception {
        if (!canRun(PYTHON, "-c", "import cryptography")) {
            MissingPart.abort(
                    "needs python3 with the package cryptography (Debian: apt-get install python3-cryptography);"
                            + " PODSEAL_PYTHON names another interpreter");
        }
    }

    private static boolean canRun(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    private static List<String> opened(List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON, "src/test/python/open_wrapped.py"));
        files.forEach(file -> command.add(file.toString()));
        Process python = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(python.getInputStream().readAllBytes(), UTF_8);
        assertThat(python.waitFor()).isZero();
        return printed.lines().toList();
    }

    @Test
    void everyVectorIsWhatItClaims() throws Exception {
        List<Vector> vectors = Vector.all();
        List<String> expected = vectors.stream()
                .map(vector -> vector.file() + " " + (vector.json().has("refused") ? "refused" : vector.text("keyset")))
                .toList();
        assertThat(opened(vectors.stream().map(Vector::file).toList())).isEqualTo(expected);
    }

    @Test
    void whatThisAdapterWrapsOpens() throws Exception {
        List<Path> files = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (String name : List.of("opens-rsa-2048", "opens-rsa-4096")) {
            Vector vector = Vector.named(name);
            server.key(KEY, vector.key());
            byte[] keyset = ("keyset for " + name).getBytes(UTF_8);
            ObjectNode ours = vector.json().deepCopy();
            ours.put("associatedData", new String(DATA, UTF_8));
            ours.put(
                    "wrapped",
                    Base64.getEncoder().encodeToString(kms.getAead(KEK).encrypt(keyset, DATA)));
            files.add(Files.write(temp.resolve(name), Vector.JSON.writeValueAsBytes(ours)));
            expected.add(files.get(files.size() - 1) + " " + HexFormat.of().formatHex(keyset));
        }
        assertThat(opened(files)).isEqualTo(expected);
    }
}
