// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KekUri;

/**
 * Who is to do what with a KEK.
 *
 * @param kek its well-formed URI
 * @param account whose keysets it wraps
 * @param opens for the account's application
 * @param seals for whoever makes keysets, changes them, or seals with a wrapped one
 */
public record Grant(String kek, ServiceAccount account, boolean opens, boolean seals) {
    /** Of IAM, which takes the shortest ones. */
    static final int MAX_NAME_CHARS = 128;

    /**
     * The text.
     *
     * @throws PodsealException {@code CONFIGURATION} where a part of the URI names nothing that its KMS can have
     */
    public String text() {
        Script script = new Script()
                .comment("What " + account.namespacedName() + " (trust domain " + account.trustDomain()
                        + ") needs under")
                .comment(kek);
        switch (KekUri.of(kek).orElseThrow()) {
            case AWS -> AwsPolicy.write(this, script);
            case GCP -> GcpBindings.write(this, script);
            case AZURE -> AzureRoles.write(this, script);
            case VAULT -> VaultPolicy.write(this, script);
            case PKCS11 -> TokenRights.write(this, script);
            case LOCAL -> FileRights.write(this, script);
        }
        return script.toString();
    }

    /** The URI behind its scheme. */
    String key() {
        return kek.replaceFirst("^[^:]*:(//)?", "");
    }

    /** A name for what is granted, of policies, roles and files: another account, or another key, has another one. */
    String name(String purpose) {
        return DistinctName.of(
                "podseal-" + purpose + "_" + account.namespace() + "_" + account.name(),
                kek + " " + account,
                MAX_NAME_CHARS);
    }
}
