// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One environment variable that holds one token. It holds ciphertext, so that the process's environment stays harmless. */
final class EnvironmentSource implements SecretSource {
    private final String variable;
    private final @Nullable String secretName;
    private final String key;
    private final UnaryOperator<@Nullable String> environment;

    EnvironmentSource(
            String variable,
            @Nullable String secretName,
            @Nullable String key,
            UnaryOperator<@Nullable String> environment) {
        this.variable = variable;
        this.secretName = secretName;
        this.key = key != null ? key : variable;
        this.environment = environment;
    }

    @Override
    public @Nullable String secretName() {
        return secretName;
    }

    @Override
    public List<SourceItem> read() {
        String token = environment.apply(variable);
        if (token == null) {
            throw ErrorCode.SOURCE_MISSING.because("there is no environment variable " + variable
                    + "; set it with valueFrom.secretKeyRef, or write 'optional:' in front of the location");
        }
        return List.of(new SourceItem(key, token.getBytes(UTF_8)));
    }

    @Override
    public String toString() {
        return "environment variable " + variable;
    }
}
