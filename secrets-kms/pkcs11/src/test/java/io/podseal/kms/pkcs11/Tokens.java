// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import io.podseal.kms.SoftHsm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The tokens of this process: its environment names their folder, and SoftHSM's library reads it once. */
final class Tokens {
    private Tokens() {}

    /** Two tokens of SoftHSM2, the first with keys of every kind. */
    static SoftHsm hsm() {
        SoftHsm.library(); // where there is none, before a static initialiser makes an error of it
        return Shared.HSM;
    }

    /** A client with the right PIN. */
    static Pkcs11Kms kms() {
        return Pkcs11Kms.builder()
                .module(SoftHsm.library())
                .pinFile(hsm().pinFile("pin", SoftHsm.PIN + "\n"))
                .build();
    }

    /** A folder of this build, emptied. */
    static Path folder(String name) {
        Path folder = Path.of(System.getenv("SOFTHSM2_CONF")).getParent().resolveSibling(name);
        try {
            if (Files.exists(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Shared {
        static final SoftHsm HSM = SoftHsm.in(folder("softhsm"))
                .token("one")
                .token("two")
                .key("one", "kek", "AES:32", "--sensitive")
                .key("one", "a label;with=words%", "AES:32", "--sensitive")
                .key("one", "small", "AES:16", "--sensitive")
                .key("one", "generic", "GENERIC:32", "--sensitive")
                .key("one", "readable", "AES:32", "--extractable")
                .key("two", "kek", "AES:32", "--sensitive");
    }
}
