// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import java.util.Arrays;

/** A PKCS#11 token, which knows users and keys, and no accounts. */
final class TokenRights {
    private TokenRights() {}

    static void write(Grant grant, Script script) {
        script.comment(
                        "A token knows no accounts: whoever reaches it with its PIN opens every keyset wrapped with this key. So the key, and the")
                .comment("token (or the HSM's partition) with its PIN, are for this account alone.")
                .section("The key: it stays in the token, and shows itself only behind the PIN.")
                .command(
                        "pkcs11-tool",
                        "--module",
                        "<library of the token>",
                        option(grant.key()),
                        attribute(grant.key(), option(grant.key()).equals("--slot") ? "slot-id" : "token"),
                        "--login",
                        "\\",
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

    private static String option(String key) {
        return attribute(key, "slot-id").startsWith("<") ? "--token-label" : "--slot";
    }

    private static String attribute(String key, String name) {
        return Arrays.stream(key.split(";", -1))
                .filter(attribute -> attribute.startsWith(name + "="))
                .map(attribute -> Percent.decoded(attribute.substring(name.length() + 1)))
                .findFirst()
                .orElse("<" + name + ">");
    }
}
