// SPDX-License-Identifier: Apache-2.0
package io.podseal;

/**
 * The identity of a workload: a Kubernetes ServiceAccount in a trust domain (specification, section 1). Clusters that must
 * not share keysets have different trust domains.
 *
 * @param trustDomain 1 to 255 of {@code [a-z0-9._-]}
 * @param namespace an RFC 1123 label
 * @param name an RFC 1123 subdomain
 */
public record ServiceAccount(String trustDomain, String namespace, String name) {
    /** The trust domain where none is given. */
    public static final String DEFAULT_TRUST_DOMAIN = "cluster.local";

    private static final String SCHEME = "spiffe://";

    /** @throws PodsealException {@code CONFIGURATION} where a part is not of its grammar */
    public ServiceAccount {
        Name.TRUST_DOMAIN.require(trustDomain);
        Name.NAMESPACE.require(namespace);
        Name.SERVICE_ACCOUNT.require(name);
    }

    /**
     * Parses {@code <namespace>/<service-account>}, in the given trust domain.
     *
     * @throws PodsealException {@code CONFIGURATION} where it is not of that form
     */
    public static ServiceAccount parse(String namespacedName, String trustDomain) {
        int slash = namespacedName.indexOf('/');
        if (slash < 0) {
            throw ErrorCode.CONFIGURATION.because(
                    "not an identity: " + Quoted.of(namespacedName) + "; write <namespace>/<service-account>");
        }
        return new ServiceAccount(trustDomain, namespacedName.substring(0, slash), namespacedName.substring(slash + 1));
    }

    /**
     * Parses a SPIFFE ID as {@link #spiffeId()} prints it; any other spelling is refused.
     *
     * @throws PodsealException {@code CONFIGURATION} where it is not exactly of that form
     */
    public static ServiceAccount parseSpiffeId(String spiffeId) {
        String[] parts = spiffeId.startsWith(SCHEME)
                ? spiffeId.substring(SCHEME.length()).split("/", -1)
                : new String[0];
        if (parts.length != 5 || !parts[1].equals("ns") || !parts[3].equals("sa")) {
            throw ErrorCode.CONFIGURATION.because("not a SPIFFE ID: " + Quoted.of(spiffeId)
                    + "; it must be spiffe://<trust-domain>/ns/<namespace>/sa/<service-account>");
        }
        return new ServiceAccount(parts[0], parts[2], parts[4]);
    }

    /** {@code spiffe://<trust-domain>/ns/<namespace>/sa/<service-account>}. */
    public String spiffeId() {
        return SCHEME + trustDomain + "/ns/" + namespace + "/sa/" + name;
    }

    /** {@code <namespace>/<service-account>}. */
    public String namespacedName() {
        return namespace + "/" + name;
    }

    /** The SPIFFE ID. */
    @Override
    public String toString() {
        return spiffeId();
    }
}
