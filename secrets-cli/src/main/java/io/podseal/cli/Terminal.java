// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/** A person at the keyboard, who types a value that must not show. */
interface Terminal {
    /** Whether standard input is one. */
    boolean isInput();

    /** Switches the echo off until the result is closed. */
    Silence silence();

    /** Switches the echo on again when closed. */
    interface Silence extends AutoCloseable {
        @Override
        void close();
    }

    /** Reads one line, without its end, while nothing shows. */
    default byte[] readHidden(String prompt, InputStream in, PrintStream err) {
        byte[] line;
        try (Silence silence = silence()) {
            err.print(prompt);
            err.flush();
            line = readLine(in);
        } catch (IOException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because("the terminal cannot be read");
        }
        err.println();
        return line;
    }

    private static byte[] readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int c = in.read();
        while (c >= 0 && c != '\n') {
            line.write(c);
            c = in.read();
        }
        // A terminal silently drops what passes its line buffer: a value cut short would be sealed.
        if (line.size() >= 1023) {
            throw ErrorCode.SIZE.because("a terminal line is too short for this value; give it with --in or by a pipe");
        }
        return line.toByteArray();
    }

    /** The terminal of this process; the launcher says whether standard input is one, since Java cannot on its own. */
    static Terminal ofProcess() {
        String told = System.getProperty("podseal.terminal");
        boolean input = told == null ? System.console() != null : Boolean.parseBoolean(told);
        return new Terminal() {
            @Override
            public boolean isInput() {
                return input;
            }

            @Override
            public Silence silence() {
                stty("-echo");
                // Ctrl-C must not leave a shell that shows nothing.
                Thread restore = new Thread(() -> stty("echo"), "podseal-echo");
                Runtime.getRuntime().addShutdownHook(restore);
                return () -> {
                    Runtime.getRuntime().removeShutdownHook(restore);
                    stty("echo");
                };
            }
        };
    }

    private static void stty(String mode) {
        boolean done = false;
        try {
            Process process = new ProcessBuilder("stty", mode)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            done = process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException absent) {
            // refused below
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!done) {
            throw ErrorCode.CONFIGURATION.because(
                    "the terminal's echo cannot be switched (stty " + mode + "); give the value with --in or by a pipe");
        }
    }
}
