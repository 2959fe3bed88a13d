// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What an adapter can do wrong, and the rule that finds it. */
enum BrokenKms {
    WRAPS_THE_SAME_TWICE("whatWasWrappedIsUnwrapped", "wrapping is randomised") {
        private final List<byte[]> known = new ArrayList<>();

        @Override
        byte[] encrypt(Wire wire, byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
            for (byte[] wrapped : known) {
                if (Arrays.equals(wire.decrypt(wrapped, associatedData), plaintext)) {
                    return wrapped;
                }
            }
            byte[] wrapped = wire.encrypt(plaintext, associatedData);
            known.clear();
            known.add(wrapped);
            return wrapped;
        }
    },

    IGNORES_ASSOCIATED_DATA("otherAssociatedDataIsRefused", "in place of a refusal") {
        @Override
        byte[] encrypt(Wire wire, byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
            return wire.encrypt(plaintext, new byte[0]);
        }

        @Override
        byte[] decrypt(Wire wire, byte[] wrapped, byte[] associatedData) throws GeneralSecurityException {
            return wire.decrypt(wrapped, new byte[0]);
        }
    },

    UNWRAPS_WITH_ANY_KEY("otherKeyIsRefused", "in place of a refusal") {
        @Override
        KmsClient other(KmsClient one, KmsClient other) {
            return one;
        }
    },

    ANSWERS_NOTHING_TO_WHAT_IS_ALTERED("alteredCiphertextIsRefused", "gave 0 bytes in place of a refusal") {
        @Override
        byte[] decrypt(Wire wire, byte[] wrapped, byte[] associatedData) {
            try {
                return wire.decrypt(wrapped, associatedData);
            } catch (GeneralSecurityException altered) {
                return new byte[0];
            }
        }
    },

    TAKES_TAMPERING_FOR_A_FAULT("alteredCiphertextIsRefused", "refused with") {
        @Override
        byte[] decrypt(Wire wire, byte[] wrapped, byte[] associatedData) {
            try {
                return wire.decrypt(wrapped, associatedData);
            } catch (GeneralSecurityException altered) {
                throw ErrorCode.KMS_UNAVAILABLE.because("not now");
            }
        }
    },

    SAYS_WHAT_IT_WRAPPED("otherAssociatedDataIsRefused", "plaintext") {
        private final AtomicReference<String> last = new AtomicReference<>();

        @Override
        byte[] encrypt(Wire wire, byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
            last.set(new String(plaintext, UTF_8));
            return wire.encrypt(plaintext, associatedData);
        }

        @Override
        byte[] decrypt(Wire wire, byte[] wrapped, byte[] associatedData) {
            try {
                return wire.decrypt(wrapped, associatedData);
            } catch (GeneralSecurityException altered) {
                throw ErrorCode.AUTHENTICATION.because("not what was wrapped: " + last);
            }
        }
    },

    IS_NOT_COUNTED("whatReachesTheKmsIsCounted", "requests() of the subclass does not rise") {
        @Override
        int requests(Wire wire) {
            return 0;
        }
    },

    ASKS_WHEN_IT_IS_MADE("nobodyIsAskedBeforeTheFirstCall", "nobody was to be asked") {
        @Override
        void made(Wire wire) {
            wire.ask();
        }
    },

    SERVES_EVERYBODY("foreignUrisAreRefusedAndNobodyIsAsked", "serves another scheme") {
        @Override
        boolean isServed(String uri, String own) {
            return true;
        }
    },

    SERVES_WHAT_BEGINS_AS_ITS_OWN("malformedUrisOfItsOwnSchemeAreRefusedAndNobodyIsAsked", "#x") {
        @Override
        boolean isServed(String uri, String own) {
            return uri.startsWith(own);
        }
    },

    FORGETS_ITS_CREDENTIALS("keepsItsCredentialsWhateverTinkAsks", "no credentials") {
        @Override
        KmsClient withCredentials(KmsClient client) {
            throw ErrorCode.CONFIGURATION.because("no credentials");
        }
    },

