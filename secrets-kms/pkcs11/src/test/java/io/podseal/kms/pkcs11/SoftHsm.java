// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SoftHSM2 with tokens in a folder of its own. The module reads its tokens when a process loads it: make them before. */
final class SoftHsm {
    static final String PIN = "pin+7391";

    private static final Pattern SLOT =
            Pattern.compile("Slot ([0-9]+)\n(?:(?!\nSlot ).)*?Label: +(\\S+) *\n", Pattern.DOTALL);

    private final Path folder;
    private final Path configuration;

    private SoftHsm(Path folder) {
        this.folder = RealPart.emptyFolder(folder);
        this.configuration = folder.resolve("softhsm2.conf");
        try {
            Files.createDirectory(tokens());
            Files.writeString(
                    configuration,
                    "directories.tokendir = " + tokens() + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One for this process, whose environment names its folder. */
    static SoftHsm ofThisProcess() {
        return Shared.HSM;
    }

    /** One for child processes. */
    static SoftHsm in(Path folder) {
        library();
        return new SoftHsm(folder);
    }

    static Path library() {
        RealPart.program("softhsm2-util", "softhsm2");
        RealPart.program("pkcs11-tool", "opensc");
        return RealPart.library("libsofthsm2.so", "softhsm2");
    }

    /** Where the tokens lie. */
    Path tokens() {
        return folder.resolve("tokens");
    }

    Map<String, String> environment() {
        return Map.of("SOFTHSM2_CONF", configuration.toString());
    }

    /** Makes a token with {@link #PIN}. */
    SoftHsm token(String label) {
        run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "87654321");
        return this;
    }

    /** Makes a key. */
    SoftHsm key(String token, String label, String type, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "pkcs11-tool", "--module", library().toString(), "--token-label", token, "--login", "--pin", PIN));
        command.addAll(List.of("--keygen", "--key-type", type, "--private", "--label", label));
        command.addAll(List.of(more));
        run(command.toArray(String[]::new));
        return this;
    }

    void changePin(String token, String pin) {
        run(
                "pkcs11-tool",
                "--module",
                library().toString(),
                "--token-label",
                token,
                "--login",
                "--pin",
                PIN,
                "--change-pin",
                "--new-pin",
                pin);
    }

    /** The slot of a token, and the uninitialised slot's for the empty label. */
    int slot(String label) {
        Matcher slots = SLOT.matcher(run("softhsm2-util", "--show-slots"));
        while (slots.find()) {
            if (slots.group(2).equals(label)) {
                return Integer.parseInt(slots.group(1));
            }
        }
        throw new IllegalStateException("no token " + label);
    }

    String uri(String token, String key) {
        return "pkcs11:slot-id=" + slot(token) + ";object=" + key;
    }

    /** A file with that PIN. */
    Path pinFile(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client with the right PIN. */
    Pkcs11Kms kms() {
        return Pkcs11Kms.builder()
                .module(library())
                .pinFile(pinFile("pin", PIN + "\n"))
                .build();
    }

    private String run(String... command) {
        return RealPart.run(environment(), command);
    }

    private static final class Shared {
        static final SoftHsm HSM = in(Path.of(System.getenv("SOFTHSM2_CONF")).getParent())
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
