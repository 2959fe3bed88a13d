// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A file of Kubernetes objects with at least one Secret, as YAML or JSON. Immutable. */
public final class Manifest {
    /** The longest file that is read. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final int MAX_SECRET_BYTES = 1024 * 1024;
    private static final int MAX_ANNOTATION_BYTES = 256 * 1024;

    private final SourceText source;

    Manifest(SourceText source) {
        this.source = source;
    }

    /**
     * A manifest.
     *
     * @throws PodsealException {@code FORMAT} where it is not UTF-8, not YAML or JSON, or has no Secret
     */
    public static Manifest parse(byte[] utf8) {
        return new Manifest(new Draft(SourceText.decode(utf8)).source());
    }

    /** The manifest without {@code kubectl apply}'s copies of the old values. */
    public Manifest withoutLastApplied() {
        return new Manifest(LastApplied.strip(source));
    }

    /**
     * The manifest with that document in its one Secret, under its standard name and instead of an older one.
     *
     * @throws PodsealException {@code CONFIGURATION} where it has several Secrets
     */
    public Manifest withKeyset(EncryptedKeyset document) {
        return new Manifest(KeysetAddition.add(source, document));
    }

    /**
     * Finds out what is to be sealed.
     *
     * @param accountBound bind values to the account, not to their items
     * @throws PodsealException where the manifest must not be sealed, or not for this account
     */
    public SealingPlan plan(ServiceAccount account, boolean accountBound) {
        return new SealingPlan(source, account, accountBound);
    }

    /**
     * The sealed value of an item.
     *
     * @param secretName which Secret; may be null where there is only one
     * @param account who is to open it
     * @throws PodsealException {@code SOURCE_MISSING} where there is no such Secret or item, {@code CONFIGURATION} where the
     *     file has several Secrets and none is named, the codes of the specification's section 2 for checks 1 to 6
     */
    public SealedValue sealed(@Nullable String secretName, String key, ServiceAccount account) {
        SecretObject secret = secret(secretName);
        List<SecretItem> items = secret.items();
        SecretItem item = items.stream()
                .filter(i -> i.name().equals(key))
                .findFirst()
                .orElseThrow(() -> ErrorCode.SOURCE_MISSING.because(secret.label() + " has no item '" + key
                        + "'; it has " + items.stream().map(SecretItem::name).collect(Collectors.joining(", "))));
        Scope place = secret.name() == null ? Scope.accountBound(account) : Scope.item(account, secret.name(), key);
        try {
            return SealedValue.parse(SealedValue.withoutLineEnd(item.bytes()), place);
        } catch (PodsealException refused) {
            throw refused.at(item.where());
        }
    }

    private SecretObject secret(@Nullable String name) {
        List<SecretObject> secrets = new Draft(source).secrets();
        List<SecretObject> named = secrets.stream()
                .filter(secret -> name == null || name.equals(secret.name()))
                .toList();
        if (named.size() == 1) {
            return named.get(0);
        }
        String names = secrets.stream().map(SecretObject::label).collect(Collectors.joining(", "));
        throw named.isEmpty()
                ? ErrorCode.SOURCE_MISSING.because("the manifest has no Secret '" + name + "'; it has " + names)
                : ErrorCode.CONFIGURATION.because(
                        "the manifest has several Secrets (" + names + "); choose one by its name with --secret");
    }

    void requireSizes() {
        for (SecretObject secret : new Draft(source).secrets()) {
            long bytes = secret.items().stream()
                    .mapToLong(item -> item.bytes().length)
                    .sum();
            if (bytes > MAX_SECRET_BYTES) {
                throw ErrorCode.SIZE.because(
                        secret.label() + " would hold " + bytes + " bytes of values, and Kubernetes takes "
                                + MAX_SECRET_BYTES + "; spread them over several Secrets");
            }
        }
    }

    /** The Secrets that are too large for the copy that client-side apply makes of them. */
    public List<String> tooLargeForClientSideApply() {
        return new Draft(source)
                .secrets().stream()
                        .filter(secret -> secret.items().stream()
                                        .mapToLong(item -> item.name().length()
                                                + item.value().value().length())
                                        .sum()
                                > MAX_ANNOTATION_BYTES)
                        .map(SecretObject::label)
                        .toList();
    }

    /** The file. */
    public byte[] toBytes() {
        return source.encode();
    }
}
