// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.VERSION;
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
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import io.podseal.ErrorCode;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Keyset documents that are refused before anybody knows what is wrapped in them, or because it was altered. */
final class DocumentsRefused {
    private static final int MAX_DOCUMENT_BYTES = 65_536;
    private static final TestKey KEY = TestKey.AES256_GCM;

    private final VectorFile file = new VectorFile();
    private final byte[] keys = keyset(KEY).toByteArray();
    private final String good = Documents.of(KEY);
    private final String base64 = wrapped(KEK_A, API, keys);

    static VectorFile file() {
        DocumentsRefused documents = new DocumentsRefused();
        documents.sizes();
        documents.syntax();
        documents.nesting();
        documents.duplicates();
        documents.members();
        documents.versions();
        documents.identities();
        documents.recipients();
        documents.base64();
        documents.kinds();
        documents.contexts();
        documents.unaccepted();
        documents.altered();
        documents.pins();
        return documents.file;
    }

    private Draft draft(String line, ErrorCode code, String id, String claim, JsonElement... documents) {
        return file.draft("keyset", "document-" + id, claim)
                .documents(documents)
                .reader(API, KEK_A)
                .refused(line, code);
    }

    private void format(String line, String id, String claim, String document) {
        draft(line, FORMAT, id, claim, text(document)).beforeTheKmsIsAsked();
    }

    private void sizes() {
        draft(
                        "D-01",
                        SIZE,
                        "65537",
                        "65,537 bytes, the last of them white space",
                        checked(joined(text(good), repeated(" ", MAX_DOCUMENT_BYTES + 1 - good.length()))))
                .beforeTheKmsIsAsked();
        draft("D-01", SIZE, "65537-garbage", "size decides before syntax", checked(repeated("{", 65_537)))
                .beforeTheKmsIsAsked();
        draft(
                        "D-01",
                        SIZE,
                        "65537-version-2",
                        "size decides before the version",
                        checked(joined(text("{\"podseal\":\"v2\"}"), repeated(" ", MAX_DOCUMENT_BYTES))))
                .beforeTheKmsIsAsked();
        draft("D-17", SIZE, "17", "17 distinct documents of one identity", distinct())
                .beforeTheKmsIsAsked();
        draft("D-02", FORMAT, "65536-garbage", "65,536 bytes that are no JSON", checked(repeated("{", 65_536)))
                .beforeTheKmsIsAsked();
    }

    private JsonElement[] distinct() {
        JsonElement shared = file.shared("keyset aes256-gcm", good);
        return IntStream.range(0, 17)
                .mapToObj(i -> joined(shared, repeated(" ", i)))
                .toArray(JsonElement[]::new);
    }

