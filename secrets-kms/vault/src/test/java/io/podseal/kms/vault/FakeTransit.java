// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.gson.JsonObject;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The Transit engine by its published API: AES-GCM with associated data, derived keys (HKDF-SHA256 over the context), versions,
 * and the refusals in the words that the real one uses.
 */
final class FakeTransit {
    private final Map<String, Key> keys = new HashMap<>();

    /** A key with its settings. */
    static final class Key {
        private final String type;
        private final boolean derived;
        private final List<byte[]> versions = new ArrayList<>();
        int minDecryptionVersion = 1;
        boolean softDeleted;

        private Key(String type, boolean derived) {
            this.type = type;
            this.derived = derived;
            rotate();
        }

        void rotate() {
            byte[] key = new byte[32];
            new SecureRandom().nextBytes(key);
            versions.add(key);
        }

        /** As a server restored from before the last rotation has it. */
        void forgetLastVersion() {
            versions.remove(versions.size() - 1);
        }
    }

    /** What the engine refuses, with HTTP 400. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String text) {
            super(text);
        }
    }

    Key create(String name, String type, boolean derived) {
        Key key = new Key(type, derived);
        keys.put(name, key);
        return key;
    }

    boolean has(String name) {
        return keys.containsKey(name);
    }

    JsonObject encrypt(String name, JsonObject request) throws Refused, GeneralSecurityException {
        Key key = key(name);
        byte[] account = associatedData(key, request);
        byte[] nonce = new byte[12];
        new SecureRandom().nextBytes(nonce);
        int version = key.versions.size();
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, version, request, nonce, account)
                .doFinal(base64(request, "plaintext"));
        byte[] whole = Arrays.copyOf(nonce, 12 + sealed.length);
        System.arraycopy(sealed, 0, whole, 12, sealed.length);
        JsonObject data = new JsonObject();
        data.addProperty(
                "ciphertext", "vault:v" + version + ":" + Base64.getEncoder().encodeToString(whole));
        data.addProperty("key_version", version);
        return data;
    }

    JsonObject decrypt(String name, JsonObject request) throws Refused, GeneralSecurityException {
        Key key = key(name);
        byte[] account = associatedData(key, request);
        String ciphertext = text(request, "ciphertext");
        if (ciphertext.isEmpty()) {
            throw new Refused("missing ciphertext to decrypt");
        }
        String[] parts = ciphertext.split(":", 3);
        if (!ciphertext.startsWith("vault:v")) {
            throw new Refused("invalid ciphertext: no prefix");
        }
        if (parts.length != 3) {
            throw new Refused("invalid ciphertext: wrong number of fields");
        }
        int version;
        try {
            version = Integer.parseInt(parts[1].substring(1));
        } catch (NumberFormatException e) {
            throw new Refused("invalid ciphertext: version number could not be decoded");
        }
        if (version > key.versions.size()) {
            throw new Refused("invalid ciphertext: version is too new");
        }
        if (version < key.minDecryptionVersion) {
            throw new Refused("ciphertext or signature version is disallowed by policy (too old)");
        }
        byte[] whole;
        try {
            whole = Base64.getDecoder().decode(parts[2]);
        } catch (IllegalArgumentException e) {
            throw new Refused("invalid ciphertext: could not decode base64");
        }
        if (whole.length < 12) {
            throw new Refused("invalid ciphertext length");
        }
        try {
            byte[] plaintext = cipher(Cipher.DECRYPT_MODE, key, version, request, Arrays.copyOf(whole, 12), account)
                    .doFinal(whole, 12, whole.length - 12);
            JsonObject data = new JsonObject();
            data.addProperty("plaintext", Base64.getEncoder().encodeToString(plaintext));
            return data;
        } catch (AEADBadTagException | ProviderException e) { // the latter for what is shorter than a tag
            throw new Refused("cipher: message authentication failed");
        }
    }

    private Key key(String name) throws Refused {
        Key key = keys.get(name);
        if (key == null) {
            throw new Refused("encryption key not found");
        }
        if (key.softDeleted) {
            throw new Refused("encryption key is soft-deleted");
        }
        return key;
    }

    private static byte[] associatedData(Key key, JsonObject request) throws Refused {
        byte[] account = base64(request, "associated_data");
        if (account.length > 0
                && !List.of("aes128-gcm96", "aes256-gcm96", "chacha20-poly1305").contains(key.type)) {
            throw new Refused("'[0].associated_data' provided for non-AEAD cipher suite " + key.type);
        }
        return account;
    }

    private static Cipher cipher(int mode, Key key, int version, JsonObject request, byte[] nonce, byte[] account)
            throws Refused, GeneralSecurityException {
        byte[] bytes = key.versions.get(version - 1);
        if (key.derived) {
            byte[] context = base64(request, "context");
            if (context.length == 0) {
                throw new Refused("missing 'context' for key derivation; the key was created using a derived key, which"
                        + " means additional, per-request information must be included in order to perform operations"
                        + " with the key");
            }
            bytes = hmac(hmac(new byte[32], bytes), context, new byte[] {1});
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(bytes, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(account);
        return cipher;
    }

    private static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    private static byte[] base64(JsonObject request, String field) throws Refused {
        try {
            return Base64.getDecoder().decode(text(request, field).getBytes(US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new Refused("failed to base64-decode " + field);
        }
    }

    private static String text(JsonObject request, String field) {
        return request.has(field) ? request.get(field).getAsString() : "";
    }
}
