// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.Scope;
import io.podseal.SealedValue;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code podseal inspect}. */
@Command(name = "inspect", description = "Prints what the token on standard input says about itself; needs no key.")
final class Inspect implements Callable<Integer> {
    private final Streams streams;

    Inspect(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        SealedValue sealed = Token.read(streams);
        Scope scope = sealed.scope();
        streams.result(new JsonObject()
                .number("version", 1)
                .string("namespace", scope.namespace())
                .string("serviceAccount", scope.serviceAccount())
                .string("secret", scope.secret())
                .string("key", scope.key())
                .number("keyId", sealed.keyId())
                .number("payloadBytes", sealed.payloadBytes())
                .line());
        return 0;
    }
}
