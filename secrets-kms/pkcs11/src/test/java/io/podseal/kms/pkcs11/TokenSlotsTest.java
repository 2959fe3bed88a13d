// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.kms.Refusal;
import io.podseal.kms.SoftHsm;
import java.security.AuthProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.Subject;
import javax.security.auth.callback.CallbackHandler;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which provider a lookup goes through. */
class TokenSlotsTest {
    private static final byte[] ACCOUNT = {1, 2, 3};

    private static SoftHsm hsm;

    @BeforeAll
    static void tokens() {
        hsm = Tokens.hsm();
    }

    /** As the JDK's is while there is no token: it offers nothing. */
    private static final class Empty extends AuthProvider {
        private static final long serialVersionUID = 1L;

        Empty() {
            super("empty", "1", "");
        }

        @Override
        public void login(Subject subject, CallbackHandler handler) {}

        @Override
        public void logout() {}

        @Override
        public void setCallbackHandler(CallbackHandler handler) {}
    }

    @Test
    void emptySlotIsAskedAgainThroughTheSameProvider() {
        AtomicInteger made = new AtomicInteger();
        Aead kek = Tokens.kms(slot -> {
                    made.incrementAndGet();
                    return new Empty();
                })
                .getAead(hsm.uri("one", "kek"));
        for (int i = 0; i < 3; i++) {
            assertThat(Refusal.of(ErrorCode.KMS_UNAVAILABLE, () -> kek.encrypt(new byte[1], ACCOUNT))
                            .detail())
                    .contains("no token in the slot");
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void everyLookupOnATokenHasAProviderOfItsOwn() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Aead kek = Tokens.kms(slot -> {
                    made.incrementAndGet();
                    return Tokens.module().provider(slot);
                })
                .getAead(hsm.uri("one", "kek"));
        byte[] wrapped = kek.encrypt(new byte[4], ACCOUNT);
        assertThat(kek.decrypt(wrapped, ACCOUNT)).hasSize(4);
        assertThat(made).hasValue(1);
        Refusal.of(ErrorCode.AUTHENTICATION, () -> kek.decrypt(wrapped, new byte[1]));
        assertThat(made).hasValue(2);
    }

    @Test
    void handleThatCameToMeanAnotherKeyIsNotBelieved() throws Exception {
        byte[] wrapped = Tokens.kms().getAead(hsm.uri("one", "kek")).encrypt(new byte[4], ACCOUNT);
        Aead kek = anotherKeyFirst();
        kek.encrypt(new byte[1], ACCOUNT);
        assertThat(kek.decrypt(wrapped, ACCOUNT)).hasSize(4);
    }

    @Test
    void handleThatCameToMeanAnotherKeyWrapsNothing() throws Exception {
        Aead kek = anotherKeyFirst();
        kek.encrypt(new byte[1], ACCOUNT);
        byte[] wrapped = kek.encrypt(new byte[4], ACCOUNT);
        assertThat(Tokens.kms().getAead(hsm.uri("one", "kek")).decrypt(wrapped, ACCOUNT))
                .hasSize(4);
    }

    /** The key that was looked up first is that of the third token. */
    private static Aead anotherKeyFirst() {
        Deque<String> tokens = new ArrayDeque<>(List.of("three"));
        return Tokens.kms(slot -> {
                    String token = tokens.poll();
                    return Tokens.module().provider(token == null ? slot : hsm.slot(token));
                })
                .getAead(hsm.uri("one", "kek"));
    }
}