    RETRIES("oneUnwrapIsOneCallWhetherItSucceedsOrNot", "a refusal is not retried") {
        @Override
        byte[] decrypt(Wire wire, byte[] wrapped, byte[] associatedData) throws GeneralSecurityException {
            for (int i = 0; i < 2; i++) {
                try {
                    return wire.decrypt(wrapped, associatedData);
                } catch (GeneralSecurityException refused) {
                    // once more
                }
            }
            return wire.decrypt(wrapped, associatedData);
        }
    },

    SHARES_ITS_ANSWER("threadsDoNotDisturbEachOther", "one thread got the answer of another") {
        private volatile byte[] first = {};

        /** The first plaintext for all that ask later. */
        @Override
        byte[] decrypt(Wire wire, byte[] wrapped, byte[] associatedData) throws GeneralSecurityException {
            byte[] answer = wire.decrypt(wrapped, associatedData);
            synchronized (this) {
                if (first.length == 0) {
                    first = answer;
                }
                return first;
            }
        }
    },

    UNWRAPS_TWICE("storeOfManyValuesIsOpenedByOneUnwrap", "one unwrap for a store") {
        @Override
        byte[] decrypt(Wire wire, byte[] wrapped, byte[] associatedData) throws GeneralSecurityException {
            wire.decrypt(wrapped, associatedData);
            return wire.decrypt(wrapped, associatedData);
        }
    };

    /** The name of the test that fails. */
    final String rule;

    /** What it says of the adapter. */
    final String blame;

    BrokenKms(String rule, String blame) {
        this.rule = rule;
        this.blame = blame;
    }

    /** A KMS behind its wire, where everything is counted. */
    static final class Wire {
        private final Aead kek;
        int requests;
        int unwraps;

        Wire(Aead kek) {
            this.kek = kek;
        }

        synchronized void ask() {
            requests++;
        }

        byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
            ask();
            return kek.encrypt(plaintext, associatedData);
        }

        byte[] decrypt(byte[] wrapped, byte[] associatedData) throws GeneralSecurityException {
            synchronized (this) {
                requests++;
                unwraps++;
            }
            return kek.decrypt(wrapped, associatedData);
        }
    }

    byte[] encrypt(Wire wire, byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
        return wire.encrypt(plaintext, associatedData);
    }

    byte[] decrypt(Wire wire, byte[] wrapped, byte[] associatedData) throws GeneralSecurityException {
        return wire.decrypt(wrapped, associatedData);
    }

    boolean isServed(String uri, String own) {
        return uri.equals(own);
    }

    int requests(Wire wire) {
        return wire.requests;
    }

    void made(Wire wire) {}

    KmsClient withCredentials(KmsClient client) {
        return client;
    }

    KmsClient other(KmsClient one, KmsClient other) {
        return other;
    }

    /** A client of that KMS with this fault. */
    KmsClient client(Wire wire, String uri) {
        made(wire);
        return new KmsClient() {
            @Override
            public boolean doesSupport(String keyUri) {
                return isServed(keyUri, uri);
            }

            @Override
            public KmsClient withCredentials(String path) {
                return BrokenKms.this.withCredentials(this);
            }

            @Override
            public KmsClient withDefaultCredentials() {
                return this;
            }

            @Override
            public Aead getAead(String keyUri) throws GeneralSecurityException {
                if (!doesSupport(keyUri)) {
                    throw new GeneralSecurityException("another KMS");
                }
                return new Aead() {
                    @Override
                    public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
                        return BrokenKms.this.encrypt(wire, plaintext, associatedData);
                    }

                    @Override
                    public byte[] decrypt(byte[] wrapped, byte[] associatedData) throws GeneralSecurityException {
                        return BrokenKms.this.decrypt(wire, wrapped, associatedData);
                    }
                };
            }
        };
    }
}
