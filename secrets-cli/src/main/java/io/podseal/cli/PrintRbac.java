// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ServiceAccount;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code podseal print rbac}. */
@Command(
        name = "rbac",
        description = "Prints the least Role and RoleBinding with which a workload reads its Secrets through the API.")
final class PrintRbac implements Callable<Integer> {
    @Mixin
    private final IdentityOptions account = new IdentityOptions();

    @Option(
            names = "--secret",
            required = true,
            paramLabel = "<name>",
            description = "A Secret that the workload reads; may be repeated.")
    @SuppressWarnings("NullAway.Init")
    private List<Word.ObjectName> secrets;

    @Option(names = "--watch", description = "Let it watch them too; that needs no list.")
    private boolean watch;

    private final Streams streams;

    PrintRbac(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        ServiceAccount identity = account.identity();
        String name = new Word.ObjectName(identity.name() + "-podseal").text();
        YamlText yaml = new YamlText();
        head(yaml, "Role", name, identity.namespace())
                .line("rules:")
                .line("  - apiGroups: [\"\"]")
                .line("    resources: [\"secrets\"]")
                .line("    resourceNames:");
        secrets.stream().distinct().forEach(secret -> yaml.line("      - ", secret.text()));
        yaml.line(watch ? "    verbs: [\"get\", \"watch\"]" : "    verbs: [\"get\"]")
                .line("---");
        head(yaml, "RoleBinding", name, identity.namespace())
                .line("roleRef:")
                .line("  apiGroup: rbac.authorization.k8s.io")
                .line("  kind: Role")
                .line("  name: ", name)
                .line("subjects:")
                .line("  - kind: ServiceAccount")
                .line("    name: ", identity.name())
                .line("    namespace: ", identity.namespace());
        streams.result(yaml.toString());
        return 0;
    }

    private static YamlText head(YamlText yaml, String kind, String name, String namespace) {
        return yaml.line("apiVersion: rbac.authorization.k8s.io/v1")
                .line("kind: " + kind)
                .line("metadata:")
                .line("  name: ", name)
                .line("  namespace: ", namespace);
    }
}
