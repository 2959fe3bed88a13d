// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.kms.SoftHsm;
import io.podseal.testkit.Canary;
import io.podseal.testkit.CountingKms;
import io.podseal.testkit.KmsClientContract;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;

/** On SoftHSM2, with the calls counted on the way in; {@link StartTest} counts those to the token. */
class Pkcs11KmsContractTest extends KmsClientContract {
    private static SoftHsm hsm;

    private final AtomicInteger unwraps = new AtomicInteger();

    @BeforeAll
    static void tokens() {
        hsm = Tokens.hsm();
    }

    @Override
    protected KmsClient client() {
        return new CountingKms(Tokens.kms(), unwraps);
    }

    @Override
    protected String kek() {
        return hsm.uri("one", "kek");
    }

    @Override
    protected Aead otherKek() {
        return Tokens.kms().getAead(hsm.uri("two", "kek"));
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
        return List.of(Canary.of("PIN", SoftHsm.PIN));
    }
}
