// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The audit log of an API server: a line for each stage of each request. */
final class AuditLog {
    private AuditLog() {}

    /**
     * The requests, each once, in the order of their first stage. A last line without its end is still being written, and
     * left out.
     */
    static List<AuditEvent> read(Path log) {
        Map<String, AuditEvent> events = new LinkedHashMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(log))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    AuditEvent event = AuditEvent.of(
                            JsonParser.parseString(line.toString(UTF_8)).getAsJsonObject());
                    events.put(event.id(), event);
                    line.reset();
                } else {
                    line.write(b);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(events.values());
    }
}
