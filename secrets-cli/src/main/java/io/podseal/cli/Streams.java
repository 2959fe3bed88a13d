// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.OneLine;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where a run reads and writes. Results go out only when they are complete, and nothing else goes out there. */
record Streams(InputStream in, OutputStream out, PrintStream err, Terminal terminal) {
    /** The descriptors themselves: {@code System.out} would swallow a full disk. */
    static Streams ofProcess() {
        return new Streams(
                // Buffered also because FileInputStream.readNBytes of JDK 17 fails on a pipe.
                new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                new FileOutputStream(FileDescriptor.out),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Terminal.ofProcess());
    }

    void result(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because("standard output cannot be written; see where it leads");
        }
    }

    void result(String text) {
        result(text.getBytes(StandardCharsets.UTF_8));
    }

    /** For usage help, asked for with {@code --help}. */
    PrintWriter help() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    /** Something that the user should know, though all went well. */
    void note(String text) {
        err.println("podseal: note: " + OneLine.of(text));
    }
}
