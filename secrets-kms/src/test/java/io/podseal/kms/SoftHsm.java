// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

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
public final class SoftHsm {
    /** Of every token. */
    public static final String PIN = "pin+" + Refusal.CANARY;

    private static final Pattern SLOT =
            Pattern.compile("Slot ([0-9]+)\n(?:(?!\nSlot ).)*?Label: +([^\n]*\\S) *\n", Pattern.DOTALL);

    private final Path folder;
    private final Path configuration;

    private SoftHsm(Path folder) throws IOException {
        this.folder = folder;
        this.configuration = folder.resolve("softhsm2.conf");
        Files.createDirectories(tokens());
        Files.writeString(
                configuration,
                "directories.tokendir = " + tokens() + "\nobjectstore.backend = file\nlog.level = ERROR\n");
    }

    /** One without tokens, in an empty folder. */
    public static SoftHsm in(Path folder) {
        library();
        try {
            return new SoftHsm(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The module. */
    public static Path library() {
        RealPart.program("softhsm2-util", "softhsm2");
        RealPart.program("pkcs11-tool", "opensc");
        return RealPart.library("libsofthsm2.so", "softhsm2");
    }

    /** Where the tokens lie. */
    public Path tokens() {
        return folder.resolve("tokens");
    }

    /** What a process needs that loads the module. */
    public Map<String, String> environment() {
        return Map.of("SOFTHSM2_CONF", configuration.toString());
    }

    /** Makes a token with {@link #PIN}. */
    public SoftHsm token(String label) {
        run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "87654321");
        return this;
    }

    /** Makes a key. */
    public SoftHsm key(String token, String label, String type, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("--keygen", "--key-type", type, "--private", "--label", label));
        arguments.addAll(List.of(more));
        asUser(token, arguments);
        return this;
    }

    /** Gives a token another PIN. */
    public void changePin(String token, String pin) {
        asUser(token, List.of("--change-pin", "--new-pin", pin));
    }

    private void asUser(String token, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                "pkcs11-tool", "--module", library().toString(), "--token-label", token, "--login", "--pin", PIN));
        command.addAll(arguments);
        run(command.toArray(String[]::new));
    }

    /** The slot of a token. */
    public int slot(String label) {
        Matcher slots = SLOT.matcher(run("softhsm2-util", "--show-slots"));
        while (slots.find()) {
            if (slots.group(2).equals(label)) {
                return Integer.parseInt(slots.group(1));
            }
        }
        throw new IllegalStateException("no token " + label);
    }

    /** The KEK that a key is. */
    public String uri(String token, String key) {
        return "pkcs11:slot-id=" + slot(token) + ";object=" + key;
    }

    /** A file with that PIN. */
    public Path pinFile(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String run(String... command) {
        return RealPart.run(environment(), command);
    }
}
