// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * What a sealed value is bound to: a ServiceAccount (<em>account-bound</em>), or one item of one Secret of that account
 * (<em>item-bound</em>). Printed in front of the token, a scope is the associated data of the encryption (specification,
 * section 2), so it cannot be changed without the key. Immutable.
 */
public final class Scope {
    /** The Secret name that stands for "a property of the application's own configuration". */
    public static final String INLINE = "inline";

    static final String TOKEN_PREFIX = "podseal:v1:";

    private final String namespace;
    private final String serviceAccount;
    private final @Nullable String secret;
    private final @Nullable String key;
    private final byte[] header;

    private Scope(String namespace, String serviceAccount, @Nullable String secret, @Nullable String key) {
        this.namespace = namespace;
        this.serviceAccount = serviceAccount;
        this.secret = secret;
        this.key = key;
        this.header = (TOKEN_PREFIX + this).getBytes(ISO_8859_1);
    }

    /** The scope of a value that is usable anywhere this account reads. */
    public static Scope accountBound(ServiceAccount account) {
        return new Scope(account.namespace(), account.name(), null, null);
    }

    /**
     * The scope of a value that is usable in one item only.
     *
     * @throws PodsealException {@code CONFIGURATION} where a name is not of its grammar, or the Secret is called
     *     {@code inline}
     */
    public static Scope item(ServiceAccount account, String secret, String key) {
        if (secret.equals(INLINE)) {
            throw ErrorCode.CONFIGURATION.because("no Secret may be called 'inline': that name stands for values in the"
                    + " application's own properties; rename the Secret");
        }
        return new Scope(account.namespace(), account.name(), Name.SECRET.require(secret), Name.KEY.require(key));
    }

    /**
     * The scope of a value that stands in a property of the application's own configuration.
     *
     * @param property the property's name in lower-case kebab form, an index {@code [n]} written {@code .n}
     * @throws PodsealException {@code CONFIGURATION} where the name is not of that form
     */
    public static Scope inline(ServiceAccount account, String property) {
        Name.KEY.require(property);
        if (!property.matches("[-.a-z0-9]+")) {
            throw ErrorCode.CONFIGURATION.because("not a property name in lower-case kebab form: " + Quoted.of(property)
                    + "; write for example spring.datasource.password");
        }
        return new Scope(account.namespace(), account.name(), INLINE, property);
    }

    /** A scope read from a token, whose parts the grammar has checked. */
    static Scope parsed(String namespace, String serviceAccount, @Nullable String secret, @Nullable String key) {
        return new Scope(namespace, serviceAccount, secret, key);
    }

    /** Whether a Secret can have that name. */
    public static boolean isSecretName(String name) {
        return Name.SECRET.invalidAt(name) < 0;
    }

    /** The account's namespace. */
    public String namespace() {
        return namespace;
    }

    /** The account's name. */
    public String serviceAccount() {
        return serviceAccount;
    }

    /** The Secret's name, or null where account-bound. */
    public @Nullable String secret() {
        return secret;
    }

    /** The item's key in the Secret, or null where account-bound. */
    public @Nullable String key() {
        return key;
    }

    /** Whether the value is bound to one item. */
    public boolean isItemBound() {
        return secret != null;
    }

    /** Whether this scope is one of that account, its trust domain aside: a token does not carry it. */
    public boolean belongsTo(ServiceAccount account) {
        return namespace.equals(account.namespace()) && serviceAccount.equals(account.name());
    }

    /** The token up to, not including, its last colon: also the associated data. Shared, not to be changed. */
    byte[] header() {
        return header;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Scope that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** The scope as it stands in a token, for example {@code payments/api/db-credentials/password}. */
    @Override
    public String toString() {
        String account = namespace + "/" + serviceAccount;
        return secret == null ? account : account + "/" + secret + "/" + key;
    }
}
