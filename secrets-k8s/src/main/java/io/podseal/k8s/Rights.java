// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What to grant so that a refused call is allowed, as text for a message. */
final class Rights {
    private static final Pattern ACCOUNT = Pattern.compile("system:serviceaccount:([^:]+):([^:]+)");

    private final ObjectReference object;
    private final @Nullable Supplier<ServiceAccount> identity;

    Rights(ObjectReference object, @Nullable Supplier<ServiceAccount> identity) {
        this.object = object;
        this.identity = identity;
    }

    /**
     * The remedy, ready to apply.
     *
     * @param user whom the API server refused, where it says so: it knows better than any setting
     */
    String toGet(@Nullable String user) {
        return remedy("get", user, false);
    }

    /** The remedy for a watch. */
    String toWatch() {
        return remedy("watch", null, true);
    }

    private String remedy(String verb, @Nullable String user, boolean watch) {
        try {
            ServiceAccount account = account(user);
            if (account != null) {
                RbacManifest manifest = RbacManifest.of(account).watch(watch);
                String yaml = (object.kind() == ObjectKind.SECRET
                                ? manifest.secret(object.namespace(), object.name())
                                : manifest.configMap(object.namespace(), object.name()))
                        .toYaml();
                return "; this grants it (kubectl apply -f -):\n" + yaml;
            }
        } catch (PodsealException noAccount) {
            // the general words do
        }
        return "; grant '" + verb + "' on that one object";
    }

    private @Nullable ServiceAccount account(@Nullable String user) {
        if (user == null) {
            return identity == null ? null : identity.get();
        }
        Matcher account = ACCOUNT.matcher(user);
        return account.matches()
                ? new ServiceAccount(ServiceAccount.DEFAULT_TRUST_DOMAIN, account.group(1), account.group(2))
                : null;
    }
}
