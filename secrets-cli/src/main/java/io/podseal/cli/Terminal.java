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

    /**
     * Stops showing what is typed.
     *
     * @return shows it again
     */
    Runnable hideInput();

    /** Reads one line, without its end, while nothing shows. */
    default byte[] readHidden(String prompt, InputStream in, PrintStream err) {
        Runnable show = hideInput();
        try {
            err.print(prompt);
            err.flush();
            return readLine(in);
        } catch (IOException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because("the terminal cannot be read");
        } finally {
            show.run();
            err.println();
        }
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

    /** The terminal of this process. Java does not know whether standard input is one; the launcher does, and stty. */
    static Terminal ofProcess() {
        String told = System.getProperty("podseal.terminal");
        boolean input = told == null ? stty("-g") : Boolean.parseBoolean(told);
        return new Terminal() {
            @Override
            public boolean isInput() {
                return input;
            }

            @Override
            public Runnable hideInput() {
                // Ctrl-C must not leave a shell that shows nothing.
                Thread restore = new Thread(() -> stty("echo"), "podseal-echo");
                Runtime.getRuntime().addShutdownHook(restore);
                if (!stty("-echo")) {
                    throw ErrorCode.CONFIGURATION.because("the terminal's echo cannot be switched off (stty -echo);"
                            + " give the value with --in or by a pipe");
                }
                return () -> {
                    Runtime.getRuntime().removeShutdownHook(restore);
                    stty("echo");
                };
            }
        };
    }

    /** Runs it on standard input; false where that is no terminal. */
    private static boolean stty(String mode) {
        try {
            Process process = new ProcessBuilder("stty", mode)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
