// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How lines become requests. */
final class AuditLogTest {
    @TempDir
    Path folder;

    private static String line(String id, String stage, String more) {
        return "{\"auditID\":\"" + id + "\",\"stage\":\"" + stage + "\",\"verb\":\"watch\",\"requestURI\":\"/u\","
                + "\"user\":{\"username\":\"admin\"}" + more + "}\n";
    }

    @Test
    void aRequestIsCountedOnceInItsLatestStage() throws IOException {
        Path log = Files.writeString(
                folder.resolve("log"),
                line("1", "ResponseStarted", "")
                        + line("2", "ResponseComplete", ",\"responseStatus\":{\"code\":403}")
                        + line("1", "ResponseComplete", ",\"objectRef\":{\"resource\":\"secrets\",\"name\":\"db\"}"));
        assertThat(AuditLog.read(log))
                .containsExactly(
                        new AuditEvent("1", "ResponseComplete", "watch", "admin", "secrets", "", "", "db", 0, "/u"),
                        new AuditEvent("2", "ResponseComplete", "watch", "admin", "", "", "", "", 403, "/u"));
    }

    @Test
    void aLineThatIsStillBeingWrittenIsLeftOut() throws IOException {
        String whole = line("1", "ResponseComplete", "");
        String next = line("2", "ResponseComplete", ",\"responseStatus\":{\"code\":200}");
        for (int written = 0; written < next.length(); written++) {
            Path log = Files.writeString(folder.resolve("log"), whole + next.substring(0, written));
            assertThat(AuditLog.read(log)).extracting(AuditEvent::id).containsExactly("1");
        }
    }
}
