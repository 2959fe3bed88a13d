// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs commands in this process, in a folder with a KEK and keysets of its own. */
final class Cli {
    static final String IDENTITY = "payments/api";
    static final String SPIFFE_ID = "spiffe://cluster.local/ns/payments/sa/api";

    private static final Terminal NONE = new Terminal() {
        @Override
        public boolean isInput() {
            return false;
        }

        @Override
        public Runnable hideInput() {
            throw new AssertionError("nobody sits there");
        }
    };

    private final Path folder;
    private final String kek;

    Cli(Path folder) {
        this.folder = folder;
        this.kek = kek("kek.json");
    }

    /** What a run left behind. */
    static final class Result {
        private final int exit;
        private final byte[] bytes;
        private final String err;

        private Result(int exit, byte[] bytes, String err) {
            this.exit = exit;
            this.bytes = bytes;
            this.err = err;
        }

        int exit() {
            return exit;
        }

        byte[] bytes() {
            return bytes;
        }

        String err() {
            return err;
        }

        String out() {
            return new String(bytes, UTF_8);
        }

        String done() {
            assertThat(exit).as(err).isZero();
            return out();
        }

        /** Refused with exit code 1 and one line; gives its message. */
        String refused(String code) {
            return oneLine(1, code);
        }

        /** Wrong usage: exit code 2 and one line; gives its message. */
        String wrongUsage() {
            return oneLine(2, "CONFIGURATION");
        }

        private String oneLine(int expected, String code) {
            String start = "podseal: " + code + ": ";
            assertThat(err).startsWith(start).endsWith("\n");
            assertThat(err.strip()).doesNotContain("\n");
            assertThat(bytes).isEmpty();
            assertThat(exit).isEqualTo(expected);
            return err.strip().substring(start.length());
        }
    }

    Result run(String... arguments) {
        return run(new byte[0], arguments);
    }

    Result run(byte[] input, String... arguments) {
        return run(input, NONE, arguments);
    }

    Result run(byte[] input, Terminal terminal, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams =
                new Streams(new ByteArrayInputStream(input), out, new PrintStream(err, true, UTF_8), terminal);
        int exit = Podseal.run(streams, arguments);
        return new Result(exit, out.toByteArray(), err.toString(UTF_8));
    }

    /** Input from a string, by its own name since an argument list would take it. */
    Result given(String input, String... arguments) {
        return run(input.getBytes(UTF_8), arguments);
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    String file(String name) {
        return path(name).toString();
    }

    String file(String name, String content) {
        return file(name, content.getBytes(UTF_8));
    }

    String file(String name, byte[] content) {
        try {
            return Files.write(path(name), content).toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String read(String name) {
        try {
            return Files.readString(path(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String kek() {
        return kek;
    }

    String kek(String name) {
        String uri = "local-kms:" + file(name);
        run("kek", "create", uri).done();
        return uri;
    }

    /** A keyset of that type for {@link #IDENTITY}, under the common KEK. */
    String keyset(String type) {
        String name = type + "-" + System.nanoTime() + ".json";
        List<String> arguments = new ArrayList<>(Arrays.asList(
                "keyset", "create", "--identity", IDENTITY, "--type", type, "--kek", kek, "--out", file(name)));
        if (type.startsWith("hpke")) {
            arguments.addAll(List.of("--public-out", publicOf(file(name))));
        }
        run(arguments.toArray(String[]::new)).done();
        return file(name);
    }

    String keyset() {
        return keyset("aes256-gcm");
    }

    static String publicOf(String keyset) {
        return keyset + ".public";
    }

    String seal(String keyset, String value, String item) {
        return given(value, "seal", "--keyset", keyset, "--kek", kek, "--item", item)
                .done()
                .strip();
    }

    Result open(String keyset, String token, String... more) {
        List<String> arguments =
                new ArrayList<>(Arrays.asList("open", "--keyset", keyset, "--kek", kek, "--identity", IDENTITY));
        arguments.addAll(Arrays.asList(more));
        return given(token, arguments.toArray(String[]::new));
    }
}
