// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ServiceAccount;
import io.podseal.cli.manifest.KeysetItem;
import io.podseal.keyset.EncryptedKeyset;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podseal keyset manifest}. */
@Command(name = "manifest", description = "Prints a manifest that carries a keyset document to the workload.")
final class KeysetManifest implements Callable<Integer> {
    /** The objects that may carry a document. */
    enum Kind {
        ConfigMap,
        Secret
    }

    @Parameters(paramLabel = "<file>", description = "A wrapped keyset document.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(names = "--name", paramLabel = "<name>", description = "Default: <account>-keyset.")
    private Word.@Nullable ObjectName name;

    @Option(
            names = "--kind",
            paramLabel = "<kind>",
            defaultValue = "ConfigMap",
            description = "ConfigMap (default) or Secret.")
    @SuppressWarnings("NullAway.Init")
    private Kind kind;

    private final Streams streams;

    KeysetManifest(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        EncryptedKeyset document = KeysetFile.readWrapped(file);
        ServiceAccount account = document.identity();
        Word.ObjectName object = name != null ? name : new Word.ObjectName(account.name() + "-keyset");
        YamlText yaml = new YamlText()
                .line("apiVersion: v1")
                .line("kind: " + kind)
                .line("metadata:")
                .line("  name: ", object.text())
                .line("  namespace: ", account.namespace())
                .line("data:");
        // A ConfigMap's data is text, a Secret's is base64.
        yaml.line(KeysetItem.entry(document, 2, kind == Kind.Secret));
        streams.result(yaml.toString());
        return 0;
    }
}
