// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import io.podseal.ErrorCode;

/** Policies of Vault and OpenBao on the paths of one Transit key, and the role of Kubernetes' login that gets them. */
final class VaultPolicy {
    private static final String ALIAS = "{{identity.entity.aliases.$accessor.metadata.service_account_";

    private final Grant grant;
    private final Script script;
    private final String host;
    private final String mount;
    private final String name;

    private VaultPolicy(Grant grant, Script script) {
        this.grant = grant;
        this.script = script;
        String key = grant.key();
        // In a policy, '*' and '+' stand for more than themselves, and a quote ends the path.
        if (!key.matches("[-A-Za-z0-9_.:/]+")) {
            throw ErrorCode.CONFIGURATION.because("no policy can name the key of " + grant.kek()
                    + " safely; use a mount and a name of letters, digits, '.', '_' and '-'");
        }
        this.host = key.substring(0, key.indexOf('/'));
        this.mount = key.substring(key.indexOf('/') + 1, key.lastIndexOf("/keys/"));
        this.name = key.substring(key.lastIndexOf('/') + 1);
    }

    static void write(Grant grant, Script script) {
        VaultPolicy policy = new VaultPolicy(grant, script);
        script.comment(
                        "Whoever may decrypt with this key opens every keyset wrapped with it: it is for this account alone.")
                .command("export", "VAULT_ADDR=https://" + policy.host);
        if (grant.opens()) {
            policy.open();
            policy.openFleet();
        }
        if (grant.seals()) {
            script.section(
                            "seal: whoever makes and changes keysets, or seals with a wrapped one, as a policy of the token they have. encrypt alone")
                    .comment("makes keysets and opens none; sealing with a public document (hpke-*) needs neither.");
            policy.policy(
                    grant.name("seal"), policy.rule("encrypt", policy.name) + policy.rule("decrypt", policy.name));
        }
    }

    private void open() {
        script.section("open, this account alone");
        policy(grant.name("open"), rule("decrypt", name));
        role(script, grant.name("open"), grant.account().name(), grant.account().namespace(), grant.name("open"));
        script.comment(
                        "A pod that opens with two keys needs the policies of both in one role: token_policies=<one>,<other>.")
                .comment(
                        "The pod needs a projected token (serviceAccountToken) with audience: vault, mounted and named in")
                .comment("podseal.kms.vault.token-file, and podseal.kms.vault.role=" + grant.name("open")
                        + "; and where the")
                .comment(
                        "method is not mounted as kubernetes, podseal.kms.vault.auth-mount, and that name in the role's path.");
    }

    private void openFleet() {
        if (!name.equals(grant.account().namespace() + "_" + grant.account().name())) {
            script.section(
                    "One policy for all accounts needs keys that are called <namespace>_<account>, and this one is not.");
            return;
        }
        // The names of the page, where the mount is that of the page.
        String suffix = mount.equals("transit") ? "" : "_" + DistinctName.digest(mount);
        String policy = "podseal-open" + suffix;
        script.section("open, all accounts of a cluster by one policy, instead of the above. The role is podseal"
                        + suffix + ", and the pods need the")
                .comment("same token. A policy for each cluster. To run this, take the '# ' away:");
        Script fleet = new Script()
                .variable("accessor", "vault", "read", "-field=accessor", "sys/auth/kubernetes")
                .template(policy + ".hcl", rule("decrypt", ALIAS + "namespace}}_" + ALIAS + "name}}"))
                .command("vault", "policy", "write", policy, policy + ".hcl");
        role(fleet, "podseal" + suffix, "*", "*", policy);
        script.alternative(fleet);
    }

    private String rule(String operation, String key) {
        return """
                path "%s/%s/%s" {
                  capabilities = ["update"]
                }
                """.formatted(mount, operation, key);
    }

    private void policy(String policy, String rules) {
        script.file(policy + ".hcl", rules).command("vault", "policy", "write", policy, policy + ".hcl");
    }

    private static void role(Script script, String role, String accounts, String namespaces, String policy) {
        script.command(
                        "vault",
                        "write",
                        "auth/kubernetes/role/" + role,
                        "bound_service_account_names=" + accounts,
                        "bound_service_account_namespaces=" + namespaces)
                .more("audience=vault", "token_policies=" + policy, "token_no_default_policy=true", "token_ttl=10m");
    }
}
