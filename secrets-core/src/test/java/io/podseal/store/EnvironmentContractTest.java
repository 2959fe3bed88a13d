// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.testkit.SecretSourceContract;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One environment variable, in an environment of the test. */
final class EnvironmentContractTest extends SecretSourceContract {
    private static final String VARIABLE = "DB_PASSWORD";

    /** What Linux allows to one variable, its name and the end of the text included. */
    private static final int MAX_BYTES = 128 * 1024 - VARIABLE.length() - 2;

    private final Map<String, String> environment = new HashMap<>();

    @Override
    protected SecretSource source() {
        return new EnvironmentSource(VARIABLE, "db", null, environment::get);
    }

    @Override
    protected String secretName() {
        return "db";
    }

    @Override
    protected String onlyItem() {
        return VARIABLE;
    }

    @Override
    protected boolean isTextOnly() {
        return true;
    }

    @Override
    protected int maxItemBytes() {
        return MAX_BYTES;
    }

    @Override
    protected void deliver(Map<String, byte[]> items) {
        remove();
        items.forEach((name, text) -> environment.put(name, new String(text, UTF_8)));
    }

    @Override
    protected void remove() {
        environment.clear();
    }

    /** Whoever has the process has its environment. */
    @Override
    protected @Nullable AutoCloseable obstruct() {
        return null;
    }
}
