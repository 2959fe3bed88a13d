// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The carriers that read Kubernetes objects, which core cannot: {@code podseal-k8s} implements them, and whoever builds a
 * store from settings hands them in. Making a source asks nobody; its first reading does.
 */
public interface ObjectSources {
    /**
     * All items of a Secret, through the API server.
     *
     * @param namespace null for the application's own
     * @param sealedAs the name of the Secret that its values were sealed for, by default {@code name}
     */
    SecretSource secret(@Nullable String namespace, String name, @Nullable String sealedAs);

    /** The keyset documents in a Secret: its {@code *.keyset.json} items. */
    SecretSource keysetsOfSecret(@Nullable String namespace, String name);

    /** The keyset documents in a ConfigMap: its {@code *.keyset.json} items. */
    SecretSource keysetsOfConfigMap(@Nullable String namespace, String name);

    /**
     * All items of a Secret in a manifest file, which is read as static.
     *
     * @param objectName {@code metadata.name} of the one that is meant, where the file holds several
     * @param sealedAs the name of the Secret that its values were sealed for, by default the object's
     */
    SecretSource manifest(Path file, @Nullable String objectName, @Nullable String sealedAs);
}
