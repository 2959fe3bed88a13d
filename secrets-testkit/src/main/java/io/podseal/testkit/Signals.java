// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** SIGSTOP and SIGCONT. */
final class Signals {
    private Signals() {}

    /** Where there is {@code /proc}, returns when all threads of the process stand still. */
    static void freeze(long pid) {
        send("STOP", pid);
        while (!isFrozen(pid)) {
            Thread.onSpinWait();
        }
    }

    static void thaw(long pid) {
        send("CONT", pid);
    }

    /** Whether no thread of it can run; also where it has ended, or there is no {@code /proc}. */
    static boolean isFrozen(long pid) {
        try (Stream<Path> listed = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            List<Path> threads = listed.toList();
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if ("TtZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException ended) {
            return true;
        }
    }

    private static void send(String signal, long pid) {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " $0", Long.toString(pid)).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("process " + pid + " cannot be sent SIG" + signal + "; it has ended");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
