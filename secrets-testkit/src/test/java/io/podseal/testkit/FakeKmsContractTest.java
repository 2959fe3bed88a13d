// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import java.util.List;

/** The KMS of the kit is one to rely on. */
final class FakeKmsContractTest extends KmsClientContract {
    private final FakeKms kms = new FakeKms("fake-kms://contract");

    @Override
    protected KmsClient client() {
        return kms;
    }

    @Override
    protected String kekUri() {
        return kms.uri();
    }

    @Override
    protected Aead otherKek() {
        FakeKms other = new FakeKms("fake-kms://other");
        return other.getAead(other.uri());
    }

    @Override
    protected int unwraps() {
        return kms.calls();
    }

    @Override
    protected int requests() {
        return kms.calls();
    }

    @Override
    protected List<Canary> secrets() {
        return List.of();
    }
}
