// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import io.podseal.ServiceAccount;

/** Two roles of one data action each, assigned at the key: none that is built in is as narrow. */
final class AzureRoles {
    private static final String ACTION = "Microsoft.KeyVault/vaults/keys/";
    /** Of federated credentials; identities take 128. */
    private static final int MAX_NAME_CHARS = 120;

    private final Script script;
    private final String scope;

    private AzureRoles(Script script, String key) {
        this.script = script;
        String[] path = key.split("/", -1);
        this.scope = "/subscriptions/<subscription>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/"
                + path[0].replaceFirst("[.:].*", "") + "/keys/" + path[2];
    }

    static void write(Grant grant, Script script) {
        AzureRoles roles = new AzureRoles(script, grant.key());
        script.comment(
                        "Whoever may unwrap with this key opens every keyset wrapped with it: it is for this account alone.")
                .section("The role that unwraps, and no more: once per tenant, and made here where it is not there yet")
                .comment("(for more subscriptions of the tenant, put them into its AssignableScopes).");
        roles.define("Podseal opener", "Unwraps keysets.", "podseal-opener.json", "unwrap/action");
        if (grant.opens()) {
            String client = client(grant.account());
            script.section("open: a managed identity that only this ServiceAccount can take, by Workload Identity")
                    .command("az", "identity", "create", "--name", client, "--resource-group", "<group>")
                    .command(
                            "az",
                            "identity",
                            "federated-credential",
                            "create",
                            "--name",
                            client,
                            "--identity-name",
                            client,
                            "--resource-group",
                            "<group>")
                    .more("--issuer", "<issuer of the cluster>", "--audiences", "api://AzureADTokenExchange")
                    .more(
                            "--subject",
                            "system:serviceaccount:" + grant.account().namespace() + ":"
                                    + grant.account().name());
            roles.assign("Podseal opener", "<principal id of that identity>", "ServicePrincipal");
        }
        if (grant.seals()) {
            script.section("seal: whoever makes keysets reads the public key, and wraps with it on the spot")
                    .comment("(a public document, hpke-*, seals without any role)");
            roles.define("Podseal sealer", "Reads public keys.", "podseal-sealer.json", "read");
            roles.assign("Podseal sealer", "<object id of whoever seals>", "User");
            script.comment("and whoever also changes keysets, or seals with a wrapped one:");
            roles.assign("Podseal opener", "<object id of whoever seals>", "User");
        }
    }

    /** No namespace has a dot, and neither name an underscore or two dots in a row: each account has its own identity. */
    private static String client(ServiceAccount account) {
        String name = account.namespace() + "_" + account.name().replace(".", "__");
        return name.length() <= MAX_NAME_CHARS ? name : DistinctName.of(name, account.namespacedName(), MAX_NAME_CHARS);
    }

    private void define(String role, String description, String file, String action) {
        script.file(file, """
                        {
                          "Name": "%s",
                          "IsCustom": true,
                          "Description": "%s",
                          "Actions": [],
                          "DataActions": ["%s"],
                          "AssignableScopes": ["/subscriptions/<subscription>"]
                        }
                        """.formatted(role, description, ACTION + action))
                .unlessPrinted(
                        "az", "role", "definition", "list", "--name", role, "--query", "[].id", "--output", "tsv")
                .command("az", "role", "definition", "create", "--role-definition", file);
    }

    private void assign(String role, String principal, String type) {
        script.command(
                        "az",
                        "role",
                        "assignment",
                        "create",
                        "--role",
                        role,
                        "--assignee-object-id",
                        principal,
                        "--assignee-principal-type",
                        type)
                .more("--scope", scope);
    }
}
