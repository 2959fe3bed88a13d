// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.SecretSealer;
import io.podseal.ServiceAccount;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The public keyset document (specification, section 4): HPKE public keys of one account. Safe to publish; whoever can
 * replace it redirects what is sealed from then on, so compare {@link #fingerprint()} with what was printed at creation.
 * Immutable and thread-safe.
 */
public final class PublicKeyset {
    private static final String WHAT = "a public keyset document";
    private static final String BODY = "publicKeyset";

    private final ServiceAccount identity;
    private final KeysetHandle handle;

    private PublicKeyset(ServiceAccount identity, KeysetHandle handle) {
        this.identity = identity;
        this.handle = handle;
    }

    static PublicKeyset of(ServiceAccount identity, KeysetHandle handle) {
        KeysetPolicy.check(handle, true);
        return new PublicKeyset(identity, handle);
    }

    /**
     * Parses a document.
     *
     * @throws PodsealException {@code SIZE}, {@code FORMAT}, {@code VERSION} or {@code KEYSET_POLICY}
     */
    public static PublicKeyset parse(byte[] document) {
        Json.Obj top = DocumentHead.read(document, BODY, null, WHAT);
        ServiceAccount identity = DocumentHead.identity(top, WHAT);
        Json.Obj body = top.object(BODY, WHAT);
        requireForm(body);
        KeysetHandle handle;
        try {
            handle = TinkJsonProtoKeysetFormat.parseKeysetWithoutSecret(body.text(), HybridConfig2026.get());
        } catch (GeneralSecurityException | RuntimeException notAKeyset) {
            throw ErrorCode.KEYSET_POLICY.because("the public keyset of " + identity
                    + " is not a Tink keyset of HPKE public keys; make it again with --public-out");
        }
        PublicKeyset keyset = of(identity, handle);
        // Tink's reader overlooks unknown and oddly written content, as it does in a wrapped keyset.
        if (!Json.parseObject(keyset.body().getBytes(UTF_8)).members().equals(body.members())) {
            throw ErrorCode.KEYSET_POLICY.because("the public keyset of " + identity
                    + " has content that Tink would not write; make it again with --public-out");
        }
        return keyset;
    }

    /** Names and base64 are as strict as everywhere; whatever else is wrong with a keyset is for the policy to say. */
    private static void requireForm(Json.Obj keyset) {
        keyset.only(Set.of("primaryKeyId", "key"), "a public keyset");
        if (keyset.members().get("key") instanceof List<?> keys) {
            keys.forEach(PublicKeyset::requireKeyForm);
        }
    }

    private static void requireKeyForm(Object key) {
        if (key instanceof Json.Obj members
                && members.only(Set.of("keyData", "status", "keyId", "outputPrefixType"), "a public key")
                                .members()
                                .get("keyData")
                        instanceof Json.Obj data
                && data.only(Set.of("typeUrl", "value", "keyMaterialType"), "a public key's data")
                                .members()
                                .get("value")
                        instanceof String value) {
            EncryptedKeyset.canonicalBase64(value, "a public key's value");
        }
    }

    /** Whose keys these are. */
    public ServiceAccount identity() {
        return identity;
    }

    /** The keys in the order of the keyset. */
    public List<KeyInfo> keys() {
        return TrustedKeyset.keys(handle);
    }

    /** The fingerprint, equal to that of the wrapped keyset of the same keys. */
    public String fingerprint() {
        return Fingerprint.of(handle);
    }

    /**
     * A sealer under the primary key; it needs no network.
     *
     * @throws PodsealException {@code CONFIGURATION} where the key needs a provider that is not installed
     */
    public SecretSealer sealer() {
        KeyType type =
                Objects.requireNonNull(KeyType.of(handle.getPrimary().getKey().getParameters()));
        return KeysetSealer.of(identity, type, () -> {
            HybridEncrypt encrypt = handle.getPrimitive(HybridConfig2026.get(), HybridEncrypt.class);
            return encrypt::encrypt;
        });
    }

    /** The document. */
    public byte[] toJson() {
        return (DocumentHead.print(identity, BODY) + body() + "\n}\n").getBytes(UTF_8);
    }

    private String body() {
        try {
            return TinkJsonProtoKeysetFormat.serializeKeysetWithoutSecret(handle, HybridConfig2026.get())
                    .strip();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("public keys can be written", e);
        }
    }

    @Override
    public String toString() {
        return "PublicKeyset[" + identity + ", " + fingerprint() + "]";
    }
}
