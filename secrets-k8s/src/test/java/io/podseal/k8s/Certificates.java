// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A certificate of nobody's cluster, for 127.0.0.1; made once, by the JDK's keytool. */
final class Certificates {
    static final String PASSWORD = "changeit";
    private static final String ALIAS = "front";

    private static @Nullable KeyStore made;

    private Certificates() {}

    /** The certificate with its key. */
    static synchronized KeyStore keys(Path folder) throws IOException, GeneralSecurityException {
        if (made == null) {
            made = make(folder.resolve("front.p12"));
        }
        return made;
    }

    /** The certificate alone, as a CA file has it. */
    static byte[] pem(Path folder) throws IOException, GeneralSecurityException {
        String base64 = Base64.getMimeEncoder()
                .encodeToString(keys(folder).getCertificate(ALIAS).getEncoded());
        return ("-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n").getBytes(US_ASCII);
    }

    private static KeyStore make(Path file) throws IOException, GeneralSecurityException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=front",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-ext",
                        "BC:c=ca:true",
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        if (keytool.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(said);
        }
        try {
            return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        } finally {
            Files.delete(file);
        }
    }
}
