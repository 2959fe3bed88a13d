// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import io.podseal.ErrorCode;
import java.util.Arrays;
import java.util.Optional;

/** A PKCS#11 token, which knows users and keys, and no accounts. */
final class TokenRights {
    private TokenRights() {}

    static void write(Grant grant, Script script) {
        boolean bySlot = find(grant.key(), "slot-id").isPresent();
        script.comment(
                        "A token knows no accounts: whoever reaches it with its PIN opens every keyset wrapped with this key. So the key, and the")
                .comment("token (or the HSM's partition) with its PIN, are for this account alone.")
                .section("The key: it stays in the token, and shows itself only behind the PIN.")
                .command(
                        "pkcs11-tool",
                        "--module",
                        "<library of the token>",
                        bySlot ? "--slot" : "--token-label",
                        attribute(grant.key(), bySlot ? "slot-id" : "token"),
                        "--login")
                .more(
                        "--keygen",
                        "--key-type",
                        "AES:32",
                        "--label",
                        attribute(grant.key(), "object"),
                        "--private",
                        "--sensitive");
        if (grant.opens()) {
            script.section(
                            "open: CKA_DECRYPT of the key, and the PIN in a file (podseal.kms.pkcs11.pin-file) that only the pod's process can read")
                    .command("chown", "<uid of the pod>", "<PIN file>")
                    .command("chmod", "400", "<PIN file>");
        }
        if (grant.seals()) {
            script.section(
                            "seal: whoever makes and changes keysets, or seals with a wrapped one, needs the same PIN, and CKA_ENCRYPT too.")
                    .comment("Sealing with a public document (hpke-*) needs no token.");
        }
    }

    private static String attribute(String key, String name) {
        return find(key, name).orElse("<" + name + ">");
    }

    private static Optional<String> find(String key, String name) {
        Optional<String> value = Arrays.stream(key.split(";", -1))
                .filter(attribute -> attribute.startsWith(name + "="))
                .map(attribute -> Percent.decoded(attribute.substring(name.length() + 1)))
                .findFirst();
        if (value.filter(word -> word.isEmpty() || word.startsWith("-")).isPresent()) {
            throw ErrorCode.CONFIGURATION.because("no command can name the " + name
                    + " of this pkcs11: KEK safely; it must not be empty, nor begin with '-'");
        }
        return value;
    }
}
