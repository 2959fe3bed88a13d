// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.k8s.RbacManifest;
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
            paramLabel = "[<ns>/]<name>",
            description = "A Secret that the workload reads, in its own namespace if none is named; may be repeated.")
    @SuppressWarnings("NullAway.Init")
    private List<Word.ObjectPlace> secrets;

    @Option(
            names = "--config-map",
            paramLabel = "[<ns>/]<name>",
            description = "A ConfigMap with keyset documents that it reads; may be repeated.")
    private List<Word.ObjectPlace> configMaps = List.of();

    @Option(names = "--watch", description = "Let it watch them too; that needs no list.")
    private boolean watch;

    private final Streams streams;

    PrintRbac(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        RbacManifest manifest = RbacManifest.of(account.identity()).watch(watch);
        secrets.forEach(secret -> manifest.secret(secret.namespace(), secret.name()));
        configMaps.forEach(configMap -> manifest.configMap(configMap.namespace(), configMap.name()));
        streams.result(manifest.toYaml());
        return 0;
    }
}
