// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.kms.SoftHsm;
import io.podseal.testkit.Canary;
import io.podseal.testkit.HeapDump;
import io.podseal.testkit.LeakReport;
import io.podseal.testkit.LeakSearch;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a heap dump shows after a login, garbage included. */
class PinResidueTest {
    @TempDir
    private Path folder;

    @Test
    void pinIsNotInTheHeapAfterALogin() throws Exception {
        Canary pin = Canary.random("PIN"); // in no class file, which a heap holds too
        LeakSearch search = LeakSearch.of(pin);
        SoftHsm hsm = SoftHsm.in(folder.resolve("hsm")).token("one").key("one", "kek", "AES:32", "--sensitive");
        hsm.changePin("one", pin.text());
        Path control =
                Files.writeString(folder.resolve("control"), search.control().text());
        Path document = Documents.of(folder, hsm.uri("one", "kek"));
        try (TokenProcess process = TokenProcess.start(hsm, hsm.pinFile("pin", pin.text() + "\n"), document)) {
            assertThat(process.says("wrap")).isEqualTo("ok");
            assertThat(process.says("read " + control)).isEqualTo("ok");
            LeakReport report = search.inFiles(HeapDump.of(process.pid(), folder.resolve("heap.hprof"), false));
            assertThat(report.leaks()).as(report.toString()).isEmpty();
        }
    }
}