    private void syntax() {
        format("D-02", "empty", "nothing is no document", "");
        format("D-02", "byte-order-mark", "a byte order mark", "\ufeff" + good);
        encoded("utf-16le", "UTF-16, little-endian", good.getBytes(UTF_16LE));
        encoded("utf-16be", "UTF-16, big-endian", good.getBytes(UTF_16BE));
        byte[] notUtf8 = info("\"x\"").getBytes(UTF_8);
        notUtf8[indexOf(notUtf8, (byte) 'x')] = (byte) 0xff;
        encoded("not-utf-8", "a byte that UTF-8 never has, even in keysetInfo", notUtf8);
        encoded(
                "overlong",
                "an overlong form, which some decoders take for a quote",
                Hpke.join(
                        good.substring(0, 1).getBytes(UTF_8),
                        new byte[] {(byte) 0xc0, (byte) 0xa2},
                        good.substring(2).getBytes(UTF_8)));
        format("D-02", "comment", "a comment", good.replace("{\"podseal\"", "{/* */\"podseal\""));
        format("D-02", "line-comment", "a comment to the line's end", good + "// end");
        format("D-02", "trailing-comma", "a comma behind the last member", good.replace("]}", "],}"));
        format("D-02", "trailing-comma-array", "a comma behind the last recipient", good.replace("]}", ",]}"));
        format("D-02", "single-quotes", "single quotes", good.replace('"', '\''));
        format("D-02", "unquoted-name", "a name without quotes", good.replace("\"podseal\"", "podseal"));
        format("D-02", "nan", "NaN, even in keysetInfo", info("NaN"));
        format("D-02", "infinity", "Infinity, even in keysetInfo", info("-Infinity"));
        format("D-02", "leading-zero", "a number with a leading zero, even in keysetInfo", info("01"));
        format("D-02", "point-alone", "a number that ends with a point", info("1."));
        format("D-02", "plus", "a number with a plus sign", info("+1"));
        format("D-02", "hexadecimal", "a hexadecimal number", info("0x1"));
        format("D-02", "upper-case-literal", "True is no literal", info("True"));
        format("D-02", "two-values", "two documents in one", good + good);
        format("D-02", "trailing", "anything behind the document", good + "x");
        format("D-02", "trailing-nul", "NUL behind the document", good + "\u0000");
        format("D-02", "vertical-tab", "white space that JSON does not know", good + "\u000b");
        format("D-02", "no-break-space", "a no-break space between members", good.replace(",\"", ",\u00a0\""));
        format("D-02", "cut", "a document without its last byte", good.substring(0, good.length() - 1));
        format("D-02", "surrogate", "half a surrogate pair in a string", info("\"\\ud83d\""));
        format("D-02", "surrogates-reversed", "a surrogate pair in the wrong order", info("\"\\ude00\\ud83d\""));
        format("D-02", "control-character", "a line feed in a string", info("\"\n\""));
        format("D-02", "nul-in-string", "NUL in a string", info("\"\u0000\""));
        format("D-02", "escape-unknown", "an escape that JSON does not have", info("\"\\x41\""));
        format("D-02", "escape-short", "an escape of three digits", info("\"\\u004\""));
        format(
                "D-02",
                "escape-not-ascii",
                "an escape with digits that are not ASCII",
                info("\"\\u\uff10\uff10\uff14\uff11\""));
        format("D-02", "array", "an array is no document", "[" + good + "]");
        format("D-02", "string", "a string is no document", "\"podseal\"");
        format("D-02", "null", "null is no document", "null");
    }

    private static int indexOf(byte[] bytes, byte wanted) {
        return IntStream.range(0, bytes.length)
                .filter(i -> bytes[i] == wanted && bytes[i - 1] == '"' && bytes[i + 1] == '"')
                .findFirst()
                .orElseThrow();
    }

    private void encoded(String id, String claim, byte[] document) {
        draft("D-02", FORMAT, id, claim, VectorFile.base64(document)).beforeTheKmsIsAsked();
    }

    private String info(String info) {
        return good.replace("\"}}]", "\",\"keysetInfo\":" + info + "}}]");
    }

    private void nesting() {
        format(
                "D-03",
                "nested-65",
                "65 objects and arrays around a value",
                info("[".repeat(61) + "0" + "]".repeat(61)));
        format("D-03", "nested-65-objects", "the same with objects", info("{\"a\":".repeat(61) + "0" + "}".repeat(61)));
        draft(
                        "D-03",
                        FORMAT,
                        "nested-30000",
                        "30,000 arrays in one another, which must not exhaust a stack",
                        checked(joined(repeated("[", 30_000), repeated("]", 30_000))))
                .beforeTheKmsIsAsked();
    }

    private void duplicates() {
        format(
                "D-04",
                "twice-podseal",
                "a name that stands twice at the top",
                good.replace("{\"podseal\"", "{\"podseal\":\"v1\",\"podseal\""));
        format(
                "D-04",
                "twice-podseal-v2",
                "also where the other version comes first",
                good.replace("{\"podseal\"", "{\"podseal\":\"v2\",\"podseal\""));
        format(
                "D-04",
                "twice-identity",
                "an identity that stands twice",
                good.replace("\"identity\"", "\"identity\":\"" + WEB + "\",\"identity\""));
        format(
                "D-04",
                "twice-escaped",
                "also by an escape",
                good.replace("\"identity\"", "\"\\u0069dentity\":\"" + WEB + "\",\"identity\""));
        format(
                "D-04",
                "twice-kek",
                "a KEK that stands twice in a recipient",
                good.replace("{\"kek\"", "{\"kek\":\"x\",\"kek\""));
        format(
                "D-04",
                "twice-wrapped",
                "a name that stands twice in an encryptedKeyset",
                good.replace("{\"encryptedKeyset\":\"", "{\"encryptedKeyset\":\"AAAA\",\"encryptedKeyset\":\""));
        format(
                "D-04",
                "twice-recipient-keyset",
                "an encryptedKeyset that stands twice in a recipient",
                good.replace(",\"encryptedKeyset\":{", ",\"encryptedKeyset\":{},\"encryptedKeyset\":{"));
        format("D-04", "twice-info", "keysetInfo itself, twice", info("1,\"keysetInfo\":2"));
        format(
                "D-04",
                "twice-unknown",
                "a name twice decides before it is found to be unknown, and before the version",
                "{\"podseal\":\"v2\",\"x\":1,\"x\":2}");
    }

