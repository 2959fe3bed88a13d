// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.testkit.Canary;
import io.podseal.testkit.LeakSearch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Everything that is logged by java.util.logging until this is closed, at every level, and by SLF4J too where its binding to
 * that is among the tests' dependencies.
 */
public final class Logs implements AutoCloseable {
    private static final Logger ROOT = Logger.getLogger("");
    private static final String CONTROL = "io.podseal.kms.control";

    /** Of every logger that had one; held here, since nobody else may hold the logger. */
    private final Map<Logger, Level> levels = new HashMap<>();

    private final List<Handler> handlers = List.of(ROOT.getHandlers());
    private final Map<String, List<String>> logged = new ConcurrentHashMap<>();
    private final Canary control = Canary.random("control");

    private final Handler all = new Handler() {
        private final SimpleFormatter format = new SimpleFormatter();

        @Override
        public void publish(LogRecord entry) {
            logged.computeIfAbsent(
                            String.valueOf(entry.getLoggerName()),
                            name -> Collections.synchronizedList(new ArrayList<>()))
                    .add(format.format(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Logs() {}

    public static Logs all() {
        Logs logs = new Logs();
        logs.start();
        return logs;
    }

    private void start() {
        for (String name : Collections.list(LogManager.getLogManager().getLoggerNames())) {
            Logger logger = Logger.getLogger(name);
            if (logger.getLevel() != null) {
                levels.put(logger, logger.getLevel());
                logger.setLevel(logger == ROOT ? Level.ALL : null);
            }
        }
        handlers.forEach(ROOT::removeHandler);
        ROOT.addHandler(all);
        System.getLogger(CONTROL).log(System.Logger.Level.TRACE, control.text());
    }

    /** Every line of that logger and of those below it. */
    public List<String> of(String logger) {
        List<String> lines = new ArrayList<>();
        logged.forEach((name, entries) -> {
            if (name.equals(logger) || name.startsWith(logger + ".")) {
                lines.addAll(List.copyOf(entries));
            }
        });
        return lines;
    }

    /** The loggers that said one of these, in any form; what was planted there at the lowest level must be found as well. */
    public Set<String> whoSaid(Canary... secrets) {
        assertThat(leaking(control)).as("the control").containsExactly(CONTROL);
        return leaking(secrets);
    }

    private Set<String> leaking(Canary... secrets) {
        LeakSearch search = LeakSearch.of(secrets);
        Set<String> names = new TreeSet<>();
        logged.forEach((name, entries) -> {
            if (!search.inText(String.join("\n", List.copyOf(entries))).leaks().isEmpty()) {
                names.add(name);
            }
        });
        return names;
    }

    @Override
    public void close() {
        ROOT.removeHandler(all);
        handlers.forEach(ROOT::addHandler);
        levels.forEach(Logger::setLevel);
    }
}
