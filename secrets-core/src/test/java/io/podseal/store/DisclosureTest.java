// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Plaintext;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SecretValue;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that is printed holds what an item holds: it may be somebody's plaintext, put there by mistake. */
final class DisclosureTest {
    private static final String CANARY = new String(Plaintext.bytes(), ISO_8859_1);

    @TempDir
    Path temp;

    private final OurThreads threads = new OurThreads();
    private final Workload workload = new Workload();
    private final List<String> printed = new CopyOnWriteArrayList<>();
    private final Handler log = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            Object[] parameters = entry.getParameters();
            printed.add(parameters == null ? entry.getMessage() : MessageFormat.format(entry.getMessage(), parameters));
            if (entry.getThrown() != null) {
                print(entry.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void hearTheLog() {
        log.setLevel(Level.ALL);
        Workload.LOG.addHandler(log);
        Workload.LOG.setLevel(Level.ALL);
    }

    @AfterEach
    void nothingPrintedHoldsTheCanary() {
        Workload.LOG.removeHandler(log);
        assertThat(printed)
                .isNotEmpty()
                .allSatisfy(text -> assertThat(Plaintext.leaksIn(text)).as(text).isEmpty());
        String control = String.valueOf(new SourceItem(CANARY, new byte[0]));
        assertThat(Plaintext.leaksIn(control))
                .as("the search finds it where it is")
                .isNotEmpty();
    }

    private void print(Object thing) {
        if (thing instanceof Throwable failure) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            printed.add(trace.toString());
        } else {
            printed.add(String.valueOf(thing));
        }
    }

    /** Everything that a canary could be written as, in place of a token. */
    private static List<String> mistakes() {
        return List.of(
                CANARY,
                CANARY + "\n",
                "podseal:" + CANARY,
                "podseal:v1:payments/api:" + CANARY,
                "podseal:v2:" + CANARY,
                "podseal:v1:" + CANARY + ":x",
                CANARY.repeat(60_000));
    }

    @Test
    void refusedItemsAreNotPrinted() {
        for (String mistake : mistakes()) {
            MemorySource source = workload.source().put("a", mistake).put("b", mistake);
            openRefused(workload.store(source));
        }
    }

    private void openRefused(SecretStoreBuilder builder) {
        try (SecretStore store = builder.open()) {
            throw new AssertionError("opened " + store);
        } catch (PodsealException refused) {
            print(refused);
        }
    }

    @Test
    void itemsThatAreRefusedInARunningStoreAreNotPrinted() {
        MemorySource source = workload.source().put("a", workload.token("a", CANARY));
        try (SecretStore store = workload.store(source)
                .listener(new OpenListener() {
                    @Override
                    public void opened(Generation generation, Set<String> changedNames) {
                        print(generation);
                        print(changedNames);
                        throw new IllegalStateException(CANARY);
                    }

                    @Override
                    public void refused(PodsealException failure) {
                        print(failure);
                    }
                })
                .open()) {
            for (String mistake : mistakes()) {
                source.put("a", mistake);
                assertThat(store.refresh()).isFalse();
                print(store);
                print(store.status());
            }
            source.fails(new IllegalStateException(CANARY));
            store.refresh();
            print(store.status());
        }
        threads.awaitNone();
    }

    @Test
    void refusedDocumentsAreNotPrinted() {
        for (String mistake : List.of(
                CANARY,
                "{\"" + CANARY + "\": 1}",
                "{\"podseal\": \"" + CANARY + "\"}",
                "{\"podseal\": \"v1\", \"identity\": \"x\", \"recipients\": [\"" + CANARY + "\"]}")) {
            MemorySource source = new MemorySource(Workload.SECRET)
                    .put("a", workload.token("a", "1"))
                    .put(Workload.DOCUMENT, mistake);
            openRefused(workload.store(source));
        }
    }

    @Test
    void whatHoldsContentPrintsNone() throws IOException {
        byte[] content = Plaintext.bytes();
        SourceItem item = new SourceItem("a", content);
        print(item);
        print(Reading.of(List.of(item), List.of(), ItemFilter.of(List.of(), List.of())));
        print(Digest.of(List.of(item)));
        print(new EnvironmentSource("X", null, null, name -> CANARY));
        Path file = Files.writeString(temp.resolve("a"), CANARY);
        List<SecretSource> sources = new ArrayList<>(List.of(
                SecretSource.file(file, null, null),
                SecretSource.mount(temp, null),
                SecretSource.classpath("a", getClass().getClassLoader())));
        sources.forEach(this::print);
        MemorySource values = workload.source().put("a", workload.token(Scope.accountBound(Workload.API), CANARY));
        try (SecretStore store = workload.store(values).open();
                SecretValue value = store.current().get("a")) {
            assertThat(value.revealString()).isEqualTo(CANARY);
            print(value);
            print(store);
            print(store.status());
            print(store.current());
            print(store.current().names());
        }
    }

    @Test
    void wrongSettingsAndLocationsPrintNoValueOfASetting() {
        for (Setting setting : Setting.values()) {
            if (setting.kind() != Setting.Kind.LIST && setting.kind() != Setting.Kind.STRING) {
                try {
                    print(Settings.of(
                            Map.of(setting.key(), CANARY),
                            text -> {
                                throw new IllegalArgumentException("not a duration: " + text);
                            },
                            getClass().getClassLoader()));
                    throw new AssertionError(setting + " takes anything");
                } catch (PodsealException refused) {
                    print(refused);
                }
            }
        }
    }
}
