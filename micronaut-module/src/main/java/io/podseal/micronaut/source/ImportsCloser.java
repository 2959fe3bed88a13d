// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut.source;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Context;
import jakarta.annotation.PreDestroy;
import java.util.Optional;

/** Closes the stores of an application context with it. A bean, because the context's attributes are gone by then. */
@Context
final class ImportsCloser {
    private final Optional<Imports> imports;

    ImportsCloser(ApplicationContext application) {
        this.imports = Imports.find(application);
    }

    @PreDestroy
    void close() {
        imports.ifPresent(Imports::close);
    }
}
