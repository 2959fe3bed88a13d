// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A Secret that somebody would like to store. */
final class Candidate {
    private final SecretBuilder secret;
    private final List<String> values = new ArrayList<>();

    private Candidate(String namespace) {
        this.secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .endMetadata()
                .withType("Opaque");
    }

    static Candidate secret(String namespace, String name) {
        Candidate candidate = new Candidate(namespace);
        candidate.secret.editMetadata().withName(name).endMetadata();
        return candidate;
    }

    static Candidate generated(String namespace, String generateName) {
        Candidate candidate = new Candidate(namespace);
        candidate.secret.editMetadata().withGenerateName(generateName).endMetadata();
        return candidate;
    }

    Candidate with(String item, String value) {
        return with(item, value.getBytes(UTF_8));
    }

    Candidate with(String item, byte[] value) {
        values.add(new String(value, UTF_8));
        return inBase64(item, Base64.getEncoder().encodeToString(value));
    }

    Candidate inBase64(String item, String base64) {
        secret.addToData(item, base64);
        return this;
    }

    Candidate inStringData(String item, String value) {
        values.add(value);
        secret.addToStringData(item, value);
        return this;
    }

    Candidate type(String type) {
        secret.withType(type);
        return this;
    }

    Candidate immutable() {
        secret.withImmutable(true);
        return this;
    }

    Candidate labelled(String label, String value) {
        secret.editMetadata().addToLabels(label, value).endMetadata();
        return this;
    }

    Candidate annotated(String annotation, String value) {
        secret.editMetadata().addToAnnotations(annotation, value).endMetadata();
        return this;
    }

    String namespace() {
        return object().getMetadata().getNamespace();
    }

    String name() {
        return object().getMetadata().getName();
    }

    /** What must never be repeated in a message. */
    List<String> values() {
        return values;
    }

    String json() {
        return Serialization.asJson(object());
    }

    private Secret object() {
        return secret.build();
    }
}
