// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How another process is started. */
@Timeout(60)
final class ChildJvmTest {
    static final class Teller {
        public static void main(String[] arguments) {
            System.out.println(Runtime.getRuntime().maxMemory() >> 20);
            System.out.println(System.getProperty("told") + " " + System.getenv("TOLD") + " " + arguments[0]);
        }
    }

    @Test
    void optionsOverrideTheUsualOnes() throws InterruptedException {
        List<String> options = List.of("-Xmx64m", "-Dtold=by an option");
        try (ChildJvm usual = ChildJvm.start(Teller.class, "argument");
                ChildJvm child = ChildJvm.start(
                        List.of("/usr/bin/env", "TOLD=by a prefix"), options, Teller.class, "argument")) {
            assertThat(Integer.parseInt(usual.line())).as("MiB").isBetween(200, 256);
            assertThat(Integer.parseInt(child.line())).as("MiB").isBetween(40, 64);
            assertThat(child.line()).isEqualTo("by an option by a prefix argument");
            assertThat(usual.end()).isZero();
            assertThat(child.end()).isZero();
        }
    }
}
