// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

final class MyKmsContractTest extends KmsClientContract {
    private final Canary token = Canary.random("token");
    private final MyService service = new MyService(token.text());
    private final AtomicInteger unwraps = new AtomicInteger();

    @Override
    protected KmsClient client() {
        return new CountingKms(new MyKms(service, token.text()), unwraps);
    }

    @Override
    protected String kekUri() {
        return "my-kms://one";
    }

    @Override
    protected Aead otherKek() {
        return new MyKms(service, token.text()).getAead("my-kms://other");
    }

    @Override
    protected int unwraps() {
        return unwraps.get();
    }

    @Override
    protected int requests() {
        return service.requests();
    }

    @Override
    protected List<Canary> secrets() {
        return List.of(token);
    }
}
