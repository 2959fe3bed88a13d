// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import io.podseal.ErrorCode;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.Provider;
import java.security.Security;
import org.jspecify.annotations.Nullable;

/**
 * A PKCS#11 library, and for NSS's softoken the database that it opens.
 *
 * @param library an absolute path
 * @param nssDatabase such as {@code sql:/etc/pki/nssdb}, or null for other libraries
 */
record TokenModule(Path library, @Nullable String nssDatabase) {
    TokenModule {
        if (!library.isAbsolute() || !isQuotable(library.toString())) {
            throw ErrorCode.CONFIGURATION.because(
                    "podseal.kms.pkcs11.module must be an absolute path without quotes, '$' and line ends");
        }
        if (nssDatabase != null && (!isQuotable(nssDatabase) || !nssDatabase.startsWith("sql:/"))) {
            throw ErrorCode.CONFIGURATION.because("podseal.kms.pkcs11.nss-database must be sql: and an absolute path"
                    + " without quotes, '$' and line ends");
        }
    }

    /** A provider of its own for that slot. It is not installed: no other code in the process gets to see it. */
    AuthProvider provider(int slot) {
        Provider sunPkcs11 = Security.getProvider("SunPKCS11");
        if (sunPkcs11 == null) {
            throw ErrorCode.CONFIGURATION.because(
                    "this Java has no SunPKCS11; use one with the module jdk.crypto.cryptoki, and leave the provider in"
                            + " its list (java.security)");
        }
        String nss = nssDatabase == null
                ? ""
                : "nssArgs = \"configdir='" + nssDatabase + "' certPrefix='' keyPrefix='' secmod='secmod.db'"
                        + " flags=readOnly\"\n";
        return (AuthProvider) sunPkcs11.configure("--name = podseal-" + slot + "\nlibrary = \""
                + library.toString().replace("\\", "\\\\") + "\"\nslot = " + slot + "\n" + nss);
    }

    /** The provider's own notation has no escape for a quote, and replaces {@code ${…}}. */
    private static boolean isQuotable(String text) {
        return text.chars().noneMatch(c -> c == '"' || c == '\'' || c == '$' || c < 0x20);
    }
}
