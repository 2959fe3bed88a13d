// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.ServiceAccount;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The least rights with which a ServiceAccount reads named objects through the API server: in each namespace a Role and its
 * RoleBinding, as YAML for {@code kubectl apply}. Never {@code list}: a watch of one name does without. Not thread-safe.
 */
public final class RbacManifest {
    private static final String SECRETS = "secrets";
    private static final String CONFIG_MAPS = "configmaps";

    private static final int LONGEST_NAME = 253;
    private static final String SUFFIX = "-podseal-";
    private static final int HASH_BYTES = 4;

    private final ServiceAccount account;

    /** Namespace → resource → names, each in the order in which it came. */
    private final Map<String, Map<String, Set<String>>> objects = new LinkedHashMap<>();

    private boolean watch;

    private RbacManifest(ServiceAccount account) {
        this.account = account;
    }

    /** The rights of that account: none yet. */
    public static RbacManifest of(ServiceAccount account) {
        return new RbacManifest(account);
    }

    /**
     * Adds a Secret.
     *
     * @param namespace null for the account's own
     * @throws PodsealException {@code CONFIGURATION} where a name is not of its grammar
     */
    public RbacManifest secret(@Nullable String namespace, String name) {
        // Refuses what cannot be the name of a Secret with sealed values.
        var unused = Scope.item(account, name, "any");
        return add(namespace, SECRETS, name);
    }

    /**
     * Adds a ConfigMap.
     *
     * @param namespace null for the account's own
     * @throws PodsealException {@code CONFIGURATION} where a name is not of its grammar
     */
    public RbacManifest configMap(@Nullable String namespace, String name) {
        if (!Scope.isSecretName(name)) {
            throw ErrorCode.CONFIGURATION.because(
                    "not the name of a ConfigMap; it must be an RFC 1123 subdomain, 1 to 253 of a-z 0-9 - .");
        }
        return add(namespace, CONFIG_MAPS, name);
    }

    /** Whether the objects are watched too; by default they are not. */
    public RbacManifest watch(boolean wanted) {
        this.watch = wanted;
        return this;
    }

    private RbacManifest add(@Nullable String namespace, String resource, String name) {
        String checked = namespace == null
                ? account.namespace()
                : new ServiceAccount(account.trustDomain(), namespace, account.name()).namespace();
        objects.computeIfAbsent(checked, any -> new LinkedHashMap<>())
                .computeIfAbsent(resource, any -> new LinkedHashSet<>())
                .add(name);
        return this;
    }

    /**
     * The manifest. Its names follow from the account, the objects and whether they are watched, so that the Role for anything
     * else of the same account is another one, which neither replaces nor removes: whoever applies what a refused {@code get}
     * proposes loses no watch.
     */
    public String toYaml() {
        return objects.entrySet().stream()
                .map(inNamespace -> roleAndBinding(inNamespace.getKey(), inNamespace.getValue()))
                .collect(Collectors.joining("---\n"));
    }

    private String roleAndBinding(String namespace, Map<String, Set<String>> resources) {
        // The names need no escapes; in quotes none of them is taken for a number or a boolean.
        return """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata:
                  name: "%1$s"
                  namespace: "%2$s"
                rules:
                %3$s---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata:
                  name: "%1$s"
                  namespace: "%2$s"
                roleRef:
                  apiGroup: rbac.authorization.k8s.io
                  kind: Role
                  name: "%1$s"
                subjects:
                  - kind: ServiceAccount
                    name: "%4$s"
                    namespace: "%5$s"
                """.formatted(name(resources), namespace, rules(resources), account.name(), account.namespace());
    }

    private String rules(Map<String, Set<String>> resources) {
        String verbs = watch ? "[\"get\", \"watch\"]" : "[\"get\"]";
        return resources.entrySet().stream()
                .map(rule -> """
                          - apiGroups: [""]
                            resources: ["%s"]
                            resourceNames: [%s]
                            verbs: %s
                        """.formatted(rule.getKey(), quoted(rule.getValue()), verbs))
                .collect(Collectors.joining());
    }

    private static String quoted(Set<String> names) {
        return names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    }

    /** The hash tells apart what is cut off, and accounts of the same name in several namespaces. */
    private String name(Map<String, Set<String>> resources) {
        Set<String> covered = new TreeSet<>();
        resources.forEach((resource, names) -> names.forEach(name -> covered.add(resource + "/" + name)));
        String hash = sha256(account.namespacedName() + "\n" + String.join("\n", covered) + (watch ? "\nwatch" : ""));
        int room = LONGEST_NAME - SUFFIX.length() - hash.length();
        String account = this.account.name();
        if (account.length() > room) {
            account = account.substring(0, room).replaceFirst("[-.]+$", "");
        }
        return account + SUFFIX + hash;
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
