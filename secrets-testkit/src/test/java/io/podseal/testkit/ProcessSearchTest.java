// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What other processes hold. */
@Timeout(120)
final class ProcessSearchTest {
    @TempDir
    Path folder;

    private final Canary secret = Canary.random("secret");
    private final LeakSearch search = LeakSearch.of(secret);

    /** Keeps the text of the files that it is given, half of it where it is told so, and waits. */
    static final class Keeper {
        private static final List<Object> KEPT = new ArrayList<>();

        public static void main(String[] arguments) throws IOException {
            for (String file : arguments) {
                KEPT.add(Files.readString(Path.of(file)));
            }
            System.out.println("kept");
            while (System.in.read() >= 0) {
                System.out.println("still here with " + KEPT.size());
            }
        }
    }

    /** Dumps itself while it knows a canary that it never gave away. */
    static final class SelfDumper {
        public static void main(String[] arguments) {
            Canary secret = Canary.random("secret");
            LeakSearch search = LeakSearch.of(secret);
            String control = search.control().text();
            Path folder = Path.of(arguments[0]);
            HeapDump.ofThisProcess(folder.resolve("masked.hprof"), true);
            String revealed = secret.text();
            HeapDump.ofThisProcess(folder.resolve("revealed.hprof"), true);
            System.out.println(
                    search.inFiles(folder.resolve("masked.hprof")).leaks().size());
            System.out.println(
                    search.inFiles(folder.resolve("revealed.hprof")).leaks().size());
            System.out.println(control.length() + revealed.length());
        }
    }

    private Path file(String name, Canary... canaries) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Canary canary : canaries) {
            text.append(canary.text()).append('\n');
        }
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void theMemoryOfAnotherProcessIsSearchedAndTheProcessGoesOn() throws Exception {
        Path control = file("control", search.control());
        Path both = file("both", secret, search.control());
        try (ChildJvm clean = ChildJvm.start(Keeper.class, control.toString());
                ChildJvm leaky = ChildJvm.start(Keeper.class, both.toString())) {
            assertThat(List.of(clean.line(), leaky.line())).containsOnly("kept");
            assertThat(search.inMemory(clean.pid()).leaks()).isEmpty();
            LeakReport report = search.inMemory(leaky.pid());
            assertThat(report.leaks())
                    .isNotEmpty()
                    .allMatch(leak -> leak.place().startsWith("mapping "));
            assertThat(report.bytes()).isGreaterThan(10_000_000);
            leaky.proceed();
            assertThat(leaky.line()).isEqualTo("still here with 1");
        }
    }

    @Test
    void aFrozenProcessIsSearchedAndStaysFrozen() throws Exception {
        try (ChildJvm child = ChildJvm.start(
                Keeper.class, file("both", secret, search.control()).toString())) {
            assertThat(child.line()).isEqualTo("kept");
            Signals.freeze(child.pid());
            assertThat(search.inMemory(child.pid()).leaks()).isNotEmpty();
            assertThat(Signals.isFrozen(child.pid())).isTrue();
        }
    }

    @Test
    void aMemoryWithoutTheControlFailsTheSearch() throws Exception {
        try (ChildJvm child =
                ChildJvm.start(Keeper.class, file("secret", secret).toString())) {
            assertThat(child.line()).isEqualTo("kept");
            assertThatThrownBy(() -> search.inMemory(child.pid()))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("the control was not found in the memory of process " + child.pid());
        }
    }

    @Test
    void theMemoryOfThisProcessIsNotSearched() {
        long self = ProcessHandle.current().pid();
        assertThatThrownBy(() -> search.inMemory(self)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theHeapOfAnotherProcessIsSearched() throws Exception {
        Path both = file("both", secret, search.control());
        try (ChildJvm child = ChildJvm.start(Keeper.class, both.toString())) {
            assertThat(child.line()).isEqualTo("kept");
            Path live = HeapDump.of(child.pid(), folder.resolve("live.hprof"), true);
            Path all = HeapDump.of(child.pid(), folder.resolve("all.hprof"), false);
            assertThat(search.inFiles(live).leaks()).hasSize(1);
            assertThat(search.inFiles(all).leaks()).isNotEmpty();
        }
    }

    @Test
    void whoHoldsAMaskedCanaryIsNotTakenForALeak() throws Exception {
        try (ChildJvm child = ChildJvm.start(SelfDumper.class, folder.toString())) {
            assertThat(List.of(child.line(), child.line())).containsExactly("0", "1");
            assertThat(child.line()).isEqualTo("48");
            assertThat(child.end()).isZero();
        }
    }

    @Test
    void environmentAndCommandLineAreSearched() {
        List<String> prefix = List.of("/usr/bin/env", "A=" + search.control().text(), "B=" + secret.text());
        try (ChildJvm child = ChildJvm.start(prefix, Keeper.class)) {
            assertThat(child.line()).isEqualTo("kept");
            assertThat(search.inEnvironment(child.pid()).leaks()).hasSize(1);
            assertThatThrownBy(() -> search.inCommandLine(child.pid())).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void theCommandLineIsSearched() throws Exception {
        Path first = file(search.control().text(), search.control());
        Path second = file(secret.text(), secret);
        try (ChildJvm child = ChildJvm.start(Keeper.class, first.toString(), second.toString())) {
            assertThat(child.line()).isEqualTo("kept");
            assertThat(search.inCommandLine(child.pid()).leaks()).hasSize(1);
        }
    }
}
