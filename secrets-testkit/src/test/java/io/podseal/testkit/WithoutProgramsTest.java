// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Classes that need a control plane where its programs cannot be had: in a process with such an environment. */
final class WithoutProgramsTest {
    @TempDir
    Path folder;

    @ControlPlane
    static class Needs {
        @Test
        void it(LocalControlPlane plane) {
            plane.kubectl("version");
        }
    }

    @ControlPlane
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class NeedsInConstructor {
        NeedsInConstructor(LocalControlPlane plane) {
            plane.kubectl("version");
        }

        @Test
        void it() {}
    }

    /** Prints how both classes ended. */
    static final class Run {
        public static void main(String[] arguments) {
            EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(Needs.class), selectClass(NeedsInConstructor.class))
                    .execute();
            print("aborted", results.containerEvents().aborted().list());
            print("failed", results.containerEvents().failed().list());
            print("run", results.testEvents().started().list());
        }

        private static void print(String outcome, List<Event> events) {
            events.forEach(event -> System.out.println((outcome + " " + event).replace('\n', ' ')));
        }
    }

    private List<String> run(String... environment) throws InterruptedException {
        List<String> prefix = new ArrayList<>(List.of("/usr/bin/env", "-u", "KUBEBUILDER_ASSETS", "-u", "CI"));
        prefix.addAll(List.of("PATH=" + folder, "XDG_CACHE_HOME=" + folder.resolve("cache")));
        prefix.addAll(List.of(environment));
        List<String> lines = new ArrayList<>();
        try (ChildJvm child = ChildJvm.start(prefix, Run.class)) {
            for (String line = child.line(); line != null; line = child.line()) {
                lines.add(line);
            }
            assertThat(child.end()).isZero();
        }
        return lines;
    }

    /** A program in place of Go. */
    private void go(String script) throws Exception {
        Path go = Files.writeString(folder.resolve("go"), "#!/bin/sh\n" + script + "\n");
        assertThat(go.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void withoutGoTheyAreSkippedAndToldWhatToInstall() throws Exception {
        assertThat(run())
                .hasSize(2)
                .allMatch(line -> line.startsWith("aborted")
                        && line.contains("TestAbortedException")
                        && line.contains("Go 1.26 or later, and here is none: install it, or name a folder with etcd,"
                                + " kube-apiserver and kubectl in KUBEBUILDER_ASSETS"));
    }

    @Test
    void withoutGoTheyFailUnderCi() throws Exception {
        assertThat(run("CI=true"))
                .hasSize(2)
                .allMatch(line -> line.startsWith("failed")
                        && line.contains("IllegalStateException")
                        && line.contains("Go 1.26 or later, and here is none"));
    }

    @Test
    void anOlderGoIsNamed() throws Exception {
        go("echo go1.25.9");
        assertThat(run()).hasSize(2).allMatch(line -> line.startsWith("aborted") && line.contains("here is go1.25.9"));
    }

    @Test
    void aBuildThatFailsIsAFailureWithWhatGoSaid() throws Exception {
        go("case $1 in env) echo go1.26.0;; *) echo such-a-fault; exit 1;; esac");
        assertThat(run()).hasSize(2).allMatch(line -> line.startsWith("failed") && line.contains("such-a-fault"));
    }

    @Test
    void aNamedFolderWithoutTheProgramsIsAFailure() throws Exception {
        assertThat(run("KUBEBUILDER_ASSETS=" + folder))
                .hasSize(2)
                .allMatch(line -> line.startsWith("failed") && line.contains("there is no program etcd in it"));
    }
}
