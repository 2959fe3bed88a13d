// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.testkit.SecretSourceContract;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One resource of a class path. */
final class ClasspathContractTest extends SecretSourceContract {
    @TempDir
    Path classes;

    private URLClassLoader loader;

    @BeforeEach
    void load() throws MalformedURLException {
        loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, null);
    }

    @AfterEach
    void unload() throws IOException {
        loader.close();
    }

    @Override
    protected SecretSource source() {
        return SecretSource.classpath("/" + onlyItem(), loader);
    }

    @Override
    protected @Nullable String secretName() {
        return null;
    }

    @Override
    protected String onlyItem() {
        return "document";
    }

    @Override
    protected void deliver(Map<String, byte[]> items) throws IOException {
        remove();
        for (Map.Entry<String, byte[]> item : items.entrySet()) {
            Files.write(classes.resolve(item.getKey()), item.getValue());
        }
    }

    @Override
    protected void remove() throws IOException {
        Files.deleteIfExists(classes.resolve(onlyItem()));
    }

    /** What a class loader finds and cannot open, it says it has not found. */
    @Override
    protected @Nullable AutoCloseable obstruct() {
        return null;
    }
}
