// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keyset document (specification, section 3): one account's keys, wrapped for one to eight KEKs. Not secret. The KEK
 * URIs in it are hints; only those that the application names itself are ever used. Immutable and thread-safe.
 */
public final class EncryptedKeyset {
    /** How the item or file that holds a document ends. */
    public static final String FILE_SUFFIX = ".keyset.json";

    static final String BODY = "recipients";

    /** Tink's unauthenticated summary of a keyset: it may hold anything. */
    private static final String IGNORED = "keysetInfo";

    private static final String WHAT = "a keyset document";
    static final int MAX_RECIPIENTS = 8;

    private final byte[] json;
    private final ServiceAccount identity;
    private final Map<String, byte[]> recipients;

    private EncryptedKeyset(byte[] json, ServiceAccount identity, Map<String, byte[]> recipients) {
        this.json = json;
        this.identity = identity;
        this.recipients = recipients;
    }

    /**
     * Parses a document.
     *
     * @throws PodsealException {@code SIZE}, {@code FORMAT} or {@code VERSION}
     */
    public static EncryptedKeyset parse(byte[] document) {
        Json.Obj top = DocumentHead.read(document, BODY, IGNORED, WHAT);
        ServiceAccount identity = DocumentHead.identity(top, WHAT);
        List<?> entries = top.list(BODY, WHAT);
        if (entries.isEmpty() || entries.size() > MAX_RECIPIENTS) {
            throw ErrorCode.FORMAT.because(
                    WHAT + " has 1 to " + MAX_RECIPIENTS + " recipients, this has " + entries.size());
        }
        Map<String, byte[]> recipients = new LinkedHashMap<>();
        for (Object entry : entries) {
            addRecipient(recipients, entry);
        }
        return new EncryptedKeyset(document.clone(), identity, Collections.unmodifiableMap(recipients));
    }

    private static void addRecipient(Map<String, byte[]> recipients, Object entry) {
        if (!(entry instanceof Json.Obj recipient)) {
            throw ErrorCode.FORMAT.because("a recipient is a JSON object");
        }
        String kek =
                recipient.only(Set.of("kek", "encryptedKeyset"), "a recipient").string("kek", "a recipient");
        Json.Obj wrapped = recipient
                .object("encryptedKeyset", "a recipient")
                .only(Set.of("encryptedKeyset", IGNORED), "an encryptedKeyset");
        byte[] bytes = canonicalBase64(wrapped.string("encryptedKeyset", "an encryptedKeyset"), "an encryptedKeyset");
        if (kek.isEmpty()) {
            throw ErrorCode.FORMAT.because("a recipient has an empty KEK URI");
        }
        if (recipients.put(kek, bytes) != null) {
            throw ErrorCode.FORMAT.because("two recipients have the same KEK URI");
        }
    }

    static byte[] canonicalBase64(String text, String what) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException notBase64) {
            // refused below
        }
        throw ErrorCode.FORMAT.because(what + " is not canonical, padded base64");
    }

    /** The account whose keys these are. */
    public ServiceAccount identity() {
        return identity;
    }

    /** The KEK URIs of the recipients, in the order of the document. */
    public Set<String> keks() {
        return recipients.keySet();
    }

    /** The wrapped keyset for that KEK, not to be changed. */
    byte @Nullable [] wrappedFor(String kek) {
        return recipients.get(kek);
    }

    /** The document as it was read or made. */
    public byte[] toJson() {
        return json.clone();
    }

    /** What wrapping binds a keyset to: the associated data of every recipient's encryption. */
    static byte[] associatedData(ServiceAccount identity) {
        return ("podseal:v1:keyset:" + identity.spiffeId()).getBytes(UTF_8);
    }

    /** The standard name of a document: {@code <account>.keyset.json}, for HPKE {@code <account>.hpke.keyset.json}. */
    public static String fileName(ServiceAccount identity, boolean hybrid) {
        return identity.name() + (hybrid ? ".hpke" : "") + FILE_SUFFIX;
    }

    /** Whether two documents are the same bytes. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EncryptedKeyset that && Arrays.equals(json, that.json);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(json);
    }

    /** The identity and the KEK URIs. */
    @Override
    public String toString() {
        return "EncryptedKeyset[" + identity + ", " + KekUri.shown(keks()) + "]";
    }
}
