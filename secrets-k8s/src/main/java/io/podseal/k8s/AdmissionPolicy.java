// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * A ValidatingAdmissionPolicy and its binding, as YAML for {@code kubectl apply}: in namespaces that are labelled
 * {@code podseal.io/enforce=true} the API server refuses Secret values that are not sealed, or not for the place where they
 * stand. What it cannot tell stands at the head of the text.
 */
public final class AdmissionPolicy {
    private static final String RESOURCE = "admission-policy.yaml";

    private AdmissionPolicy() {}

    /** The manifest. */
    public static String toYaml() {
        try (InputStream yaml = AdmissionPolicy.class.getResourceAsStream(RESOURCE)) {
            return new String(Objects.requireNonNull(yaml, RESOURCE).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
