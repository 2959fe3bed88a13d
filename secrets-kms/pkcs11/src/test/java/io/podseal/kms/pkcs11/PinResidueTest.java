// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a heap dump shows after logins, garbage included. */
class PinResidueTest {
    @TempDir
    private Path folder;

    @Test
    void pinIsNotInTheHeapAfterALogin() throws Exception {
        // neither is in any class file, which a heap holds too
        String pin = Long.toString(100_000_000 + new SecureRandom().nextInt(800_000_000));
        String control = Long.toString(1_000_000_000 + new SecureRandom().nextInt(1_000_000_000));
        SoftHsm hsm = SoftHsm.in(folder.resolve("hsm")).token("one").key("one", "kek", "AES:32", "--sensitive");
        hsm.changePin("one", pin);
        Path dump = folder.resolve("heap.hprof");
        RealPart.run(
                hsm.environment(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                HeapAfterLogin.class.getName(),
                SoftHsm.library().toString(),
                hsm.pinFile("pin", pin + "\n").toString(),
                hsm.uri("one", "kek"),
                Files.writeString(folder.resolve("control"), control).toString(),
                dump.toString());
        String heap = new String(Files.readAllBytes(dump), ISO_8859_1);
        assertThat(occurrences(heap, control))
                .as("the search finds its control")
                .isPositive();
        assertThat(occurrences(heap, pin)).isZero();
    }

    private static long occurrences(String heap, String word) {
        String chars = new String(word.getBytes(UTF_16BE), ISO_8859_1);
        long found = 0;
        for (String form : new String[] {word, chars}) {
            for (int at = heap.indexOf(form); at >= 0; at = heap.indexOf(form, at + 1)) {
                found++;
            }
        }
        return found;
    }
}
