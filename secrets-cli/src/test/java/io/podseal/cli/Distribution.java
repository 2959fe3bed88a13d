// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.kms.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built distribution as a user runs it, in a folder and with an environment that has nothing of this process's. */
final class Distribution {
    static final Path PROGRAM = Path.of(System.getProperty("podseal.distribution", "target/podseal"), "bin", "podseal")
            .toAbsolutePath();

    private final Path folder;
    private final Map<String, String> environment;

    Distribution(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /** What a run left behind; nothing of a credential is in it. */
    record Result(int exit, String out, String err) {
        Result {
            assertThat(out + err).doesNotContain(Refusal.CANARY);
        }

        /** What it printed, all having gone well. */
        String done() {
            assertThat(exit).as(err).isZero();
            return out;
        }

        /** The one line with which it refused. */
        String refused(String code) {
            assertThat(out).isEmpty();
            assertThat(exit).as(err).isOne();
            return err.lines()
                    .filter(line -> line.startsWith("podseal: " + code + ": "))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(err));
        }
    }

    Result run(String input, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(arguments);
        try {
            Path out = Files.createTempFile(folder, "run", ".out");
            Path err = Files.createTempFile(folder, "run", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("HOME", folder.toString());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().write(input.getBytes(UTF_8));
            process.getOutputStream().close();
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
