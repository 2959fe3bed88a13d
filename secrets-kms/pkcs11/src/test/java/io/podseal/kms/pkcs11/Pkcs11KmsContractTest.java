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

/**
 * On SoftHSM2. Calls to unwrap are counted on the way in, and requests by the ways to the token that are made, without which
 * nobody asks it; {@link StartTest} counts at the token.
 */
class Pkcs11KmsContractTest extends KmsClientContract {
    private static SoftHsm hsm;

    private final AtomicInteger unwraps = new AtomicInteger();
    private final AtomicInteger ways = new AtomicInteger();

    @BeforeAll
    static void tokens() {
        hsm = Tokens.hsm();
    }

    @Override
    protected KmsClient client() {
        return new CountingKms(
                Tokens.kms(slot -> {
                    ways.incrementAndGet();
                    return Tokens.module().provider(slot);
                }),
                unwraps);
    }

    @Override
    protected String kekUri() {
        return hsm.uri("one", "kek");
    }

    @Override
    protected Aead otherKek() {
        return Tokens.third().getAead(hsm.uri("three", "kek"));
    }

    @Override
    protected int unwraps() {
        return unwraps.get();
    }

    @Override
    protected int requests() {
        return ways.get();
    }

    @Override
    protected List<Canary> secrets() {
        return List.of(Canary.of("PIN", SoftHsm.PIN));
    }
}
