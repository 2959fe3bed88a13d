// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.VERSION;
import static io.podseal.testkit.vectors.Documents.API;
import static io.podseal.testkit.vectors.Documents.json;
import static io.podseal.testkit.vectors.Documents.keyset;
import static io.podseal.testkit.vectors.VectorFile.checked;
import static io.podseal.testkit.vectors.VectorFile.joined;
import static io.podseal.testkit.vectors.VectorFile.repeated;
import static io.podseal.testkit.vectors.VectorFile.text;

import com.google.crypto.tink.proto.AesGcmKey;
import com.google.crypto.tink.proto.HpkeAead;
import com.google.crypto.tink.proto.HpkePublicKey;
import com.google.crypto.tink.proto.KeyData.KeyMaterialType;
import com.google.crypto.tink.proto.KeyStatusType;
import com.google.crypto.tink.proto.Keyset;
import com.google.crypto.tink.proto.OutputPrefixType;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import io.podseal.ErrorCode;
import io.podseal.keyset.KeyType;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.IntStream;

/** Public keyset documents, good and bad. */
final class PublicDocuments {
    private static final int MAX_DOCUMENT_BYTES = 65_536;
    private static final TestKey KEY = TestKey.HPKE_X25519;
    private static final TestKey SECOND = new TestKey("hpke-x25519-second", KeyType.HPKE_X25519, 2);

    private final VectorFile file = new VectorFile();
    private final Keyset keys = keyset(KEY.publicProto());
    private final String good = Documents.publicDocument(KEY);

    static VectorFile file() {
        PublicDocuments documents = new PublicDocuments();
        documents.good();
        documents.format();
        documents.policy();
        return documents.file;
    }

    private Draft draft(String id, String claim, JsonElement document) {
        return file.draft("public", "public-" + id, claim).with("document", document);
    }

    private void opens(String id, String claim, Keyset keyset, String document) {
        opens(id, claim, keyset, API, text(document));
    }

    private void opens(String id, String claim, Keyset keyset, String identity, JsonElement document) {
        draft(id, claim, document)
                .gives("identity", new JsonPrimitive(identity))
                .gives("keyset", Draft.described(keyset));
    }

    private void opens(String id, String claim, Keyset keyset) {
        opens(id, claim, keyset, Documents.publicDocument(API, json(keyset)));
    }

    private void good() {
        opens("hpke-x25519", "one key of type hpke-x25519", keys);
        opens("hpke-xwing", "one key of type hpke-xwing", keyset(TestKey.HPKE_XWING.publicProto()));
        opens("both-types", "both types in one keyset", keyset(KEY.publicProto(), TestKey.HPKE_XWING.publicProto()));
        opens(
                "disabled",
                "a disabled key may stay, and does not enter the fingerprint",
                keyset(KEY.publicProto(), with(SECOND, KeyStatusType.DISABLED)));
        opens(
                "32-keys",
                "32 keys are the most",
                keyset(IntStream.rangeClosed(1, 32)
                        .mapToObj(id -> new TestKey("of 32, " + id, KeyType.HPKE_X25519, id).publicProto())
                        .toArray(Keyset.Key[]::new)));
        opens(
                "white-space",
                "white space does not matter",
                keys,
                good.replace(",", " ,\r\n\t").replace(":", " : ").replace("spiffe : ", "spiffe:"));
        opens(
                "member-order",
                "the order of members does not matter",
                keys,
                "{\"publicKeyset\":" + json(keys) + ",\"identity\":\"" + API + "\",\"podseal\":\"v1\"}");
        opens(
                "longest",
                "65,536 bytes are the most that a document has",
                keys,
                API,
                checked(joined(text(good), repeated(" ", MAX_DOCUMENT_BYTES - good.length()))));
    }

    private static Keyset.Key with(TestKey key, KeyStatusType status) {
        return key.publicProto().toBuilder().setStatus(status).build();
    }

