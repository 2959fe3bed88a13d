// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import io.podseal.kms.SoftHsm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.util.Comparator;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** The tokens of this process: its environment names their folder, and SoftHSM's library reads it once. */
final class Tokens {
    private Tokens() {}

    /** Four tokens of SoftHSM2, the first with keys of every kind; nobody logs in to the second, and one test to the last. */
    static SoftHsm hsm() {
        SoftHsm.library(); // where there is none, before a static initialiser makes an error of it
        return Shared.HSM;
    }

    /** A client with the right PIN, for the first token. */
    static Pkcs11Kms kms() {
        return Pkcs11Kms.builder().module(SoftHsm.library()).pinFile(pin()).build();
    }

    /** A client with the right PIN, for the third token. */
    static Pkcs11Kms third() {
        return Pkcs11Kms.builder()
                .module(SoftHsm.library())
                .pinFile(hsm().pinFile("pin-of-three", SoftHsm.PIN))
                .build();
    }

    /** A client as {@link #kms} makes it, whose ways to the token are these. */
    static Pkcs11Kms kms(IntFunction<AuthProvider> providers) {
        return new Pkcs11Kms(new TokenSlots(SoftHsm.library().toString(), providers), new PinFile(pin()));
    }

    static TokenModule module() {
        return new TokenModule(SoftHsm.library(), null);
    }

    private static Path pin() {
        return hsm().pinFile("pin", SoftHsm.PIN + "\n");
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
                .token("three")
                .token("four")
                .key("one", "kek", "AES:32", "--sensitive")
                .key("one", "a label;with=words%", "AES:32", "--sensitive")
                .key("one", "small", "AES:16", "--sensitive")
                .key("one", "generic", "GENERIC:32", "--sensitive")
                .key("one", "readable", "AES:32", "--extractable")
                .key("one", "takeable", "AES:32", "--sensitive", "--extractable")
                .key("two", "kek", "AES:32", "--sensitive")
                .key("three", "kek", "AES:32", "--sensitive")
                .key("four", "kek", "AES:32", "--sensitive");
    }
}
