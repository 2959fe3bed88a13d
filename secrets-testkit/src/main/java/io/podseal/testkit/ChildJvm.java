// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Another process with the class path of this one: for what needs an environment, rights or a memory of its own. It is told
 * to end by the end of its standard input, and ended in any case by {@link #close}. Its errors go to this process's; its heap
 * has 256 MiB at most, unless it is started with other options. Not thread-safe. Failures to start it, and to speak with it, are unchecked.
 */
public final class ChildJvm implements AutoCloseable {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final int END_SECONDS = 60;

    private final Process process;

    private ChildJvm(Process process) {
        this.process = process;
    }

    /** Starts the {@code main} of that class. */
    public static ChildJvm start(Class<?> main, String... arguments) {
        return start(List.of(), main, arguments);
    }

    /**
     * Starts the {@code main} of that class.
     *
     * @param prefix the command that starts it, for example {@code env NAME=value}, or one that takes rights away
     */
    public static ChildJvm start(List<String> prefix, Class<?> main, String... arguments) {
        return start(prefix, List.of(), main, arguments);
    }

    /**
     * Starts the {@code main} of that class.
     *
     * @param prefix the command that starts it, for example {@code env NAME=value}, or one that takes rights away
     * @param options of the JVM, for example {@code -Xmn200m}; they come last, and override the usual ones
     */
    public static ChildJvm start(List<String> prefix, List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(JAVA, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        try {
            return new ChildJvm(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of the process. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The next line that it prints, or null at its end. It is waited for without a limit: give the test a timeout. */
    public @Nullable String line() {
        try {
            return process.inputReader().readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells it to go on, by an empty line. */
    public void proceed() {
        tell("");
    }

    /** Writes that line to its standard input. */
    public void tell(String line) {
        try {
            process.outputWriter().write(line + "\n");
            process.outputWriter().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lets it end, and gives its exit code.
     *
     * @throws IllegalStateException where it has not ended after a minute
     */
    public int end() throws InterruptedException {
        try {
            process.outputWriter().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            close();
            throw new IllegalStateException("the child did not end");
        }
        return process.exitValue();
    }

    /** SIGKILL, where it still runs; returns when it is gone. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