    private void refused(String line, ErrorCode code, String id, String claim, String document) {
        draft("refused-" + id, claim, text(document)).refused(line, code);
    }

    private void format(String id, String claim, String document) {
        refused("P-03", FORMAT, id, claim, document);
    }

    private void format() {
        draft(
                        "refused-65537",
                        "65,537 bytes",
                        checked(joined(text(good), repeated(" ", MAX_DOCUMENT_BYTES + 1 - good.length()))))
                .refused("P-01", SIZE);
        refused("P-02", FORMAT, "no-json", "text that is no JSON", "hpke");
        refused("P-02", FORMAT, "byte-order-mark", "a byte order mark", "\ufeff" + good);
        refused("P-02", FORMAT, "two-values", "two documents in one", good + good);
        refused("P-02", FORMAT, "version-absent", "no version", good.replace("\"podseal\":\"v1\",", ""));
        refused("P-04", VERSION, "version-2", "version 2", good.replace("\"v1\"", "\"v2\""));
        refused("P-02", FORMAT, "identity", "an identity outside the grammar", good.replace("/sa/", "/SA/"));
        refused("P-02", FORMAT, "no-identity", "no identity", good.replace("\"identity\":\"" + API + "\",", ""));
        refused("P-02", FORMAT, "null-keyset", "a public keyset that is null", Documents.publicDocument(API, "null"));
        refused(
                "P-02",
                FORMAT,
                "string-keyset",
                "a public keyset that is a string",
                Documents.publicDocument(API, "\"x\""));
        refused("P-05", FORMAT, "wrapped", "a keyset document for a public one", Documents.of(KEY));
        format("unknown-top", "an unknown member at the top", good.replace("{\"podseal\"", "{\"note\":1,\"podseal\""));
        format(
                "unknown-keyset",
                "an unknown member in the keyset",
                good.replace("{\"primaryKeyId\"", "{\"note\":1,\"primaryKeyId\""));
        format("unknown-key", "an unknown member in a key", good.replace("{\"keyData\"", "{\"note\":1,\"keyData\""));
        format(
                "unknown-key-data",
                "an unknown member in a key's data",
                good.replace("{\"typeUrl\"", "{\"note\":1,\"typeUrl\""));
        format(
                "twice-top",
                "a name that stands twice at the top",
                good.replace("{\"podseal\"", "{\"podseal\":\"v1\",\"podseal\""));
        format(
                "twice-key",
                "a name that stands twice in a key",
                good.replace("{\"keyData\"", "{\"keyId\":1,\"keyData\""));
        format(
                "twice-primary",
                "a primary that stands twice",
                good.replace("{\"primaryKeyId\"", "{\"primaryKeyId\":1,\"primaryKeyId\""));
        format(
                "keyset-info",
                "a keysetInfo, which belongs to encrypted keysets only",
                good.replace("{\"primaryKeyId\"", "{\"keysetInfo\":{},\"primaryKeyId\""));
        String value = value(KEY.publicProto());
        format("base64-padding", "padding that does not belong", good.replace(value, value + "===="));
        format("base64-white-space", "a space in base64", good.replace(value, " " + value));
        format(
                "base64-url",
                "base64 of the URL alphabet",
                good.replace(value, value.replace('+', '-').replace('/', '_')));
        refused(
                "P-09",
                KEYSET_POLICY,
                "key-id-text",
                "a key id that is written as text",
                good.replace("\"keyId\":2147483648", "\"keyId\":\"2147483648\""));
        refused(
                "P-09",
                KEYSET_POLICY,
                "key-id-fraction",
                "a key id that is written with a fraction",
                good.replace("\"keyId\":2147483648", "\"keyId\":2147483648.0"));
        refused(
                "P-10",
                KEYSET_POLICY,
                "unknown-field",
                "an unknown field inside a key's value",
                replaced(Hpke.join(KEY.hpkePublic().toByteArray(), new byte[] {(byte) 0x9a, 6, 0})));
        refused(
                "P-10",
                KEYSET_POLICY,
                "default-written",
                "a default that Tink leaves out, written",
                replaced(Hpke.join(new byte[] {8, 0}, KEY.hpkePublic().toByteArray())));
        refused(
                "P-10",
                KEYSET_POLICY,
                "fields-in-another-order",
                "fields in another order inside a key's value",
                replaced(reversed()));
    }

