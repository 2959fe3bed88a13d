// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.models.KeyWrapAlgorithm;
import com.azure.security.keyvault.keys.cryptography.models.UnwrapResult;
import com.azure.security.keyvault.keys.models.JsonWebKey;
import com.azure.security.keyvault.keys.models.KeyOperation;
import com.azure.security.keyvault.keys.models.KeyType;
import com.azure.security.keyvault.keys.models.KeyVaultKey;
import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One version of an RSA key. */
record AzureKek(Supplier<CryptographyClient> client, String keyId) implements Aead {
    private static final int MIN_MODULUS_BITS = 2048;

    /** Wraps here: the vault is asked for the public key only, which needs no right to use the private one. */
    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
        KeyVaultKey key = ask(AzureFailure.Right.READ, CryptographyClient::getKey);
        requireThisKey(key == null ? null : key.getId());
        if (Boolean.FALSE.equals(key.getProperties().isEnabled())) {
            throw ErrorCode.KMS_DENIED.because("the key is disabled; enable it, or use another version");
        }
        return RsaEnvelope.seal(publicKey(key.getKey()), plaintext, associatedData)
                .toBytes();
    }

    @Override
    public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
        RsaEnvelope envelope = RsaEnvelope.parse(ciphertext);
        UnwrapResult answer = ask(
                AzureFailure.Right.UNWRAP,
                vault -> vault.unwrapKey(KeyWrapAlgorithm.RSA_OAEP_256, envelope.wrappedKey()));
        byte[] key = answer.getKey();
        if (key == null || key.length == 0) {
            throw unusable("an answer without a key");
        }
        try {
            requireThisKey(answer.getKeyId());
            if (key.length != RsaEnvelope.KEY_BYTES) {
                throw RsaEnvelope.altered();
            }
            return envelope.open(key, associatedData);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private <T> T ask(AzureFailure.Right right, Function<CryptographyClient, T> call) {
        try {
            return call.apply(client.get());
        } catch (RuntimeException e) {
            throw AzureFailure.of(e, right, keyId);
        }
    }

    private void requireThisKey(@Nullable String answered) {
        if (!keyId.equals(answered)) {
            throw unusable("an answer for another key");
        }
    }

    private static PublicKey publicKey(JsonWebKey key) throws GeneralSecurityException {
        if (!KeyType.RSA.equals(key.getKeyType()) && !KeyType.RSA_HSM.equals(key.getKeyType())) {
            throw ErrorCode.CONFIGURATION.because(
                    "the key is not an RSA key; make one with 'az keyvault key create --kty RSA --size 3072'");
        }
        if (key.getKeyOps() == null || !key.getKeyOps().contains(KeyOperation.UNWRAP_KEY)) {
            throw ErrorCode.CONFIGURATION.because(
                    "the key may not unwrap; make one with 'az keyvault key create --ops unwrapKey wrapKey'");
        }
        BigInteger modulus = new BigInteger(1, key.getN());
        if (modulus.bitLength() < MIN_MODULUS_BITS) {
            throw ErrorCode.CONFIGURATION.because(
                    "the key has " + modulus.bitLength() + " bits; make one with 'az keyvault key create --size 3072'");
        }
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(modulus, new BigInteger(1, key.getE())));
    }

    private static PodsealException unusable(String what) {
        return ErrorCode.KMS_UNAVAILABLE.because("Azure Key Vault gave " + what);
    }
}
