// SPDX-License-Identifier: Apache-2.0
package io.podseal.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.Scope;
import io.podseal.k8s.KubernetesSources;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.store.SecretStoreBuilder;
import io.podseal.testkit.FakeKms;
import io.podseal.testkit.LocalControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A real API server on loopback, Secrets in it, and sources that read them. */
final class KubernetesFixture implements AutoCloseable {
    private static final String SECRETS = "/api/v1/namespaces/" + KnownKey.API.namespace() + "/secrets";

    private final LocalControlPlane plane = LocalControlPlane.start();
    private final FakeKms kms = new FakeKms("fake-kms://benchmark");
    private final TrustedKeyset keyset = Keysets.create(KnownKey.API, KeyType.AES256_GCM);
    private final KubernetesSources sources;

    KubernetesFixture() {
        plane.createNamespace(KnownKey.API.namespace());
        this.sources = KubernetesSources.builder()
                .apiServer(plane.apiServer())
                .caFile(plane.caFile())
                .tokenFile(tokenFile())
                .namespace(KnownKey.API.namespace())
                .build();
    }

    private Path tokenFile() {
        try {
            Path file = Files.createTempFile("podseal-benchmark-", ".token");
            file.toFile().deleteOnExit();
            return Files.writeString(file, plane.adminToken());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Keks keks() {
        return Keks.builder().kek(kms.uri()).client(kms).build();
    }

    SecretSource source(String secret) {
        return sources.secret(null, secret, null);
    }

    SecretStoreBuilder store(String secret) {
        return SecretStore.of(source(secret)).identity(KnownKey.API).keks(keks());
    }

    /** The manifest of a Secret with one sealed value and its keyset document. */
    private String manifest(String secret, String value) {
        String token = keyset.sealer()
                .seal(Scope.item(KnownKey.API, secret, "value"), value.getBytes(UTF_8))
                .token();
        String document =
                Base64.getEncoder().encodeToString(Keysets.wrap(keyset, keks()).toJson());
        return """
                {"metadata": {"name": "%s"}, "data": {"api.keyset.json": "%s"}, "stringData": {"value": "%s"}}
                """.formatted(secret, document, token);
    }

    void create(String secret, String value) {
        require(201, plane.request(plane.adminToken(), "POST", SECRETS, "application/json", manifest(secret, value)));
    }

    void change(String secret, String value) {
        require(
                200,
                plane.request(
                        plane.adminToken(),
                        "PATCH",
                        SECRETS + '/' + secret,
                        "application/merge-patch+json",
                        manifest(secret, value)));
    }

    private static void require(int code, HttpResponse<String> answer) {
        if (answer.statusCode() != code) {
            throw new IllegalStateException(answer.body());
        }
    }

    @Override
    public void close() {
        plane.close();
    }
}
