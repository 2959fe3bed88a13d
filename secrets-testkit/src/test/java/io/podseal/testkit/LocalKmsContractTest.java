// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.keyset.LocalKms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** {@code local-kms:} with its calls counted on the way in. */
final class LocalKmsContractTest extends KmsClientContract {
    @TempDir
    Path folder;

    private final AtomicInteger unwraps = new AtomicInteger();

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
    protected String kek() {
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
        return unwraps.get();
    }

    @Override
    protected List<Canary> unspeakable() {
        return List.of();
    }
}