    private void members() {
        format(
                "D-05",
                "unknown-top",
                "an unknown member at the top",
                good.replace("{\"podseal\"", "{\"note\":\"\",\"podseal\""));
        format(
                "D-05",
                "unknown-recipient",
                "an unknown member in a recipient",
                good.replace("{\"kek\"", "{\"region\":\"\",\"kek\""));
        format(
                "D-05",
                "unknown-wrapped",
                "an unknown member in an encryptedKeyset",
                good.replace("{\"encryptedKeyset\":\"", "{\"aead\":\"\",\"encryptedKeyset\":\""));
        format(
                "D-05",
                "info-at-the-top",
                "keysetInfo where it does not belong",
                good.replace("{\"podseal\"", "{\"keysetInfo\":{},\"podseal\""));
        format(
                "D-05",
                "info-in-recipient",
                "keysetInfo in a recipient",
                good.replace("{\"kek\"", "{\"keysetInfo\":{},\"kek\""));
        format("D-05", "case-of-name", "names are compared as bytes", good.replace("\"identity\"", "\"Identity\""));
        format("D-05", "no-identity", "no identity", good.replace("\"identity\":\"" + API + "\",", ""));
        format("D-05", "null-identity", "an identity that is null", good.replace("\"" + API + "\"", "null"));
        format("D-05", "number-identity", "an identity that is a number", good.replace("\"" + API + "\"", "1"));
        format("D-05", "no-recipients", "no member recipients", "{\"podseal\":\"v1\",\"identity\":\"" + API + "\"}");
        format("D-05", "null-recipients", "recipients that are null", document("null"));
        format("D-05", "object-recipients", "recipients that are an object", document(recipient(KEK_A, base64)));
        format("D-05", "null-recipient", "a recipient that is null", document("[null]"));
        format("D-05", "string-recipient", "a recipient that is a string", document("[\"" + KEK_A + "\"]"));
        format(
                "D-05",
                "array-recipient",
                "a recipient that is an array of the right names",
                document("[[\"kek\",\"encryptedKeyset\"]]"));
        format("D-05", "no-kek", "a recipient without a KEK", good.replace("\"kek\":\"" + KEK_A + "\",", ""));
        format("D-05", "null-kek", "a KEK that is null", good.replace("\"" + KEK_A + "\"", "null"));
        format("D-05", "array-kek", "a KEK that is an array", good.replace("\"" + KEK_A + "\"", "[\"" + KEK_A + "\"]"));
        format(
                "D-05",
                "no-wrapped",
                "a recipient without an encryptedKeyset",
                document("[{\"kek\":\"" + KEK_A + "\"}]"));
        format(
                "D-05",
                "flat-wrapped",
                "an encryptedKeyset that is a string",
                document("[{\"kek\":\"" + KEK_A + "\",\"encryptedKeyset\":\"" + base64 + "\"}]"));
        format(
                "D-05",
                "empty-wrapped",
                "an encryptedKeyset without its bytes",
                document("[{\"kek\":\"" + KEK_A + "\",\"encryptedKeyset\":{}}]"));
        format(
                "D-05",
                "null-wrapped",
                "an encryptedKeyset that is null inside",
                document("[{\"kek\":\"" + KEK_A + "\",\"encryptedKeyset\":{\"encryptedKeyset\":null}}]"));
    }

    private static String document(String recipients) {
        return "{\"podseal\":\"v1\",\"identity\":\"" + API + "\",\"recipients\":" + recipients + "}";
    }

