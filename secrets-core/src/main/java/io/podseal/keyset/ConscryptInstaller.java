// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.security.Security;
import org.conscrypt.Conscrypt;

/** Installs Conscrypt for {@code hpke-xwing}. The library does this only where it is asked to: it is JVM-wide. */
public final class ConscryptInstaller {
    private ConscryptInstaller() {}

    /**
     * Adds Conscrypt at the end of the JCA provider list, once.
     *
     * @throws PodsealException {@code CONFIGURATION} where it is not on the class path
     */
    public static void install() {
        try {
            if (Security.getProvider("Conscrypt") == null) {
                Security.addProvider(Conscrypt.newProvider());
            }
        } catch (LinkageError absent) {
            throw ErrorCode.CONFIGURATION.because(
                    "Conscrypt cannot be loaded: add org.conscrypt:conscrypt-openjdk-uber to the class path");
        }
    }
}
