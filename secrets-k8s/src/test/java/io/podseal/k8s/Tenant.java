// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.store.SecretStoreBuilder;
import io.podseal.store.SourceItem;
import io.podseal.testkit.AuditEvent;
import io.podseal.testkit.FakeKms;
import io.podseal.testkit.LocalControlPlane;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A namespace of its own with one ServiceAccount, the files that its pods would have, and an administrator beside it. */
final class Tenant implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Kept off the build's output, where refusals are no news. */
    private static final List<Logger> QUIET = Stream.of(
                    SecretStore.class.getName(), ObjectWatch.class.getName(), "io.fabric8")
            .map(Logger::getLogger)
            .toList();

    static {
        QUIET.forEach(logger -> logger.setUseParentHandlers(false));
    }

    final LocalControlPlane plane;
    final ServiceAccount account;
    final Path files;
    final KubernetesClient admin;
    private final FakeKms kms = new FakeKms("fake-kms://tenant");
    private TrustedKeyset keyset;

    Tenant(LocalControlPlane plane, Path folder) {
        this.plane = plane;
        String namespace = "tenant-" + NUMBER.incrementAndGet();
        this.account = new ServiceAccount(ServiceAccount.DEFAULT_TRUST_DOMAIN, namespace, "api");
        this.keyset = Keysets.create(account, KeyType.AES256_GCM);
        plane.createNamespace(namespace);
        plane.createServiceAccount(account);
        this.files = plane.podFiles(account, folder.resolve(namespace));
        this.admin = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(plane.kubeconfig().toFile()))
                .build();
    }

    String namespace() {
        return account.namespace();
    }

    /** As its pods see them. */
    KubernetesSourcesBuilder sources() {
        return sources(plane.apiServer());
    }

    /** The same, with the API server at another address. */
    KubernetesSourcesBuilder sources(URI server) {
        KubernetesSourcesBuilder builder = KubernetesSources.builder().identity(() -> account);
        Map<String, String> environment = new HashMap<>();
        environment.put("KUBERNETES_SERVICE_HOST", server.getHost());
        environment.put("KUBERNETES_SERVICE_PORT", String.valueOf(server.getPort()));
        builder.pod = new Pod(files, environment::get);
        return builder;
    }

    /** A store of that source, as this account. */
    SecretStoreBuilder store(SecretSource source) {
        return SecretStore.of(source).identity(account).keks(keks());
    }

    private Keks keks() {
        return Keks.builder().kek(kms.uri()).client(kms).build();
    }

    /** The account's keyset, wrapped. */
    String document() {
        return new String(Keysets.wrap(keyset, keks()).toJson(), UTF_8);
    }

    /** From now on another key seals; the former ones still open. */
    void rotate() {
        TrustedKeyset larger = Keysets.add(keyset);
        keyset = Keysets.promote(
                larger, larger.keys().get(larger.keys().size() - 1).id());
    }

    /** A value for that item. */
    String token(String secret, String key, String value) {
        return keyset.sealer()
                .seal(Scope.item(account, secret, key), value.getBytes(UTF_8))
                .token();
    }

    /** Writes the Secret with that password, sealed, and the keyset document beside it. */
    Secret putPassword(String secret, String password) {
        return put(secret, Map.of("password", token(secret, "password", password), "api.keyset.json", document()));
    }

    /** The password that a store has now. */
    static String password(SecretStore store) {
        try (SecretValue value = store.current().get("password")) {
            return value == null ? "none" : value.revealString();
        }
    }

    /** Grants that, and nothing else, on one object. */
    Tenant may(List<String> verbs, String resource, String name) {
        admin.rbac()
                .roles()
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName(resource + "-" + name)
                        .withNamespace(namespace())
                        .endMetadata()
                        .withRules(new PolicyRuleBuilder()
                                .withApiGroups("")
                                .withResources(resource)
                                .withResourceNames(name)
                                .withVerbs(verbs)
                                .build())
                        .build())
                .createOr(existing -> existing.update());
        admin.rbac()
                .roleBindings()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(resource + "-" + name)
                        .withNamespace(namespace())
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", resource + "-" + name)
                        .addNewSubject("", "ServiceAccount", account.name(), namespace())
                        .build())
                .createOr(existing -> existing.update());
        verbs.forEach(verb -> awaitRights(true, verb, resource, name));
        return this;
    }

    Tenant mayGet(String secret) {
        return may(List.of("get"), "secrets", secret);
    }

    Tenant mayWatch(String secret) {
        return may(List.of("get", "watch"), "secrets", secret);
    }

    void mayNotAnyMore(String secret) {
        admin.rbac()
                .roleBindings()
                .inNamespace(namespace())
                .withName("secrets-" + secret)
                .delete();
        awaitRights(false, "get", "secrets", secret);
    }

    /** The API server learns of Roles by a watch of its own: a little after they are written. */
    void awaitRights(boolean allowed, String verb, String resource, String name) {
        SubjectAccessReview question = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(user())
                .withNewResourceAttributes()
                .withNamespace(namespace())
                .withVerb(verb)
                .withResource(resource)
                .withName(name)
                .endResourceAttributes()
                .endSpec()
                .build();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .until(() -> admin.authorization()
                                .v1()
                                .subjectAccessReview()
                                .create(question)
                                .getStatus()
                                .getAllowed()
                        == allowed);
    }

    private String user() {
        return "system:serviceaccount:" + account.namespace() + ":" + account.name();
    }

    Secret put(String name, Map<String, String> items) {
        return put(secret(name, items).build());
    }

    /** Writes the Secret with these bytes. */
    Secret putBytes(String name, Map<String, byte[]> items) {
        return put(secret(namespace(), name, items).build());
    }

    SecretBuilder secret(String name, Map<String, String> items) {
        Map<String, byte[]> bytes = new TreeMap<>();
        items.forEach((key, text) -> bytes.put(key, text.getBytes(UTF_8)));
        return secret(namespace(), name, bytes);
    }

    static SecretBuilder secret(String namespace, @Nullable String name, Map<String, byte[]> items) {
        Map<String, String> data = new TreeMap<>();
        items.forEach((key, value) -> data.put(key, Base64.getEncoder().encodeToString(value)));
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withData(data);
    }

    Secret put(Secret secret) {
        return admin.secrets().resource(secret).createOr(existing -> existing.update());
    }

    void putConfigMap(String name, Map<String, String> data, Map<String, String> binaryData) {
        admin.configMaps()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace())
                        .endMetadata()
                        .withData(data)
                        .withBinaryData(binaryData)
                        .build())
                .createOr(existing -> existing.update());
    }

    void delete(String secret) {
        admin.secrets().inNamespace(namespace()).withName(secret).delete();
    }

    /** What the account asked of the API server, as {@code <verb> <resource> <name> <code>}. */
    List<String> calls() {
        return plane.auditEvents().stream()
                .filter(event -> event.user().equals(user()))
                .map(Tenant::call)
                .toList();
    }

    private static String call(AuditEvent event) {
        return event.verb() + ' ' + event.resource() + ' ' + event.name() + ' ' + event.code();
    }

    static Map<String, String> texts(List<SourceItem> items) {
        return items.stream()
                .collect(Collectors.toMap(
                        SourceItem::name, item -> new String(item.content(), UTF_8), (a, b) -> b, TreeMap::new));
    }

    @Override
    public void close() {
        admin.close();
    }
}