    private void versions() {
        format("D-06", "version-absent", "no version", good.replace("\"podseal\":\"v1\",", ""));
        for (String[] version : new String[][] {
            {"number", "a version that is a number", "1"},
            {"null", "a version that is null", "null"},
            {"leading-zero", "a version with a leading zero", "\"v01\""},
            {"upper-case", "an upper-case V", "\"V1\""},
            {"space", "a space behind the version", "\"v1 \""},
            {"bare", "a version without its v", "\"1\""},
            {"empty", "an empty version", "\"\""},
            {"line-feed", "a line feed behind the version", "\"v1\\n\""},
            {"arabic-digit", "a digit that is not ASCII", "\"v\u0661\""},
        }) {
            format("D-06", "version-" + version[0], version[1], good.replace("\"v1\"", version[2]));
        }
        draft(
                        "D-07",
                        VERSION,
                        "version-2-keyset-info",
                        "names may stand twice in what is called keysetInfo, wherever another version has it",
                        text("{\"podseal\":\"v2\",\"keysetInfo\":{\"a\":1,\"a\":2}}"))
                .beforeTheKmsIsAsked();
        for (String version : List.of("v0", "v2", "v10", "v18446744073709551617")) {
            draft(
                            "D-07",
                            VERSION,
                            "version-" + version,
                            "version " + version,
                            text(good.replace("\"v1\"", "\"" + version + "\"")))
                    .beforeTheKmsIsAsked();
        }
        draft(
                        "D-07",
                        VERSION,
                        "version-2-unknown",
                        "another version, whatever else the document holds",
                        text("{\"podseal\":\"v2\",\"x\":[1]}"))
                .beforeTheKmsIsAsked();
    }

    private void identity(String id, String claim, String identity) {
        format("D-08", "identity-" + id, claim, good.replace(API, identity));
    }

    private void identities() {
        identity("scheme-upper-case", "a scheme in upper case", API.replace("spiffe", "SPIFFE"));
        identity("upper-case", "upper case in a trust domain", API.replace("cluster", "Cluster"));
        identity("port", "a port", API.replace(".local", ".local:443"));
        identity("user-info", "user info", API.replace("//", "//x@"));
        identity("trailing-slash", "a slash at the end", API + "/");
        identity("query", "a query", API + "?x=y");
        identity("fragment", "a fragment", API + "#x");
        identity("percent", "percent-encoding", API.replace("api", "%61pi"));
        identity("empty-trust-domain", "no trust domain", API.replace("cluster.local", ""));
        identity("empty-namespace", "no namespace", API.replace("payments", ""));
        identity("empty-account", "no ServiceAccount", API.replace("api", ""));
        identity("dot-segment", "a dot segment", API.replace("/ns/", "/./ns/"));
        identity("other-path", "another path", API.replace("/ns/", "/namespace/"));
        identity("short", "namespace and account alone", "payments/api");
        identity("trust-domain-256", "a trust domain of 256 bytes", API.replace("cluster.local", "t".repeat(256)));
        identity("namespace-64", "a namespace of 64 bytes", API.replace("payments", "n".repeat(64)));
        identity("account-254", "a ServiceAccount of 254 bytes", API.replace("api", "s".repeat(254)));
        identity("space", "a space at the end", API + " ");
        identity("empty", "an empty identity", "");
    }

    private void recipients() {
        format("D-09", "no-recipient", "no recipient", document("[]"));
        StringBuilder nine = new StringBuilder("[" + recipient(KEK_A, base64));
        for (int i = 2; i <= 9; i++) {
            nine.append(',').append(recipient("kek-" + i, "AAAA"));
        }
        format("D-09", "nine-recipients", "nine recipients", document(nine + "]"));
        format(
                "D-09",
                "kek-twice",
                "a KEK that two recipients have",
                document("[" + recipient(KEK_A, base64) + "," + recipient(KEK_A, base64) + "]"));
        format(
                "D-09",
                "skipped-kek-twice",
                "also one that the reader does not accept",
                document("[" + recipient(KEK_A, base64) + "," + recipient("x", "AAAA") + "," + recipient("x", "AAAA")
                        + "]"));
        format(
                "D-09",
                "empty-kek",
                "an empty KEK",
                document("[" + recipient("", "AAAA") + "," + recipient(KEK_A, base64) + "]"));
    }

