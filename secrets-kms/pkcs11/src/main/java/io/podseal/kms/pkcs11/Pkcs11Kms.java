// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The {@link KmsClient} for {@code pkcs11:} KEKs: AES-256-GCM with a key that never leaves its token. The library is loaded and
 * the PIN read at the first call, not before; the process stays logged in. A token that fails is asked again through a new
 * provider at once, and so it comes back where its module lets it. A call cannot be cut short: it ends when the module
 * answers. Thread-safe.
 */
public final class Pkcs11Kms implements KmsClient, AutoCloseable {
    private final TokenSlots slots;
    private final PinFile pin;
    private final Map<Pkcs11Uri, TokenKey> keys = new ConcurrentHashMap<>();
    /** Keys that were used, so a failure now means that the token went away. */
    private final Set<Pkcs11Uri> served = ConcurrentHashMap.newKeySet();
    /** For what asks the module: it may never answer, so nothing else waits for this, and who waits can be called off. */
    private final ReentrantLock loading = new ReentrantLock();

    Pkcs11Kms(TokenSlots slots, PinFile pin) {
        this.slots = slots;
        this.pin = pin;
    }

    /**
     * A client made from {@code podseal.kms.pkcs11.*}.
     *
     * @throws PodsealException {@code CONFIGURATION} where the module is not named
     */
    public static Pkcs11Kms of(Settings settings) {
        Builder builder = builder();
        settings.findPath(Setting.PKCS11_MODULE).ifPresent(builder::module);
        settings.findPath(Setting.PKCS11_PIN_FILE).ifPresent(builder::pinFile);
        settings.find(Setting.PKCS11_NSS_DATABASE).ifPresent(builder::nssDatabase);
        return builder.build();
    }

    /** A builder without a module. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return keyUri.startsWith(Pkcs11Uri.SCHEME);
    }

    @Override
    public KmsClient withCredentials(String credentialPath) {
        return this;
    }

    @Override
    public KmsClient withDefaultCredentials() {
        return this;
    }

    /**
     * An AEAD that asks the token at every call, and throws {@link PodsealException} with the code of the failure.
     *
     * @throws PodsealException {@code CONFIGURATION} for a URI that names no key by {@code slot-id} and {@code object}
     */
    @Override
    public Aead getAead(String keyUri) {
        if (!doesSupport(keyUri)) {
            throw ErrorCode.CONFIGURATION.because("not a pkcs11: KEK; hand in the client of its own scheme");
        }
        Pkcs11Uri uri = Pkcs11Uri.parse(keyUri);
        return new Aead() {
            @Override
            public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
                keys.remove(uri); // a handle that means another key by now would wrap with that
                return ask(uri, key -> key.encrypt(plaintext, associatedData));
            }

            @Override
            public byte[] decrypt(byte[] ciphertext, byte[] associatedData) {
                return ask(uri, key -> key.decrypt(ciphertext, associatedData));
            }
        };
    }

    private interface Question {
        byte[] ask(TokenKey key) throws GeneralSecurityException;
    }

    private byte[] ask(Pkcs11Uri uri, Question question) {
        TokenKey known = keys.get(uri);
        if (known != null) {
            try {
                return question.ask(known);
            } catch (GeneralSecurityException | ProviderException | PodsealException gone) {
                // its object handle may mean nothing any more, or another key, which takes everything for altered
                keys.remove(uri, known);
            }
        }
        try {
            byte[] answer = question.ask(load(uri));
            served.add(uri);
            return answer;
        } catch (GeneralSecurityException | ProviderException e) {
            throw wasThere(uri, TokenFailure.inUse(slots.name(uri.slot()), e));
        } catch (PodsealException failure) {
            throw wasThere(uri, failure);
        }
    }

    private TokenKey load(Pkcs11Uri uri) {
        TokenFailure.await(loading, slots.name(uri.slot()));
        try {
            TokenKey key = keys.get(uri);
            if (key == null) {
                key = TokenKey.load(slots, uri, pin);
                keys.put(uri, key);
            }
            return key;
        } finally {
            loading.unlock();
        }
    }

    private PodsealException wasThere(Pkcs11Uri uri, PodsealException failure) {
        boolean refused = failure instanceof PodsealException.Refused || failure.code() == ErrorCode.KMS_DENIED;
        return refused || !served.contains(uri)
                ? failure
                : ErrorCode.KMS_UNAVAILABLE.because(
                        failure.detail() + ". The token served this process before: bring it"
                                + " back, and restart the process if this goes on, since many modules do not find a token again");
    }

    /** Forgets its keys. The login is left to the process's end, since it is the whole process's. */
    @Override
    public void close() {
        keys.clear();
    }

    /** Collects what a client needs. Not thread-safe. */
    public static final class Builder {
        private @Nullable Path module;
        private @Nullable Path pinFile;
        private @Nullable String nssDatabase;

        private Builder() {}

        /** The PKCS#11 library, an absolute path. */
        public Builder module(Path library) {
            module = library;
            return this;
        }

        /** The file with the token's PIN, for a token that asks for one; read at each login. */
        public Builder pinFile(Path file) {
            pinFile = file;
            return this;
        }

        /** The database, such as {@code sql:/etc/pki/nssdb}, where the library is NSS's softoken. */
        public Builder nssDatabase(String database) {
            nssDatabase = database;
            return this;
        }

        /**
         * The client.
         *
         * @throws PodsealException {@code CONFIGURATION} where the module is missing, or a path cannot be one
         */
        public Pkcs11Kms build() {
            if (module == null) {
                throw ErrorCode.CONFIGURATION.because(
                        "no PKCS#11 module; set podseal.kms.pkcs11.module to the library of your token, for example "
                                + Setting.PKCS11_MODULE.example());
            }
            TokenModule loaded = new TokenModule(module, nssDatabase);
            return new Pkcs11Kms(new TokenSlots(module.toString(), loaded::provider), new PinFile(pinFile));
        }
    }
}
