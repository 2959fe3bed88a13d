// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.PreconditionViolationException;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Users get the JUnit of their framework's BOM: the kit runs on the oldest one of these, too. */
final class FormerJUnitIT {
    private static final Path FORMER = Path.of("target/former-junit");

    @Test
    void accountsAndContractsRunOnIt() throws Exception {
        assertThat(run(SealedForTest.class, FakeKmsContractTest.class, MountContractTest.class))
                .startsWith("JUnit 1.12.2: ")
                .endsWith(" 0 failed, 0 skipped");
    }

    @Nested
    @ControlPlane
    class Planes {
        @Test
        void controlPlanesRunOnIt() throws Exception {
            assertThat(run(GuideIT.OneRoleIT.class)).isEqualTo("JUnit 1.12.2: 1 succeeded, 0 failed, 0 skipped");
        }
    }

    /** In a JVM that has no other JUnit. */
    private static String run(Class<?>... tests) throws Exception {
        String others = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(part -> !part.contains(File.separator + "junit-"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                FORMER.resolve("*") + File.pathSeparator + others,
                Runs.class.getName());
        Path output = Files.createTempFile("former-junit", ".out");
        try {
            int code = new ProcessBuilder(
                            Stream.concat(java.stream(), Arrays.stream(tests).map(Class::getName))
                                    .toList())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();
            List<String> lines = Files.readAllLines(output);
            assertThat(code).as("%s", lines).isZero();
            return lines.get(lines.size() - 1);
        } finally {
            Files.delete(output);
        }
    }

    /** The child. */
    static final class Runs {
        public static void main(String[] tests) throws IOException, ClassNotFoundException {
            SummaryGeneratingListener listener = new SummaryGeneratingListener();
            LauncherDiscoveryRequestBuilder request =
                    LauncherDiscoveryRequestBuilder.request().filters(EngineFilter.includeEngines("junit-jupiter"));
            for (String test : tests) {
                request.selectors(selectClass(test));
            }
            LauncherFactory.create().execute(request.build(), listener);
            TestExecutionSummary summary = listener.getSummary();
            summary.printFailuresTo(new PrintWriter(System.out, true));
            System.out.printf(
                    "JUnit %s: %d succeeded, %d failed, %d skipped%n",
                    version(),
                    summary.getTestsSucceededCount(),
                    summary.getTotalFailureCount(),
                    summary.getTestsSkippedCount()
                            + summary.getTestsAbortedCount()
                            + summary.getContainersAbortedCount()
                            + summary.getContainersSkippedCount());
            System.exit(0);
        }

        private static String version() {
            return String.valueOf(
                    PreconditionViolationException.class.getPackage().getImplementationVersion());
        }
    }
}
