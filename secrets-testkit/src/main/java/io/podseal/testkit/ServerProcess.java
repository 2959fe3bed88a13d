// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server that ends with this JVM, however the JVM ends: beside it a shell reads from a pipe that only the JVM holds, and
 * kills the server when the pipe is closed.
 */
final class ServerProcess {
    private static final String SUPERVISION = """
            exec 3<&0
            log=$1; shift
            "$@" </dev/null 3<&- >>"$log" 2>&1 &
            server=$!
            { read -r _; kill -9 "$server"; } <&3 >/dev/null 2>&1 &
            watch=$!
            echo "$server"
            wait "$server"; code=$?
            kill "$watch"
            exit "$code"
            """;

    private final Process supervisor;
    private final ProcessHandle server;
    private final Path log;

    private ServerProcess(Process supervisor, ProcessHandle server, Path log) {
        this.supervisor = supervisor;
        this.server = server;
        this.log = log;
    }

    static ServerProcess start(Path log, List<String> command) throws IOException {
        List<String> supervised = new ArrayList<>(List.of("/bin/sh", "-c", SUPERVISION, "sh", log.toString()));
        supervised.addAll(command);
        Process supervisor = new ProcessBuilder(supervised)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        BufferedReader output = supervisor.inputReader(UTF_8);
        String pid = output.readLine();
        if (pid == null) {
            throw new IOException("the supervising shell ended: " + tail(log));
        }
        ProcessHandle server = ProcessHandle.of(Long.parseLong(pid))
                .orElseThrow(() -> new IOException(command.get(0) + " ended at once: " + tail(log)));
        return new ServerProcess(supervisor, server, log);
    }

    long pid() {
        return server.pid();
    }

    boolean isAlive() {
        return supervisor.isAlive();
    }

    /** Waits so long at most for it to end. */
    boolean endsWithin(Duration time) throws InterruptedException {
        return supervisor.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** SIGKILL; returns when it is gone. */
    void kill() {
        server.destroyForcibly();
        try {
            if (!endsWithin(Duration.ofSeconds(30))) {
                throw new IllegalStateException("process " + pid() + " outlived SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGSTOP; returns when it stands still. */
    void freeze() {
        Signals.freeze(pid());
    }

    /** SIGCONT. */
    void thaw() {
        Signals.thaw(pid());
    }

    /** The end of what it printed. */
    String tail() {
        return tail(log);
    }

    static String tail(Path log) {
        try {
            List<String> lines = Files.readAllLines(log, UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "(its log cannot be read: " + e + ")";
        }
    }
}
