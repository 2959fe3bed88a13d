// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.kms.LoopbackTls;
import io.podseal.kms.Refusal;
import io.podseal.testkit.Canary;
import io.podseal.testkit.KmsClientContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** On a fake of Google Cloud KMS. */
final class GcpKmsContractTest extends KmsClientContract {
    private static final String OTHER = CloudKmsTest.KEY + "-other";

    private final List<GcpKms> others = new ArrayList<>();
    private FakeCloudKms server;

    @BeforeEach
    void start() throws Exception {
        server = CloudKmsTest.cloudKms()
                .key(OTHER)
                .grant(CloudKmsTest.TOKEN, FakeCloudKms.USE_TO_ENCRYPT, OTHER)
                .grant(CloudKmsTest.TOKEN, FakeCloudKms.USE_TO_DECRYPT, OTHER);
    }

    @AfterEach
    void stop() {
        others.forEach(GcpKms::close);
        server.close();
        LoopbackTls.distrust();
    }

    @Override
    protected KmsClient client() {
        return gcpKms();
    }

    private GcpKms gcpKms() {
        return GcpKms.builder()
                .endpoint(server.endpoint())
                // no limit that a slow machine could reach
                .connectTimeout(Duration.ofMinutes(1))
                .callTimeout(Duration.ofMinutes(1))
                .credentials(() -> CloudKmsTest.credentials(CloudKmsTest.TOKEN))
                .build();
    }

    @Override
    protected String kekUri() {
        return CloudKmsTest.KEK;
    }

    @Override
    protected Aead otherKek() {
        GcpKms kms = gcpKms();
        others.add(kms);
        return kms.getAead("gcp-kms://" + OTHER);
    }

    @Override
    protected int unwraps() {
        return (int) server.calls.stream()
                .filter(call -> call.startsWith("Decrypt "))
                .count();
    }

    @Override
    protected int requests() {
        return server.calls.size();
    }

    @Override
    protected List<Canary> secrets() {
        return List.of(Canary.of("credentials and texts", Refusal.CANARY));
    }
}