    private void encoding(String id, String claim, String wrong) {
        format("D-10", "base64-" + id, claim, good.replace(base64, wrong));
    }

    private void base64() {
        String padded = "QUJDRA==";
        encoding("unpadded", "base64 without its padding", padded.replace("=", ""));
        encoding("padding-too-much", "padding that does not belong", "QUJD====");
        encoding("url", "the URL alphabet", Base64.getUrlEncoder().encodeToString(new byte[] {-1, -2, -1}));
        encoding("white-space", "a space", base64.substring(0, 8) + " " + base64.substring(8));
        encoding("line-end", "a line end", base64.substring(0, 8) + "\\n" + base64.substring(8));
        encoding("stray-bits-4", "four stray bits", "QUJDRB==");
        encoding("stray-bits-2", "two stray bits", "QUJDREF=");
        encoding("other", "a character of no alphabet", base64.substring(0, 8) + "*" + base64.substring(9));
        encoding("padding-inside", "padding in the middle", "QQ==QQ==");
        format(
                "D-10",
                "base64-skipped",
                "base64 that is not canonical, for a KEK that the reader does not accept",
                document("[" + recipient(KEK_A, base64) + "," + recipient("x", "QQ") + "]"));
    }

    private void kinds() {
        format(
                "D-11",
                "public",
                "a public document for a keyset document",
                Documents.publicDocument(TestKey.HPKE_X25519));
        format(
                "D-11",
                "both",
                "a document that is both",
                good.replace("{\"podseal\"", "{\"publicKeyset\":{},\"podseal\""));
    }

    private void contexts() {
        JsonElement web = file.shared("keyset of web", Documents.of(WEB, keys, KEK_A));
        draft("D-12", CONTEXT_MISMATCH, "other-account", "another account's document, and no other", web)
                .beforeTheKmsIsAsked();
        draft(
                        "D-12",
                        CONTEXT_MISMATCH,
                        "other-trust-domain",
                        "the same account of another trust domain",
                        text(Documents.of(API.replace("cluster.local", "prod.example"), keys, KEK_A)))
                .beforeTheKmsIsAsked();
        draft(
                        "D-12",
                        CONTEXT_MISMATCH,
                        "other-namespace",
                        "the same account's name in another namespace",
                        text(Documents.of(API.replace("payments", "billing"), keys, KEK_A)))
                .beforeTheKmsIsAsked();
        draft(
                        "D-12",
                        CONTEXT_MISMATCH,
                        "other-account-other-kek",
                        "an identity decides before KEKs do",
                        text(Documents.of(WEB, keys, KEK_B)))
                .beforeTheKmsIsAsked();
        draft(
                "D-13",
                AUTHENTICATION,
                "edited-identity",
                "another account's document with its identity edited to fit",
                text(Documents.of(WEB, keys, KEK_A).replace(WEB, API)));
        draft(
                "D-13",
                AUTHENTICATION,
                "edited-trust-domain",
                "another cluster's document with its trust domain edited to fit",
                text(Documents.of(API.replace("cluster.local", "prod.example"), keys, KEK_A)
                        .replace("prod.example", "cluster.local")));
        draft(
                "D-13",
                AUTHENTICATION,
                "no-associated-data",
                "a keyset that was wrapped without associated data",
                text(good.replace(
                        base64,
                        Base64.getEncoder()
                                .encodeToString(Hpke.join(
                                        Sealing.prefix(VectorKms.keyId(KEK_A)),
                                        Sealing.aesGcm(VectorKms.key(KEK_A), new byte[0], keys))))));
    }

