// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.keyset.LocalKms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** {@code local-kms:} with its calls to unwrap counted on the way in, and its reads of KEK files as the JVM records them. */
final class LocalKmsContractTest extends KmsClientContract {
    @TempDir
    Path folder;

    private final AtomicInteger unwraps = new AtomicInteger();
    private final Recording reads = new Recording();

    @BeforeEach
    void record() {
        reads.enable("jdk.FileRead").withThreshold(Duration.ZERO).withoutStackTrace();
        reads.start();
    }

    @AfterEach
    void stopRecording() {
        reads.close();
    }

    @BeforeEach
    void mint() throws IOException {
        LocalKms.createKek(folder.resolve("one.kek"));
        LocalKms.createKek(folder.resolve("other.kek"));
    }

    @Override
    protected KmsClient client() {
        return new CountingKms(LocalKms.allowedInCluster(), unwraps);
    }

    @Override
    protected String kekUri() {
        return "local-kms:" + folder.resolve("one.kek");
    }

    @Override
    protected Aead otherKek() {
        return LocalKms.allowedInCluster().getAead("local-kms:" + folder.resolve("other.kek"));
    }

    @Override
    protected int unwraps() {
        return unwraps.get();
    }

    @Override
    protected int requests() {
        try {
            Path recorded = Files.createTempFile(folder, "reads", ".jfr");
            reads.dump(recorded);
            return (int) RecordingFile.readAllEvents(recorded).stream()
                    .filter(event -> event.hasField("path"))
                    .filter(event -> String.valueOf(event.getString("path")).endsWith(".kek"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected List<Canary> secrets() {
        return List.of();
    }
}
