// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cache of built programs. */
@Timeout(300)
final class GoModuleIT {
    private static final GoModule TRIVIAL = new GoModule(
            "trivial",
            List.of("trivial/go.mod", "trivial/main.go"),
            List.of(new GoProgram("trivial", ".", List.of())),
            "");

    /** Go's own cache, which otherwise moves with {@code XDG_CACHE_HOME}, and would be empty. */
    private static String goCache = "";

    @TempDir
    Path cache;

    /** Prints where the program is, once its input has a line. */
    static final class Builder {
        public static void main(String[] arguments) throws Exception {
            System.out.println("ready");
            if (System.in.read() >= 0) {
                System.out.println(TRIVIAL.built());
            }
        }
    }

    @BeforeAll
    static void requireGo() throws IOException {
        GoProgram.requireGo("trivial program", "");
        Process go = new ProcessBuilder("go", "env", "GOCACHE").start();
        goCache = new String(go.getInputStream().readAllBytes(), UTF_8).strip();
    }

    private ChildJvm builder() {
        return ChildJvm.start(List.of("/usr/bin/env", "XDG_CACHE_HOME=" + cache, "GOCACHE=" + goCache), Builder.class);
    }

    private List<Path> listed() throws Exception {
        try (Stream<Path> entries = Files.list(cache.resolve("podseal/trivial"))) {
            return entries.sorted().toList();
        }
    }

    @Test
    void processesThatAskAtOnceGetOneBuild() throws Exception {
        Path left = Files.createDirectories(cache.resolve("podseal/trivial/building-left"));
        Files.writeString(left.resolve("half"), "of an interrupted build");
        List<String> folders = new ArrayList<>();
        try (ChildJvm one = builder();
                ChildJvm two = builder();
                ChildJvm three = builder()) {
            List<ChildJvm> builders = List.of(one, two, three);
            for (ChildJvm builder : builders) {
                assertThat(builder.line()).isEqualTo("ready");
            }
            builders.forEach(ChildJvm::proceed);
            for (ChildJvm builder : builders) {
                folders.add(builder.line());
                assertThat(builder.end()).isZero();
            }
        }
        assertThat(folders).containsOnly(folders.get(0));
        assertThat(listed()).containsExactly(Path.of(folders.get(0)), cache.resolve("podseal/trivial/lock"));

        Process built = new ProcessBuilder(folders.get(0) + "/trivial").start();
        assertThat(built.getInputStream().readAllBytes()).isEqualTo("built\n".getBytes(UTF_8));
    }
}
