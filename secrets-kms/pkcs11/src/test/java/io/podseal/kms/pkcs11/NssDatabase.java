// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import io.podseal.kms.Page;
import io.podseal.kms.RealPart;
import io.podseal.kms.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** NSS's softoken with a database that has a password; a process opens one database only. */
final class NssDatabase {
    static final String PIN = "nss+" + Refusal.CANARY;

    private NssDatabase() {}

    static Path library() {
        RealPart.program("certutil", "libnss3-tools");
        RealPart.program("symkeyutil", "libnss3-tools");
        return RealPart.library("libsoftokn3.so", "libnss3");
    }

    /** The slot of the database's keys; the other, 1, computes only. */
    static String uri(String key) {
        return "pkcs11:slot-id=2;object=" + key;
    }

    static String name() {
        return "sql:" + Shared.FOLDER;
    }

    static Path pinFile() {
        return Shared.FOLDER.resolve("pin");
    }

    static Pkcs11Kms kms() {
        return Pkcs11Kms.builder()
                .module(library())
                .nssDatabase(name())
                .pinFile(pinFile())
                .build();
    }

    private static final class Shared {
        static final Path FOLDER = Tokens.folder("nss");

        static {
            library();
            Path pin = FOLDER.resolve("pin");
            try {
                Files.writeString(pin, PIN + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            String database = "sql:" + FOLDER;
            RealPart.run(Map.of(), "certutil", "-N", "-d", database, "-f", pin.toString());
            // extractable, as all that symkeyutil makes
            RealPart.run(
                    Map.of(),
                    "symkeyutil",
                    "-K",
                    "-d",
                    database,
                    "-n",
                    "takeable",
                    "-t",
                    "aes",
                    "-s",
                    "32",
                    "-f",
                    pin.toString());
            try {
                Path configuration = Files.writeString(FOLDER.resolve("nss.cfg"), configuration());
                RealPart.run(
                        Map.of(),
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genseckey",
                        "-alias",
                        "kek",
                        "-keyalg",
                        "AES",
                        "-keysize",
                        "256",
                        "-keystore",
                        "NONE",
                        "-storetype",
                        "PKCS11",
                        "-providerClass",
                        "sun.security.pkcs11.SunPKCS11",
                        "-providerArg",
                        configuration.toString(),
                        "-storepass:file",
                        pin.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What docs/kms/pkcs11.md has keytool read, for this database. */
        private static String configuration() {
            List<String> lines = Page.text().lines().map(String::strip).toList();
            int head = lines.indexOf("# nss.cfg");
            return String.join("\n", lines.subList(head, lines.indexOf("}") + 1))
                    .replace("/usr/lib/x86_64-linux-gnu", library().getParent().toString())
                    .replace("/etc/pki/nssdb", FOLDER.toString());
        }
    }
}
