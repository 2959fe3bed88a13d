// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;

/** Puts Vault's refusals into our codes. Its texts are looked at and not passed on: they may quote what was sent. */
final class VaultFailure {
    private VaultFailure() {}

    /** Of a login at that path. */
    static PodsealException ofLogin(String path, VaultAnswer answer) {
        int status = answer.status();
        String where = "login to Vault at " + path + " (HTTP " + status + "): ";
        if (status == 400 && answer.says("role name", "missing role", "could not be found", "missing role_id")) {
            return ErrorCode.CONFIGURATION.because(
                    where + "there is no such role; correct podseal.kms.vault.role, or make the role");
        }
        if (status == 400 || status == 401 || status == 403) {
            return ErrorCode.KMS_DENIED.because(where
                    + "it refused what it was shown"
                    + (status == 403 ? ", or nothing is mounted there (podseal.kms.vault.auth-mount)" : "")
                    + "; check the role's bounds (ServiceAccount, namespace, audience), and that the file of"
                    + " podseal.kms.vault.token-file or secret-id-file is current");
        }
        if (status == 404 || status == 405) {
            return ErrorCode.CONFIGURATION.because(where + "nothing is mounted there; correct podseal.kms.vault.auth,"
                    + " podseal.kms.vault.auth-mount or podseal.kms.vault.namespace");
        }
        return ofServer(where, status);
    }

    /** Of encrypting or decrypting at that path. */
    static PodsealException ofTransit(String path, VaultAnswer answer) {
        int status = answer.status();
        String where = "Vault at " + path + " (HTTP " + status + "): ";
        if (status == 401 || status == 403) {
            return ErrorCode.KMS_DENIED.because(where
                    + "it refused; grant 'update' on that path to the role's policy, and see that mount and key are those"
                    + " of this account ('podseal print policy')");
        }
        if (status == 404 || status == 405) {
            return ErrorCode.CONFIGURATION.because(where + "no Transit engine answers there; correct the mount in the"
                    + " KEK's URI, podseal.kms.vault.endpoint or podseal.kms.vault.namespace");
        }
        return status == 400 ? ofText(where, answer) : ofServer(where, status);
    }

    private static PodsealException ofText(String where, VaultAnswer answer) {
        if (answer.says("version is too new")) {
            return ErrorCode.KMS_UNAVAILABLE.because(where
                    + "this server has only older versions of the key; it lags behind, or was restored from before a"
                    + " rotation");
        }
        if (answer.says("message authentication failed", "invalid ciphertext")) {
            return ErrorCode.AUTHENTICATION.because(where + "the wrapped keyset was altered, or was wrapped for another"
                    + " account or key; deliver the document again as 'podseal keyset create' or 'rewrap' wrote it");
        }
        if (answer.says("encryption key not found", "soft-deleted")) {
            return ErrorCode.KMS_DENIED.because(
                    where + "the key is not there; correct its name, make it, or restore it");
        }
        if (answer.says("disallowed by policy")) {
            return ErrorCode.KMS_DENIED.because(
                    where + "the key's min_decryption_version is past the version that wrapped"
                            + " this keyset; lower it, and rewrap the keyset before it is raised again");
        }
        if (answer.says("associated_data", "not supported for key type", "padding")) {
            return ErrorCode.CONFIGURATION.because(
                    where + "the key's type does not authenticate the account; make one of"
                            + " type aes256-gcm96 or chacha20-poly1305");
        }
        return ErrorCode.CONFIGURATION.because(
                where + "it finds the request wrong; check the key's type and its settings");
    }

    private static PodsealException ofServer(String where, int status) {
        if (status == 429) {
            return ErrorCode.KMS_THROTTLED.because(
                    where + "it asks for fewer calls; raise its rate limit quota if this goes" + " on");
        }
        if (status / 100 == 3) {
            return ErrorCode.KMS_UNAVAILABLE.because(
                    where + "it points elsewhere, and redirects are not followed; name the"
                            + " server that answers itself in podseal.kms.vault.endpoint, or have standbys forward");
        }
        return ErrorCode.KMS_UNAVAILABLE.because(where + "it gave no usable answer; check that it is "
                + (status == 503 ? "unsealed and " : "") + "running");
    }

    /** An answer of success that holds nothing to go on with. */
    static PodsealException unusable(String path) {
        return ErrorCode.KMS_UNAVAILABLE.because(
                "Vault at " + path + " answered without a result; check that podseal.kms.vault.endpoint is its API");
    }
}
