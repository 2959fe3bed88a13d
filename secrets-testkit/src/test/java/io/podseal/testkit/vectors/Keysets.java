// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static io.podseal.testkit.vectors.Documents.API;
import static io.podseal.testkit.vectors.Documents.KEK_A;
import static io.podseal.testkit.vectors.Documents.KEK_AZURE;
import static io.podseal.testkit.vectors.Documents.KEK_B;
import static io.podseal.testkit.vectors.Documents.WEB;
import static io.podseal.testkit.vectors.Documents.keyset;
import static io.podseal.testkit.vectors.Documents.recipient;
import static io.podseal.testkit.vectors.Documents.wrapped;
import static io.podseal.testkit.vectors.VectorFile.checked;
import static io.podseal.testkit.vectors.VectorFile.joined;
import static io.podseal.testkit.vectors.VectorFile.repeated;
import static io.podseal.testkit.vectors.VectorFile.text;

import com.google.crypto.tink.proto.KeyStatusType;
import com.google.crypto.tink.proto.Keyset;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.podseal.keyset.KeyType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Keyset documents that unwrap. */
final class Keysets {
    private static final int MAX_DOCUMENT_BYTES = 65_536;
    private static final TestKey KEY = TestKey.AES256_GCM;
    private static final String NESTED_60 = "[".repeat(60) + "]".repeat(60);

    private final VectorFile file = new VectorFile();
    private final Keyset keys = keyset(KEY);
    private final String good = Documents.of(KEY);
    private final String base64 = wrapped(KEK_A, API, keys.toByteArray());

    static VectorFile file() {
        Keysets keysets = new Keysets();
        keysets.contents();
        keysets.spellings();
        keysets.identities();
        keysets.recipients();
        keysets.several();
        keysets.pins();
        return keysets.file;
    }

    private Draft draft(String id, String claim, JsonElement... documents) {
        return file.draft("keyset", "keyset-" + id, claim).documents(documents).reader(API, KEK_A);
    }

    private Draft keyset(String id, String claim, Keyset keyset) {
        return draft(id, claim, text(Documents.of(API, keyset.toByteArray(), KEK_A)))
                .keysets(keyset);
    }

    private static Keyset keyset(TestKey... keys) {
        return Documents.keyset(keys);
    }

    private static Keyset.Key disabled(TestKey key) {
        return key.proto().toBuilder().setStatus(KeyStatusType.DISABLED).build();
    }

    private void contents() {
        for (KeyType type : KeyType.values()) {
            keyset(type.typeName(), "one key of type " + type.typeName(), keyset(TestKey.of(type)));
        }
        keyset(
                "symmetric-types",
                "several symmetric types in one keyset",
                keyset(TestKey.XAES256_GCM, KEY, TestKey.AES128_GCM, TestKey.AES256_CTR_HMAC));
        keyset("hpke-types", "both HPKE types in one keyset", keyset(TestKey.HPKE_X25519, TestKey.HPKE_XWING));
        keyset(
                "unsigned-order",
                "a fingerprint takes its keys in the order of unsigned ids",
                keyset(
                        new TestKey("a", KeyType.AES256_GCM, 0x80000000),
                        new TestKey("b", KeyType.AES256_GCM, 0x7fffffff),
                        new TestKey("c", KeyType.AES256_GCM, 0xffffffff),
                        new TestKey("d", KeyType.AES256_GCM, 1)));
        keyset(
                "disabled-key",
                "a disabled key may stay, and does not enter the fingerprint",
                Documents.keyset(KEY.proto(), disabled(new TestKey("old", KeyType.AES256_GCM, 5))));
        keyset(
                "primary-last",
                "the primary need not come first, and does not enter the fingerprint",
                keyset(new TestKey("old", KeyType.AES256_GCM, 5), KEY).toBuilder()
                        .setPrimaryKeyId(KEY.id())
                        .build());
        keyset(
                "32-keys",
                "32 keys are the most",
                keyset(IntStream.rangeClosed(1, 32)
                        .mapToObj(id -> new TestKey("of 32, " + id, KeyType.AES256_GCM, id))
                        .toArray(TestKey[]::new)));
        keyset(
                "same-material",
                "two ids may stand for the same material",
                keyset(new TestKey("twin", KeyType.AES256_GCM, 1), new TestKey("twin", KeyType.AES256_GCM, 2)));
    }