    private void unaccepted() {
        String other = Documents.of(API, keys, KEK_B);
        draft("D-14", KEYSET_POLICY, "kek-not-accepted", "no recipient has a KEK that the reader accepts", text(other))
                .beforeTheKmsIsAsked();
        draft(
                        "D-14",
                        KEYSET_POLICY,
                        "kek-not-accepted-second",
                        "one such document refuses all, before any KMS is asked",
                        file.shared("keyset aes256-gcm", good),
                        text(other))
                .beforeTheKmsIsAsked();
        draft(
                        "D-14",
                        KEYSET_POLICY,
                        "kek-almost",
                        "KEKs are compared as bytes: neither prefix nor case will do",
                        text(Documents.of(
                                API,
                                keys,
                                KEK_A + "/",
                                KEK_A.replace("/a", "/A"),
                                "LOCAL-KMS:/podseal/test-vectors/a")))
                .beforeTheKmsIsAsked();
        draft("D-14", KEYSET_POLICY, "no-kek-accepted", "a reader that accepts no KEK at all", text(good))
                .reader(API)
                .beforeTheKmsIsAsked();
        for (String uri : List.of(
                "http://127.0.0.1:9/",
                "file:///etc/passwd",
                "aws-kms://arn:aws:kms:eu-west-1:111122223333:alias/podseal",
                "hcvault://169.254.169.254/transit/keys/a",
                "jar:file:/x.jar!/K")) {
            draft(
                            "D-14",
                            KEYSET_POLICY,
                            "kek-hostile-" + uri.substring(0, uri.indexOf(':')),
                            "a document cannot choose an endpoint, a file or a class",
                            text(Documents.print(API, List.of(recipient(uri, base64)))))
                    .beforeTheKmsIsAsked();
        }
    }

    private void altered() {
        byte[] wrapped = Documents.wrap(KEK_A, API, keys);
        for (int[] at : new int[][] {{0}, {4}, {5}, {20}, {wrapped.length - 1}}) {
            byte[] altered = wrapped.clone();
            altered[at[0]] ^= 1;
            draft(
                    "D-15",
                    AUTHENTICATION,
                    "altered-" + at[0],
                    "one bit of byte " + at[0] + " of the wrapped keyset changed",
                    text(good.replace(base64, Base64.getEncoder().encodeToString(altered))));
        }
        draft(
                "D-15",
                AUTHENTICATION,
                "wrapped-empty",
                "nothing where the wrapped keyset should be",
                text(good.replace(base64, "")));
        draft(
                "D-15",
                AUTHENTICATION,
                "wrapped-short",
                "a wrapped keyset of three bytes",
                text(good.replace(base64, "AAAA")));
        draft(
                        "D-15",
                        AUTHENTICATION,
                        "altered-first-recipient",
                        "what was altered for one accepted KEK is not tried under the next",
                        text(Documents.print(
                                API, List.of(recipient(KEK_A, "AAAA"), recipient(KEK_B, wrapped(KEK_B, API, keys))))))
                .reader(API, KEK_A, KEK_B)
                .kmsCalls(1);
        draft(
                "D-15",
                AUTHENTICATION,
                "other-kek",
                "what another KEK wrapped, under this one's name",
                text(good.replace(base64, wrapped(KEK_B, API, keys))));
    }

    private void pins() {
        String fresh = Fingerprints.of(keyset(TestKey.AES128_GCM));
        draft(
                        "D-16",
                        KEYSET_POLICY,
                        "not-pinned",
                        "an older document put back, where the newer keyset is pinned",
                        text(good))
                .texts("pins", fresh);
        draft(
                        "D-16",
                        KEYSET_POLICY,
                        "second-not-pinned",
                        "a forged document beside the pinned one",
                        text(Documents.of(TestKey.AES128_GCM)),
                        text(good))
                .texts("pins", fresh);
        draft(
                        "D-16",
                        KEYSET_POLICY,
                        "azure-without-pin",
                        "a keyset through an RSA KEK, which proves nothing, without a pin",
                        text(Documents.of(API, keys, KEK_AZURE)))
                .reader(API, KEK_AZURE);
        draft(
                        "D-16",
                        KEYSET_POLICY,
                        "azure-other-pin",
                        "a keyset through an RSA KEK, with another one's pin",
                        text(Documents.of(API, keys, KEK_AZURE)))
                .reader(API, KEK_AZURE)
                .texts("pins", fresh);
        draft("D-16", KEYSET_POLICY, "pin-other-case", "fingerprints are compared as bytes", text(good))
                .texts("pins", Fingerprints.of(keyset(KEY)).toLowerCase(Locale.ROOT));
    }
}
