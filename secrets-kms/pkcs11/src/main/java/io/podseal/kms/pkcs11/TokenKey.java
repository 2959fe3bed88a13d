// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.security.auth.login.LoginException;

/**
 * An AES key that stays in its token, and AES-256-GCM with it (specification, section 5): 12 bytes of nonce, ciphertext, tag.
 */
final class TokenKey {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    /**
     * The provider offers size and attributes in its text alone, and prints bytes for some keys and bits for others. That a key
     * has no format does not tell: a sensitive key has none, and NSS's have none, though they may be wrapped and taken away.
     */
    private static final Pattern TEXT = Pattern.compile(
            ".* key, (?<size>[0-9]+) bits (token|session) object, (not )?sensitive, (?<bound>un)?extractable\\)");

    private final Provider provider;
    private final SecretKey key;

    private TokenKey(Provider provider, SecretKey key) {
        this.provider = provider;
        this.key = key;
    }

    /**
     * Logs in and looks the key up, through a provider that no other key has.
     *
     * @throws PodsealException with the code of the failure
     */
    static TokenKey load(TokenSlots slots, Pkcs11Uri uri, PinFile pin) {
        String where = slots.name(uri.slot());
        AuthProvider provider;
        try {
            provider = slots.provider(uri.slot());
        } catch (ProviderException | IllegalArgumentException | UnsupportedOperationException e) {
            throw TokenFailure.atStart(where, e);
        }
        try {
            KeyStore objects = objects(slots, uri.slot(), provider);
            pin.login(provider, where);
            objects.load(null, null);
            return new TokenKey(provider, usable(objects, uri.object(), where));
        } catch (LoginException e) {
            throw TokenFailure.atLogin(where, e);
        } catch (IOException | GeneralSecurityException | ProviderException e) {
            throw TokenFailure.atLookup(where, e);
        }
    }

    private static KeyStore objects(TokenSlots slots, int slot, AuthProvider provider) throws KeyStoreException {
        try {
            return KeyStore.getInstance("PKCS11", provider); // is there while the token is
        } catch (KeyStoreException e) {
            slots.keepEmpty(slot, provider);
            throw e;
        }
    }

    private static SecretKey usable(KeyStore objects, String label, String where) throws GeneralSecurityException {
        if (objects.size() == 0) {
            throw ErrorCode.KMS_UNAVAILABLE.because(where
                    + " shows no objects at all: the token may be away, or nobody made a key on it yet; private ones are"
                    + " shown to those who log in (podseal.kms.pkcs11.pin-file)");
        }
        Key key = objects.getKey(label, null);
        if (key == null) {
            throw ErrorCode.KMS_DENIED.because(where + " has no key labelled '" + label
                    + "' for this login; correct object= in the URI, or make the key");
        }
        return bound(key, "the key labelled '" + label + "' in " + where);
    }

    /** Refuses other keys than those of AES-256 of which the provider says that they cannot leave the token. */
    static SecretKey bound(Key key, String named) {
        Matcher text = TEXT.matcher(key.toString());
        boolean known = text.matches();
        if (!(key instanceof SecretKey secret)
                || !key.getAlgorithm().equals("AES")
                || (known && !text.group("size").matches("256|32"))) {
            throw ErrorCode.CONFIGURATION.because(named + " is no AES key of 256 bits; name another");
        }
        if (!known) {
            throw ErrorCode.KEYSET_POLICY.because(
                    named + " is not known to stay in its token: this Java does not say whether it is extractable; use"
                            + " one of those that Podseal is tested on");
        }
        if (text.group("bound") == null || key.getFormat() != null) {
            throw ErrorCode.KEYSET_POLICY.because(
                    named + " can be read out of its token; make one that is sensitive and not extractable");
        }
        return secret;
    }

    byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, associatedData).doFinal(plaintext);
        byte[] out = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
        System.arraycopy(sealed, 0, out, NONCE_BYTES, sealed.length);
        return out;
    }

    byte[] decrypt(byte[] wrapped, byte[] associatedData) throws GeneralSecurityException {
        if (wrapped.length < NONCE_BYTES + TAG_BYTES) {
            throw notOurs();
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(wrapped, NONCE_BYTES), associatedData)
                    .doFinal(wrapped, NONCE_BYTES, wrapped.length - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            if (answers()) {
                throw notOurs();
            }
            throw e;
        }
    }

    /** The provider takes a token's general error for a wrong tag, so the token is asked something that it can answer. */
    private boolean answers() {
        try {
            encrypt(new byte[TAG_BYTES], new byte[0]);
            return true;
        } catch (GeneralSecurityException | ProviderException e) {
            return TokenFailure.ckr(e).equals("CKR_KEY_FUNCTION_NOT_PERMITTED");
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] associatedData) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
        cipher.updateAAD(associatedData);
        return cipher;
    }

    private static PodsealException notOurs() {
        return ErrorCode.AUTHENTICATION.because(
                "the token says that the wrapped keyset was altered, or was wrapped for another account or key; deliver"
                        + " the document again as 'podseal keyset create' or 'rewrap' wrote it");
    }
}