    private void spelled(String id, String claim, String document) {
        draft(id, claim, text(document)).keysets(keys);
    }

    private void spellings() {
        spelled(
                "member-order",
                "members in another order",
                "{\"recipients\":[{\"encryptedKeyset\":{\"encryptedKeyset\":\"" + base64 + "\"},\"kek\":\"" + KEK_A
                        + "\"}],\"identity\":\"" + API + "\",\"podseal\":\"v1\"}");
        spelled("white-space", "all four kinds of white space", "\r\n\t " + good.replace(",", " ,\r\n\t") + "\n ");
        spelled(
                "escapes",
                "names and values written with escapes",
                good.replace("\"podseal\"", "\"\\u0070odseal\"").replace("/", "\\/"));
        spelled("keyset-info", "a keysetInfo as Tink writes it", info("{\"primaryKeyId\":1,\"keyInfo\":[]}"));
        spelled(
                "keyset-info-anything",
                "a keysetInfo that holds anything",
                info("[null,true,-0.5e+9,\"\\ud83d\\ude00\"]"));
        spelled(
                "keyset-info-duplicates",
                "a keysetInfo with names that stand twice, which are refused everywhere else",
                info("{\"a\":1,\"a\":{\"b\":1,\"b\":2}}"));
        spelled("nested-64", "64 objects and arrays around a value", info(NESTED_60.replace("[]", "[0]")));
        draft(
                        "longest",
                        "65,536 bytes are the most that a document has",
                        checked(joined(text(good), repeated(" ", MAX_DOCUMENT_BYTES - good.length()))))
                .keysets(keys);
    }

    private String info(String info) {
        return good.replace("\"}}]", "\",\"keysetInfo\":" + info + "}}]");
    }

    private void identity(String id, String claim, String identity) {
        draft("identity-" + id, claim, text(Documents.of(identity, keys.toByteArray(), KEK_A)))
                .reader(identity, KEK_A)
                .keysets(keys);
    }

    private void identities() {
        identity(
                "longest",
                "a trust domain of 255 bytes, a namespace of 63, a ServiceAccount of 253",
                "spiffe://" + "t".repeat(255) + "/ns/" + "n".repeat(63) + "/sa/" + "s".repeat(253));
        identity("shortest", "parts of one byte", "spiffe://0/ns/1/sa/2");
        identity("trust-domain", "dots, underscores and hyphens anywhere in a trust domain", "spiffe://-._a/ns/n/sa/s");
        identity("account-dots", "dots in a ServiceAccount", "spiffe://cluster.local/ns/payments/sa/api.v2.x");
        identity("ns-sa", "names that look like the path's own words", "spiffe://ns/ns/ns/sa/sa");
    }

