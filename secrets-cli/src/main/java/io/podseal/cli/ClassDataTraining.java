// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Walks through the commands in a temporary folder, so that the JVM can note which classes they need. The launcher runs it
 * once, after the first run on a Java; its keys are thrown away.
 */
final class ClassDataTraining {
    private static final String MANIFEST = """
            apiVersion: v1
            kind: Secret
            metadata:
              name: example
            stringData:
              text: |
                example
            """;

    private final Path folder;

    private ClassDataTraining(Path folder) {
        this.folder = folder;
    }

    /** Runs all of it; there is nothing to give. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory("podseal-");
        try {
            ClassDataTraining training = new ClassDataTraining(folder);
            training.walk("aes256-gcm");
            training.walk("hpke-xwing");
            KmsTraining.walk();
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        // Its threads must not keep the archive waiting.
        System.exit(0);
    }

    private void walk(String type) {
        String kek = "local-kms:" + folder.resolve(type + ".kek");
        String keyset = folder.resolve(type + ".keyset.json").toString();
        run("", "kek", "create", kek);
        run("", "keyset", "create", "--identity", "any/any", "--type", type, "--kek", kek, "--out", keyset);
        run("", "keyset", "inspect", keyset);
        run("", "keyset", "manifest", keyset);
        String token = run("value", "seal", "--keyset", keyset, "--kek", kek, "--item", "example/text");
        run(token, "inspect");
        run(token, "open", "--keyset", keyset, "--kek", kek, "--identity", "any/any");
        run("not a token", "open", "--keyset", keyset, "--kek", kek, "--identity", "any/any");
        run(MANIFEST, "seal", "--keyset", keyset, "--kek", kek, "-f", "-", "--with-keyset", keyset);
        run("", "keyset", "rotate", keyset, "--kek", kek);
        run("", "print", "rbac", "--identity", "any/any", "--secret", "example");
        run("", "print", "admission-policy");
        run("", "print", "--unknown");
    }

    private static String run(String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Streams streams = new Streams(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                out,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                Terminal.ofProcess());
        Podseal.run(streams, arguments);
        return out.toString(StandardCharsets.UTF_8);
    }
}
