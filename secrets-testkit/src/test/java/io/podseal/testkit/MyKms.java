// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A small adapter: {@code my-kms://<key>} of {@link MyService}. */
final class MyKms implements KmsClient {
    private static final Pattern URI = Pattern.compile("my-kms://([a-z]+)");

    private final MyService service;
    private final String token;

    MyKms(MyService service, String token) {
        this.service = service;
        this.token = token;
    }

    @Override
    public boolean doesSupport(String keyUri) {
        return URI.matcher(keyUri).matches();
    }

    @Override
    public KmsClient withCredentials(String credentialPath) {
        return this;
    }

    @Override
    public KmsClient withDefaultCredentials() {
        return this;
    }

    @Override
    public Aead getAead(String keyUri) {
        Matcher uri = URI.matcher(keyUri);
        if (!uri.matches()) {
            throw ErrorCode.CONFIGURATION.because("not a KEK of this KMS; write my-kms://<key>");
        }
        String key = uri.group(1);
        return new Aead() {
            @Override
            public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
                return request(key, kek -> kek.encrypt(plaintext, associatedData));
            }

            @Override
            public byte[] decrypt(byte[] ciphertext, byte[] associatedData) {
                return request(key, kek -> kek.decrypt(ciphertext, associatedData));
            }
        };
    }

    /** The service's text may hold anything, so it is not passed on. */
    private byte[] request(String key, MyService.Operation operation) throws PodsealException {
        try {
            return service.request(token, key, operation);
        } catch (MyService.Refused e) {
            throw ErrorCode.AUTHENTICATION.because("my-kms://" + key + " refused the request");
        }
    }
}