    private static String value(Keyset.Key key) {
        return Base64.getEncoder().encodeToString(key.getKeyData().getValue().toByteArray());
    }

    private String replaced(byte[] value) {
        return good.replace(value(KEY.publicProto()), Base64.getEncoder().encodeToString(value));
    }

    private static byte[] reversed() {
        HpkePublicKey key = KEY.hpkePublic();
        return Hpke.join(
                key.toBuilder().clearParams().build().toByteArray(),
                key.toBuilder().clearPublicKey().build().toByteArray());
    }

    private void policy(String line, String id, String claim, Keyset keyset) {
        refused(line, KEYSET_POLICY, id, claim, Documents.publicDocument(API, json(keyset)));
    }

    private void policy() {
        TestKey aes = TestKey.AES256_GCM;
        policy(
                "P-06",
                "symmetric",
                "a symmetric key, whose bytes here are zero",
                keyset(aes.symmetric(
                        "AesGcmKey",
                        AesGcmKey.newBuilder()
                                .setKeyValue(ByteString.copyFrom(new byte[32]))
                                .build())));
        policy(
                "P-06",
                "private",
                "a private key, whose bytes here are zero",
                keyset(KEY.hpke(KEY.hpkePrivate().toBuilder()
                        .setPrivateKey(ByteString.copyFrom(new byte[32]))
                        .build())));
        policy(
                "P-06",
                "material",
                "a public key that calls itself private",
                keyset(KEY.key("HpkePublicKey", KeyMaterialType.ASYMMETRIC_PRIVATE, KEY.hpkePublic())));
        policy(
                "P-07",
                "aes128",
                "another HPKE suite",
                keyset(KEY.key(
                        "HpkePublicKey",
                        KeyMaterialType.ASYMMETRIC_PUBLIC,
                        KEY.hpkePublic().toBuilder()
                                .setParams(
                                        KEY.hpkePublic().getParams().toBuilder().setAead(HpkeAead.AES_128_GCM))
                                .build())));
        policy(
                "P-07",
                "unknown-type",
                "a type that nobody knows",
                keyset(KEY.key("RotThirteenPublicKey", KeyMaterialType.ASYMMETRIC_PUBLIC, KEY.hpkePublic())));
        policy(
                "P-07",
                "short-key",
                "a public key of 31 bytes",
                keyset(KEY.key(
                        "HpkePublicKey",
                        KeyMaterialType.ASYMMETRIC_PUBLIC,
                        KEY.hpkePublic().toBuilder()
                                .setPublicKey(KEY.hpkePublic().getPublicKey().substring(1))
                                .build())));
        policy(
                "P-07",
                "version",
                "a public key of version 1",
                keyset(KEY.key(
                        "HpkePublicKey",
                        KeyMaterialType.ASYMMETRIC_PUBLIC,
                        KEY.hpkePublic().toBuilder().setVersion(1).build())));
        for (OutputPrefixType prefix :
                new OutputPrefixType[] {OutputPrefixType.RAW, OutputPrefixType.CRUNCHY, OutputPrefixType.LEGACY}) {
            policy(
                    "P-08",
                    "prefix-" + prefix.name().toLowerCase(Locale.ROOT),
                    "the output prefix " + prefix.name(),
                    keyset(KEY.publicProto().toBuilder()
                            .setOutputPrefixType(prefix)
                            .build()));
        }
        policy(
                "P-08",
                "duplicate-id",
                "one id for two keys",
                keyset(KEY.publicProto(), new TestKey("x", KEY.type(), KEY.id()).publicProto()));
        policy(
                "P-08",
                "33-keys",
                "33 keys",
                keyset(IntStream.rangeClosed(1, 33)
                        .mapToObj(id -> new TestKey("of 33, " + id, KEY.type(), id).publicProto())
                        .toArray(Keyset.Key[]::new)));
        policy(
                "P-08",
                "destroyed",
                "a destroyed key",
                keyset(KEY.publicProto(), with(SECOND, KeyStatusType.DESTROYED)));
        policy(
                "P-08",
                "primary-absent",
                "a primary that is not in the keyset",
                keys.toBuilder().setPrimaryKeyId(3).build());
        policy(
                "P-08",
                "primary-disabled",
                "a disabled primary",
                keyset(with(KEY, KeyStatusType.DISABLED), SECOND.publicProto()));
        refused(
                "P-08",
                KEYSET_POLICY,
                "no-key",
                "no key",
                Documents.publicDocument(API, "{\"primaryKeyId\":1,\"key\":[]}"));
        for (String[] keyset : new String[][] {
            {"no-primary", "no primary", json(keys).replace("\"primaryKeyId\":2147483648,", "")},
            {
                "primary-beyond",
                "a primary beyond 32 bits",
                json(keys).replace("Id\":2147483648,\"key\"", "Id\":6442450944,\"key\"")
            },
            {
                "key-id-beyond",
                "a key id beyond 32 bits",
                json(keys).replace("\"keyId\":2147483648", "\"keyId\":6442450944")
            },
            {"key-id-negative", "a negative key id", json(keys).replace("\"keyId\":2147483648", "\"keyId\":-2147483648")
            },
            {"key-id-exponent", "a key id with an exponent", json(keys).replace("2147483648", "2147483648e0")},
            {"no-keys", "no member key", "{\"primaryKeyId\":2147483648}"},
            {"keys-number", "keys that are a number", "{\"primaryKeyId\":2147483648,\"key\":5}"},
            {
                "keys-object",
                "keys that are an object",
                json(keys).replace("[", "").replace("]", "")
            },
            {"key-number", "a key that is a number", "{\"primaryKeyId\":2147483648,\"key\":[1]}"},
            {"key-empty", "a key without members", "{\"primaryKeyId\":2147483648,\"key\":[{}]}"},
            {"key-data-text", "key data that is text", json(keys).replaceAll("\\{\"typeUrl[^}]*}", "\"x\"")},
            {"no-type-url", "no type", json(keys).replaceAll("\"typeUrl\":\"[^\"]*\",", "")},
            {"value-number", "a value that is a number", json(keys).replaceAll("\"value\":\"[^\"]*\"", "\"value\":5")},
            {"no-value", "no value", json(keys).replaceAll("\"value\":\"[^\"]*\",", "")},
            {"status-case", "a status in lower case", json(keys).replace("ENABLED", "enabled")},
            {"status-number", "a status that is a number", json(keys).replace("\"ENABLED\"", "1")},
            {"no-status", "no status", json(keys).replace("\"status\":\"ENABLED\",", "")},
            {"no-prefix", "no output prefix", json(keys).replace(",\"outputPrefixType\":\"TINK\"", "")},
            {"prefix-unknown", "an output prefix that nobody knows", json(keys).replace("\"TINK\"", "\"ZINC\"")},
            {
                "material-unknown",
                "a key material type that nobody knows",
                json(keys).replace("ASYMMETRIC_PUBLIC", "PUBLIC")
            },
        }) {
            refused("P-09", KEYSET_POLICY, keyset[0], keyset[1], Documents.publicDocument(API, keyset[2]));
        }
        refused(
                "P-02",
                FORMAT,
                "array-keyset",
                "a public keyset that is an array",
                Documents.publicDocument(API, "[]"));
        refused("P-09", KEYSET_POLICY, "no-keyset", "an object that is no keyset", Documents.publicDocument(API, "{}"));
        refused(
                "P-03",
                FORMAT,
                "no-base64",
                "a value that is not base64 at all",
                good.replace(value(KEY.publicProto()), "***"));
    }
}
