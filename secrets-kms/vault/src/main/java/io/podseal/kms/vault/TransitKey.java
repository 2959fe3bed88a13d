// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/** A key of the Transit engine: what is wrapped is Transit's ciphertext as text (specification, section 5). */
final class TransitKey implements Aead {
    private static final Pattern CIPHERTEXT = Pattern.compile("vault:v[1-9][0-9]{0,8}:[A-Za-z0-9+/]+={0,2}");
    private static final int MAX_CIPHERTEXT_BYTES = 128 * 1024;

    private final VaultUri uri;
    private final VaultSession session;

    TransitKey(VaultUri uri, VaultSession session) {
        this.uri = uri;
        this.session = session;
    }

    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
        String path = uri.path("encrypt");
        byte[] base64 = Base64.getEncoder().encode(plaintext);
        byte[] ciphertext = ask(path, "plaintext", base64, associatedData, "ciphertext");
        if (!isCiphertext(ciphertext)) {
            throw VaultFailure.unusable(path);
        }
        return ciphertext;
    }

    @Override
    public byte[] decrypt(byte[] ciphertext, byte[] associatedData) {
        // also because it goes into JSON as it is
        if (!isCiphertext(ciphertext)) {
            throw ErrorCode.AUTHENTICATION.because(
                    "the wrapped keyset is no ciphertext of Transit (vault:v1:…); deliver the"
                            + " document again as 'podseal keyset create' or 'rewrap' wrote it");
        }
        String path = uri.path("decrypt");
        byte[] base64 = ask(path, "ciphertext", ciphertext.clone(), associatedData, "plaintext");
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw VaultFailure.unusable(path);
        } finally {
            Arrays.fill(base64, (byte) 0);
        }
    }

    private static boolean isCiphertext(byte[] bytes) {
        return bytes.length <= MAX_CIPHERTEXT_BYTES
                && CIPHERTEXT.matcher(new String(bytes, US_ASCII)).matches();
    }

    /** @param value goes into JSON as it is, and is wiped */
    private byte[] ask(String path, String field, byte[] value, byte[] associatedData, String answerField) {
        byte[] json = request(field, value, Base64.getEncoder().encodeToString(associatedData));
        VaultAnswer answer = null;
        try {
            answer = session.post(path, json);
            if (answer.status() != 200) {
                throw VaultFailure.ofTransit(path, answer);
            }
            byte[] found = answer.text("data", answerField);
            if (found == null) {
                throw VaultFailure.unusable(path);
            }
            return found;
        } finally {
            Arrays.fill(value, (byte) 0);
            Arrays.fill(json, (byte) 0);
            if (answer != null) {
                answer.wipe();
            }
        }
    }

    /** The account as associated data, and as the context that a derived key needs and another one ignores. */
    private static byte[] request(String field, byte[] value, String account) {
        byte[] before = ("{\"associated_data\":\"" + account + "\",\"context\":\"" + account + "\",\"" + field
                        + "\":\"")
                .getBytes(US_ASCII);
        return ByteBuffer.allocate(before.length + value.length + 2)
                .put(before)
                .put(value)
                .put((byte) '"')
                .put((byte) '}')
                .array();
    }
}
