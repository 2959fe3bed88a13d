// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ServiceAccount;
import io.podseal.testkit.Canary;
import io.podseal.testkit.KubeletMount;
import io.podseal.testkit.LeakSearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How many copies of a value an application has in its memory that reads it in one way or another: the figures of the threat
 * model. What is promised is asserted, the rest is printed as it is.
 */
@Timeout(300)
class MemoryResidueIT {
    private static final Map<Access, Copies> FIGURES = new EnumMap<>(Access.class);

    @TempDir
    Path folder;

    /**
     * Copies of the value, in any form.
     *
     * @param memory of the whole process, as {@code /proc/<pid>/mem} shows it
     * @param heap all objects, those that wait for the collector too
     */
    private record Copies(int memoryAtStart, int heapAtStart, int memoryAfterReads, int heapAfterReads, int inUse) {}

    @ParameterizedTest
    @EnumSource
    void onlyAStringStaysInUseAfterAThousandReads(Access access) throws IOException {
        Canary password = Canary.random("password");
        LeakSearch search = LeakSearch.of(password);
        SealedVolume volume = new SealedVolume(new ServiceAccount("cluster.local", "payments", "api"), folder);
        KubeletMount mount = new KubeletMount(folder.resolve(SealedVolume.SECRET))
                .write(volume.items(Map.of("password", password.bytes())));
        Path control =
                Files.writeString(folder.resolve("control"), search.control().text());
        try (Child child = Child.start(access.name(), mount.directory().toString(), volume.kek(), control.toString())) {
            int memoryAtStart = child.copiesInMemory(search);
            int heapAtStart = child.copiesIn("dump", search, folder);
            child.tell("read");
            int memoryAfterReads = child.copiesInMemory(search);
            int heapAfterReads = child.copiesIn("dump", search, folder);
            int inUse = child.copiesIn("live", search, folder);
            FIGURES.put(access, new Copies(memoryAtStart, heapAtStart, memoryAfterReads, heapAfterReads, inUse));
            if (access == Access.SPRING_STRING || access == Access.MICRONAUT_STRING) {
                assertThat(inUse).isPositive();
            } else {
                assertThat(inUse).isZero();
            }
        }
    }

    @AfterAll
    static void print() {
        System.out.println("Copies of one value, on Java " + System.getProperty("java.version") + ":");
        System.out.println("| access | memory, started | heap, started | memory, 1,000 reads | heap, 1,000 reads"
                + " | heap in use, 1,000 reads |");
        System.out.println("|---|---|---|---|---|---|");
        FIGURES.forEach((access, copies) -> System.out.printf(
                "| %s | %d | %d | %d | %d | %d |%n",
                access.description(),
                copies.memoryAtStart(),
                copies.heapAtStart(),
                copies.memoryAfterReads(),
                copies.heapAfterReads(),
                copies.inUse()));
    }

    /** The application that reads; a small heap, because all of it is searched again and again. */
    private record Child(Process process) implements AutoCloseable {
        static Child start(String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ReadingApplication.class.getName()));
            command.addAll(List.of(arguments));
            Child child = new Child(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
            child.await("started");
            return child;
        }

        private void await(String said) throws IOException {
            String line = process.inputReader().readLine();
            while (!said.equals(line)) {
                assertThat(line).as("it ended").isNotNull();
                line = process.inputReader().readLine();
            }
        }

        void tell(String line) throws IOException {
            process.outputWriter(UTF_8).write(line + "\n");
            process.outputWriter(UTF_8).flush();
            await("done");
        }

        int copiesInMemory(LeakSearch search) {
            return search.inMemory(process.pid()).leaks().size();
        }

        int copiesIn(String kind, LeakSearch search, Path folder) throws IOException {
            Path dump = folder.resolve(kind + ".hprof");
            tell(kind + " " + dump);
            int copies = search.inFiles(dump).leaks().size();
            Files.delete(dump);
            return copies;
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
