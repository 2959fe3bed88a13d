// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The audit log of an API server: a line for each stage of each request. */
final class AuditLog {
    private AuditLog() {}

    /** The requests, each once, in the order of their first stage. */
    static List<AuditEvent> read(Path log) {
        Map<String, AuditEvent> events = new LinkedHashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(log)) {
            for (String line = lines.readLine(); line != null && line.endsWith("}"); line = lines.readLine()) {
                AuditEvent event = AuditEvent.of(JsonParser.parseString(line).getAsJsonObject());
                events.put(event.id(), event);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(events.values());
    }
}
