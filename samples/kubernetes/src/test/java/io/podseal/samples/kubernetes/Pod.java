// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A sample as an ordinary process, {@code java -jar}, that finds what it would find in a pod: the account's token, the CA and
 * the namespace at their place, and the API server's address in its environment. Where mounts of its own are not allowed, the
 * settings name these files instead.
 */
final class Pod implements AutoCloseable {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final int END_MINUTES = 2;

    private final Process process;
    private final Path errors;
    private final StringWriter rest = new StringWriter();

    private Pod(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    /** What is to be started. */
    static final class Description {
        private final Path folder;
        private final Path account;
        private final Path stage;
        private final String namespace;
        private final List<String> command = new ArrayList<>();
        private final List<String> trace = new ArrayList<>();
        private final List<String> jvm = new ArrayList<>(List.of("-XX:-UsePerfData", "-XX:TieredStopAtLevel=1"));
        private final Map<String, String> environment = new TreeMap<>();
        private String root = "writable";

        /**
         * A sample.
         *
         * @param folder its own, for what it prints
         * @param account the folder with token, CA and namespace
         * @param stage the folder that holds everything which it reads
         * @param namespace the account's
         */
        Description(Path folder, Path account, Path stage, String namespace) {
            this.folder = folder;
            this.account = account;
            this.stage = stage;
            this.namespace = namespace;
        }

        Description with(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        Description withProperty(String name, String value) {
            jvm.add("-D" + name + "=" + value);
            return this;
        }

        /** Lets {@code strace} write there what the process opens and writes. */
        Description traced(Path file) {
            trace.addAll(Trace.command(file));
            return this;
        }

        Description withReadOnlyRoot() {
            root = "read-only";
            return this;
        }

        Pod start(String jar) {
            if (Namespace.MOUNTS.isAllowed()) {
                command.addAll(Namespace.MOUNTS.command());
                Path build = Path.of(jar).toAbsolutePath().getParent();
                command.addAll(List.of(
                        "sh", resource("pod.sh"), account.toString(), root, stage.toString(), build.toString()));
            } else {
                withProperty(
                        "podseal.kubernetes.token-file",
                        account.resolve("token").toString());
                withProperty(
                        "podseal.kubernetes.ca-file", account.resolve("ca.crt").toString());
                withProperty("podseal.kubernetes.namespace", namespace);
            }
            command.addAll(trace);
            command.add(JAVA);
            command.addAll(jvm);
            command.addAll(List.of("-jar", jar));
            try {
                Files.createDirectories(folder);
                Path errors = folder.resolve("stderr");
                ProcessBuilder builder =
                        new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
                builder.environment().keySet().retainAll(List.of("PATH", "HOME"));
                builder.environment().putAll(environment);
                return new Pod(builder.start(), errors);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static String resource(String name) {
        return Path.of(Pod.class.getResource("/" + name).getPath()).toString();
    }

    /** The number of the Java process: this one, or the one below {@code strace}. */
    long pid() {
        return process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("java"))
                .findFirst()
                .map(ProcessHandle::pid)
                .orElse(process.pid());
    }

    /** The next line that it prints and that holds this text, for example {@code logged in as}. */
    String line(String containing) {
        StringBuilder before = new StringBuilder();
        try {
            for (String line = process.inputReader().readLine();
                    line != null;
                    line = process.inputReader().readLine()) {
                if (line.contains(containing)) {
                    return line;
                }
                before.append('\n').append(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("it ended: " + errors() + before);
    }

    /** Lets it log in again, and gives what it says of that. */
    String again() {
        try {
            process.outputWriter().write("\n");
            process.outputWriter().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line("");
    }

    /** What it reported. */
    String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it reported, and what it printed at its end: a logger may write to either. */
    String lastWords() {
        return rest + errors();
    }

    /** Lets it end, and gives its exit code. */
    int end() {
        try {
            process.outputWriter().close();
            process.inputReader().transferTo(rest);
            if (process.waitFor(END_MINUTES, TimeUnit.MINUTES)) {
                return process.exitValue();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("it did not end: " + errors());
    }

    /** SIGKILL, where it still runs. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