    private void recipients() {
        String both = Documents.of(API, keys.toByteArray(), KEK_A, KEK_B);
        draft("two-recipients-first", "two recipients, of which the reader accepts the first", text(both))
                .keysets(keys)
                .kmsCalls(1);
        draft("two-recipients-second", "two recipients, of which the reader accepts the second", text(both))
                .reader(API, KEK_B)
                .keysets(keys)
                .kmsCalls(1);
        draft("two-recipients-both", "two recipients, both accepted: one is enough", text(both))
                .reader(API, KEK_B, KEK_A)
                .keysets(keys)
                .kmsCalls(1);
        List<String> eight = new ArrayList<>();
        for (String kek : new String[] {
            "http://169.254.169.254/latest/meta-data",
            "file:///etc/passwd",
            "AWS-KMS://arn:aws:kms:eu-west-1:111122223333:alias/x",
            "pkcs11:token=a;pin-value=b",
            "local-kms:relative",
            " ",
            "\u00e9\u2028\ud83d\udd11"
        }) {
            eight.add(recipient(kek, "AAAA"));
        }
        eight.add(recipient(KEK_A, base64));
        draft(
                        "eight-recipients",
                        "eight recipients; KEKs that the reader does not accept are skipped, whatever they are called",
                        text(Documents.print(API, eight)))
                .keysets(keys)
                .kmsCalls(1);
        draft(
                        "kek-other-case",
                        "KEK URIs are compared as bytes: one that differs in case is another",
                        text(Documents.print(
                                API, List.of(recipient(KEK_A.replace("/a", "/A"), "AAAA"), recipient(KEK_A, base64)))))
                .keysets(keys)
                .kmsCalls(1);
        draft(
                        "skipped-recipient-damaged",
                        "what a skipped recipient holds is not looked at beyond its form",
                        text(Documents.print(API, List.of(recipient(KEK_B, ""), recipient(KEK_A, base64)))))
                .keysets(keys)
                .kmsCalls(1);
    }

    private void several() {
        Keyset second = keyset(TestKey.HPKE_X25519);
        JsonElement first = file.shared("keyset aes256-gcm", good);
        JsonElement other = file.shared("keyset hpke-x25519", Documents.of(TestKey.HPKE_X25519));
        JsonElement web = file.shared("keyset of web", Documents.of(WEB, keys.toByteArray(), KEK_A));
        draft("two-documents", "two documents of one identity, symmetric and HPKE", first, other)
                .keysets(keys, second);
        draft("document-twice", "byte-identical documents count once", first, first)
                .keysets(keys)
                .kmsCalls(1);
        draft("other-identity-skipped", "documents of another identity are skipped", web, first)
                .keysets(keys)
                .kmsCalls(1);
        draft(
                        "other-identity-other-kek",
                        "whatever KEK they are wrapped for",
                        text(Documents.of(WEB, keys.toByteArray(), KEK_B)),
                        first)
                .keysets(keys);
        draft("same-key-twice", "the same key in two documents is one key", first, text(good + " "))
                .keysets(keys, keys)
                .kmsCalls(2);
        draft("16-documents", "16 distinct documents are the most", distinct(16))
                .keysets(IntStream.range(0, 16).mapToObj(i -> keys).toArray(Keyset[]::new))
                .kmsCalls(16);
        JsonElement[] many = new JsonElement[18];
        System.arraycopy(distinct(16), 0, many, 0, 16);
        many[16] = many[0];
        many[17] = web;
        draft("16-distinct", "neither repeated documents nor another identity's count towards the 16", many)
                .keysets(IntStream.range(0, 16).mapToObj(i -> keys).toArray(Keyset[]::new))
                .kmsCalls(16);
    }

    /** Documents that differ in white space. */
    private JsonElement[] distinct(int count) {
        JsonElement shared = file.shared("keyset aes256-gcm", good);
        return IntStream.range(0, count)
                .mapToObj(i -> joined(shared, repeated(" ", i)))
                .toArray(JsonObject[]::new);
    }

    private void pins() {
        String fingerprint = Fingerprints.of(keys);
        String old = Fingerprints.of(keyset(TestKey.AES128_GCM));
        draft("pinned", "a keyset whose fingerprint is pinned", text(good))
                .texts("pins", old, fingerprint)
                .keysets(keys);
        draft(
                        "pinned-azure",
                        "a keyset through an RSA KEK, whose fingerprint is pinned",
                        text(Documents.of(API, keys.toByteArray(), KEK_AZURE)))
                .reader(API, KEK_AZURE)
                .texts("pins", fingerprint)
                .keysets(keys);
        draft(
                        "azure-beside",
                        "an RSA KEK among the recipients needs no pin where another KEK unwraps",
                        text(Documents.of(API, keys.toByteArray(), KEK_AZURE, KEK_A)))
                .keysets(keys);
    }
}
