// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.proto.Keyset;
import com.google.gson.JsonPrimitive;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Keyset documents as text, good ones and what others might write. */
final class Documents {
    static final String API = "spiffe://cluster.local/ns/payments/sa/api";
    static final String WEB = "spiffe://cluster.local/ns/payments/sa/web";
    static final String KEK_A = "local-kms:/podseal/test-vectors/a";
    static final String KEK_B = "local-kms:/podseal/test-vectors/b";
    static final String KEK_AZURE = "azure-kv://test-vectors.vault.azure.net/keys/podseal/1";

    private Documents() {}

    static Keyset keyset(Keyset.Key... keys) {
        return Keyset.newBuilder()
                .setPrimaryKeyId(keys[0].getKeyId())
                .addAllKey(Arrays.asList(keys))
                .build();
    }

    static Keyset keyset(TestKey... keys) {
        return keyset(Arrays.stream(keys).map(TestKey::proto).toArray(Keyset.Key[]::new));
    }

    /** The document of one key, for its one KEK. */
    static String of(TestKey... keys) {
        return of(API, keyset(keys).toByteArray(), KEK_A);
    }

    static String of(String identity, byte[] keyset, String... keks) {
        return print(
                identity,
                Arrays.stream(keks)
                        .map(kek -> recipient(kek, wrapped(kek, identity, keyset)))
                        .toList());
    }

    static String print(String identity, List<String> recipients) {
        return "{\"podseal\":\"v1\",\"identity\":" + quoted(identity) + ",\"recipients\":["
                + recipients.stream().collect(Collectors.joining(",")) + "]}";
    }

    static String recipient(String kek, String base64) {
        return "{\"kek\":" + quoted(kek) + ",\"encryptedKeyset\":{\"encryptedKeyset\":\"" + base64 + "\"}}";
    }

    static String wrapped(String kek, String identity, byte[] keyset) {
        return Base64.getEncoder().encodeToString(wrap(kek, identity, keyset));
    }

    static byte[] wrap(String kek, String identity, byte[] keyset) {
        byte[] associatedData = ("podseal:v1:keyset:" + identity).getBytes(UTF_8);
        return Hpke.join(
                Sealing.prefix(VectorKms.keyId(kek)), Sealing.aesGcm(VectorKms.key(kek), associatedData, keyset));
    }

    static String publicDocument(String identity, String keyset) {
        return "{\"podseal\":\"v1\",\"identity\":" + quoted(identity) + ",\"publicKeyset\":" + keyset + "}";
    }

    static String publicDocument(TestKey... keys) {
        return publicDocument(
                API, json(keyset(Arrays.stream(keys).map(TestKey::publicProto).toArray(Keyset.Key[]::new))));
    }

    /** A keyset as Tink's JSON writer prints it. */
    static String json(Keyset keyset) {
        return "{\"primaryKeyId\":" + Integer.toUnsignedLong(keyset.getPrimaryKeyId()) + ",\"key\":["
                + keyset.getKeyList().stream().map(Documents::json).collect(Collectors.joining(",")) + "]}";
    }

    static String json(Keyset.Key key) {
        return "{\"keyData\":{\"typeUrl\":\"" + key.getKeyData().getTypeUrl() + "\",\"value\":\""
                + Base64.getEncoder().encodeToString(key.getKeyData().getValue().toByteArray())
                + "\",\"keyMaterialType\":\"" + key.getKeyData().getKeyMaterialType() + "\"},\"status\":\""
                + key.getStatus() + "\",\"keyId\":" + Integer.toUnsignedLong(key.getKeyId())
                + ",\"outputPrefixType\":\"" + key.getOutputPrefixType() + "\"}";
    }

    private static String quoted(String text) {
        return new JsonPrimitive(text).toString();
    }
}
