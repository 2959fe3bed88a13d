// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {
    @TempDir
    Path folder;

    private Trace traced(String script) {
        Trace.assumePossible();
        Path file = folder.resolve("trace");
        List<String> command = new ArrayList<>(Trace.command(file));
        command.addAll(List.of("sh", "-c", "cd " + folder + "; " + script));
        Program.output("", command);
        return Trace.read(file);
    }

    @Test
    void filesThatWereOpenedByARelativePathAreNamed() {
        assertThat(traced("echo value >relative").files()).contains(folder.resolve("relative"));
    }

    @Test
    void whatWasWrittenToADeletedFileIsKnown() {
        assertThat(new String(traced("exec 3>gone; rm gone; echo a value >&3").written(), UTF_8))
                .contains("a value");
    }

    /** A call that another thread's came between, one that failed, and one whose process was killed within it. */
    @Test
    void callsThatWereInterruptedAreReadWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("lines"), """
                11 openat(AT_FDCWD<\\x2f\\x64>, "\\x61", O_WRONLY|O_CREAT, 0666 <unfinished ...>
                12 openat(AT_FDCWD<\\x2f\\x64>, "\\x62", O_RDWR <unfinished ...>
                13 openat(AT_FDCWD<\\x2f\\x64>, "\\x63", O_WRONLY <unfinished ...>
                11 <... openat resumed>) = 3<\\x2f\\x65\\x2f\\x61>
                12 <... openat resumed>) = -1 ENOENT (No such file or directory)
                11 write(3<\\x2f\\x65\\x2f\\x61>, "\\x76" <unfinished ...>
                11 <... write resumed>, 1) = 1
                """);
        Trace trace = Trace.read(file);
        assertThat(trace.files()).containsExactlyInAnyOrder(Path.of("/d/c"), Path.of("/e/a"));
        assertThat(trace.written()).isEqualTo("v".getBytes(UTF_8));
    }

    @Test
    void filesThatTheKernelFillsAreNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("lines"), """
                11 mmap(NULL, 9, PROT_READ|PROT_WRITE, MAP_SHARED, 4<\\x2f\\x61>, 0) = 0x7f16bc81c000
                11 mmap(NULL, 9, PROT_READ, MAP_SHARED, 4<\\x2f\\x62>, 0) = 0x7f16bc81c000
                11 mmap(NULL, 9, PROT_READ|PROT_WRITE, MAP_PRIVATE, 4<\\x2f\\x63>, 0) = 0x7f16bc81c000
                11 sendfile(6<\\x2f\\x64>(deleted), 4<\\x2f\\x65>, NULL, 9) = 9
                11 copy_file_range(6<\\x2f\\x66>, NULL, 4<\\x2f\\x67>, [0] => [9], 9, 0) = 9
                """);
        assertThat(Trace.read(file).unseen()).containsExactlyInAnyOrder(Path.of("/a"), Path.of("/d"), Path.of("/g"));
    }
}
