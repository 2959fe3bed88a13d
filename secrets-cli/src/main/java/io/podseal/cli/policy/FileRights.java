// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

/** Owner and mode of a KEK file. */
final class FileRights {
    private FileRights() {}

    static void write(Grant grant, Script script) {
        script.comment(
                        "For development, demos and tests only: the file's owner and mode are the whole policy. Whoever reads it opens every")
                .comment(
                        "keyset wrapped with it, of whatever account. podseal refuses a file that group or others may read.");
        if (grant.opens()) {
            script.section("open: the process that runs as " + grant.account() + " must own the file,")
                    .comment("so give it to the uid of its pod (securityContext.runAsUser).");
        }
        if (grant.seals()) {
            script.section("seal: whoever seals for " + grant.account()
                            + " with the wrapped keyset must own the file too;")
                    .comment("sealing with a public document (hpke-*) needs no right at all.");
        }
        script.command("chown", "<uid>", grant.key()).command("chmod", "600", grant.key());
    }
}
