// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.keyset.KeyInfo;
import io.podseal.keyset.PublicKeyset;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code podseal keyset inspect}. */
@Command(name = "inspect", description = "Prints what a keyset document says about itself, as JSON; opens nothing.")
final class KeysetInspect implements Callable<Integer> {
    @Parameters(paramLabel = "<file>", description = "A keyset document, wrapped or public.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    private final Streams streams;

    KeysetInspect(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        KeysetFile keyset = KeysetFile.read(file);
        JsonObject json = new JsonObject().string("identity", keyset.identity().spiffeId());
        if (keyset instanceof KeysetFile.Wrapped wrapped) {
            json.strings("recipients", wrapped.document().keks());
        } else if (keyset instanceof KeysetFile.Public open) {
            addKeys(json, open.keyset());
        }
        streams.result(json.line());
        return 0;
    }

    private static void addKeys(JsonObject json, PublicKeyset keyset) {
        json.objects("keys", keyset.keys().stream().map(KeysetInspect::key).toList());
        json.string("fingerprint", keyset.fingerprint());
    }

    private static JsonObject key(KeyInfo key) {
        return new JsonObject()
                .number("id", key.id())
                .string("type", key.type().typeName())
                .bool("enabled", key.enabled())
                .bool("primary", key.primary());
    }
}
