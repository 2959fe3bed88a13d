// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import io.podseal.ErrorCode;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretSealer;
import io.podseal.ServiceAccount;
import java.security.GeneralSecurityException;

/** Seals under the primary key of one account's keyset. */
final class KeysetSealer implements SecretSealer {
    private final ServiceAccount identity;
    private final SealedValue.Encryption primary;

    private KeysetSealer(ServiceAccount identity, SealedValue.Encryption primary) {
        this.identity = identity;
        this.primary = primary;
    }

    interface PrimitiveSource {
        SealedValue.Encryption get() throws GeneralSecurityException;
    }

    static KeysetSealer of(ServiceAccount identity, KeyType type, PrimitiveSource primary) {
        type.requireAvailable();
        try {
            return new KeysetSealer(identity, primary.get());
        } catch (GeneralSecurityException e) {
            throw ErrorCode.KEYSET_POLICY.because("the primary key of " + identity + " cannot seal", e);
        }
    }

    @Override
    public SealedValue seal(Scope scope, byte[] plaintext) {
        if (!scope.belongsTo(identity)) {
            throw ErrorCode.CONTEXT_MISMATCH.because("this keyset seals for " + identity.namespacedName() + ", not for "
                    + scope.namespace() + "/" + scope.serviceAccount() + "; use that account's keyset");
        }
        if (plaintext.length > MAX_PLAINTEXT_BYTES) {
            throw ErrorCode.SIZE.because("a value has at most " + MAX_PLAINTEXT_BYTES + " bytes, this has "
                    + plaintext.length + "; a sealed value must fit a Secret");
        }
        try {
            return SealedValue.encrypt(scope, plaintext, primary);
        } catch (GeneralSecurityException e) {
            throw ErrorCode.KEYSET_POLICY.because("the primary key of " + identity + " cannot seal", e);
        }
    }
}
