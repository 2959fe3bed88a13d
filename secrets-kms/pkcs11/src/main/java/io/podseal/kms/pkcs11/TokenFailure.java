// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Puts what a token or the JDK's provider answered into one of our codes; only the name of the answer is passed on. */
final class TokenFailure {
    private static final int MAX_CAUSES = 8;
    private static final Pattern CKR = Pattern.compile("(CKR_[A-Z0-9_]+|0x[0-9a-fA-F]+).*", Pattern.DOTALL);

    /** What has one meaning wherever it occurs; anything else says that the token is not to be had. */
    private static final Map<String, String> WRONG = Map.of(
            "CKR_SLOT_ID_INVALID", "there is no such slot; correct slot-id in the URI",
            "CKR_USER_PIN_NOT_INITIALIZED",
                    "the token has no user PIN yet; initialise it, or correct slot-id in the URI",
            "CKR_TOKEN_NOT_RECOGNIZED", "the token is not initialised; initialise it, or correct slot-id in the URI",
            "CKR_MECHANISM_INVALID", "the token does not know CKM_AES_GCM",
            "CKR_MECHANISM_PARAM_INVALID", "the token does not take CKM_AES_GCM with 12 bytes of nonce and 16 of tag",
            "CKR_KEY_TYPE_INCONSISTENT", "the key is not for CKM_AES_GCM; name another in the URI");

    private TokenFailure() {}

    /** The module did not load, or did not give a provider for the slot. */
    static PodsealException atStart(String where, Throwable failure) {
        String ckr = ckr(failure);
        boolean passing = ckr.startsWith("CKR_DEVICE_")
                || ckr.equals("CKR_TOKEN_NOT_PRESENT")
                || ckr.equals("CKR_FUNCTION_FAILED")
                || ckr.equals("CKR_HOST_MEMORY");
        if (passing || WRONG.containsKey(ckr)) {
            return inUse(where, failure);
        }
        return ErrorCode.CONFIGURATION.because(where + ": the module does not start" + named(failure)
                + "; see to podseal.kms.pkcs11.module, podseal.kms.pkcs11.nss-database, and what the module itself reads,"
                + " such as the file that SOFTHSM2_CONF names in this process's environment");
    }

    /** The token did not let us in. */
    static PodsealException atLogin(String where, Throwable failure) {
        PodsealException ours = causes(failure)
                .filter(PodsealException.class::isInstance)
                .map(PodsealException.class::cast)
                .findFirst()
                .orElse(null);
        if (ours != null) {
            return ours.at(where);
        }
        if (ckr(failure).startsWith("CKR_PIN_")) {
            return ErrorCode.KMS_DENIED.because(where + ": the token refused the PIN" + named(failure)
                    + "; correct the file that podseal.kms.pkcs11.pin-file names, or unlock the token. The same PIN is not"
                    + " tried again by this process");
        }
        return inUse(where, failure);
    }

    /** The token's objects could not be listed. */
    static PodsealException atLookup(String where, Throwable failure) {
        if (failure instanceof KeyStoreException && failure.getCause() instanceof NoSuchAlgorithmException) {
            return ErrorCode.KMS_UNAVAILABLE.because(
                    where + ": there is no token in the slot; see that it is connected");
        }
        if (causes(failure).anyMatch(KeyStoreException.class::isInstance)) {
            return ErrorCode.CONFIGURATION.because(where
                    + ": several secret keys of the token share a label; give each its own, since labels name them");
        }
        return inUse(where, failure);
    }

    /** The token did not do what it was asked. */
    static PodsealException inUse(String where, Throwable failure) {
        String ckr = ckr(failure);
        String wrong = WRONG.get(ckr);
        if (wrong != null) {
            return ErrorCode.CONFIGURATION.because(where + ": " + wrong + named(failure));
        }
        if (ckr.equals("CKR_KEY_FUNCTION_NOT_PERMITTED")) {
            return ErrorCode.KMS_DENIED.because(where + ": the key may not be used for this; opening needs CKA_DECRYPT,"
                    + " sealing CKA_ENCRYPT" + named(failure));
        }
        return ErrorCode.KMS_UNAVAILABLE.because(
                where + ": the token gave no usable answer" + named(failure) + "; see that it is there and works");
    }

    /** Locks it; whoever is interrupted meanwhile does not wait for a token that hangs. */
    static void await(ReentrantLock lock, String where) {
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.KMS_UNAVAILABLE.because(
                    where + ": interrupted while another call waited for the token; see that it is there and works");
        }
    }

    /** The name of what the token answered, or an empty text. */
    static String ckr(Throwable failure) {
        return causes(failure)
                .filter(t -> t.getClass().getName().equals("sun.security.pkcs11.wrapper.PKCS11Exception"))
                .map(t -> CKR.matcher(String.valueOf(t.getMessage())))
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1))
                .findFirst()
                .orElse("");
    }

    private static String named(Throwable failure) {
        String ckr = ckr(failure);
        return " (" + (ckr.isEmpty() ? failure.getClass().getName() : ckr) + ")";
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, t -> t != null, Throwable::getCause).limit(MAX_CAUSES);
    }
}
