// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import io.podseal.kms.RealPart;
import io.podseal.kms.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            RealPart.run(
                    Map.of(),
                    "symkeyutil",
                    "-K",
                    "-d",
                    database,
                    "-n",
                    "kek",
                    "-t",
                    "aes",
                    "-s",
                    "32",
                    "-f",
                    pin.toString());
        }
    }
}
