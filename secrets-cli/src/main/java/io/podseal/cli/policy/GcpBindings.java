// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import io.podseal.ErrorCode;
import java.util.stream.IntStream;

/** Bindings of roles on one CryptoKey: of accounts, IAM there sees who calls, and not whose keyset it is. */
final class GcpBindings {
    private static final String DECRYPTER = "roles/cloudkms.cryptoKeyDecrypter";
    private static final String ENCRYPTER = "roles/cloudkms.cryptoKeyEncrypter";

    private final Script script;
    private final String[] path;

    private GcpBindings(Script script, String[] path) {
        this.script = script;
        this.path = path;
        // gcloud would take other words for its options.
        if (!path[1].matches("[A-Za-z0-9_][-A-Za-z0-9_.:]*")
                || !IntStream.of(3, 5, 7).allMatch(i -> path[i].matches("[A-Za-z0-9_][-A-Za-z0-9_]*"))) {
            throw ErrorCode.CONFIGURATION.because("no command can name the CryptoKey of this KEK safely; its project,"
                    + " location, key ring and name are of letters, digits, '_' and '-', and begin with no '-'");
        }
    }

    static void write(Grant grant, Script script) {
        GcpBindings bindings = new GcpBindings(script, grant.key().split("/", -1));
        script.comment(
                "Whoever may decrypt with this CryptoKey opens every keyset wrapped with it: it is for this account alone.");
        if (grant.opens()) {
            script.section("open: the ServiceAccount itself, by Workload Identity Federation for GKE");
            bindings.add(
                    DECRYPTER,
                    "principal://iam.googleapis.com/projects/<project number of the cluster>/locations/global/workloadIdentityPools/"
                            + "<project of the cluster>.svc.id.goog/subject/ns/"
                            + grant.account().namespace() + "/sa/"
                            + grant.account().name());
        }
        if (grant.seals()) {
            script.section(
                    "seal: whoever makes and changes keysets. Sealing with a public document (hpke-*) needs no role.");
            bindings.add(ENCRYPTER, "user:<who>");
            script.comment("and whoever also changes keysets, or seals with a wrapped one:");
            bindings.add(DECRYPTER, "user:<who>");
        }
    }

    private void add(String role, String member) {
        script.command(
                        "gcloud",
                        "kms",
                        "keys",
                        "add-iam-policy-binding",
                        path[7],
                        "--keyring",
                        path[5],
                        "--location",
                        path[3],
                        "--project",
                        path[1])
                .more("--role", role, "--member", member);
    }
}
