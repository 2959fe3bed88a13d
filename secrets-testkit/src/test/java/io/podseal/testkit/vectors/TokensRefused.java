// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.UNKNOWN_KEY;
import static io.podseal.ErrorCode.VERSION;
import static io.podseal.testkit.vectors.Tokens.ACCOUNT;
import static io.podseal.testkit.vectors.Tokens.ITEM;
import static io.podseal.testkit.vectors.VectorFile.base64;
import static io.podseal.testkit.vectors.VectorFile.checked;
import static io.podseal.testkit.vectors.VectorFile.derived;
import static io.podseal.testkit.vectors.VectorFile.joined;
import static io.podseal.testkit.vectors.VectorFile.repeated;
import static io.podseal.testkit.vectors.VectorFile.sealed;
import static io.podseal.testkit.vectors.VectorFile.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.proto.KeyStatusType;
import com.google.crypto.tink.proto.Keyset;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.podseal.keyset.KeyType;
import java.util.Arrays;
import java.util.Base64;

/** Tokens that are refused; wherever that can be, a reader that checks less would open them. */
final class TokensRefused {
    private static final int MAX_TOKEN_BYTES = 958_976;
    private static final TestKey KEY = TestKey.AES256_GCM;

    private final VectorFile file = new VectorFile();
    private final JsonElement keyset = file.shared("keyset aes256-gcm", Documents.of(KEY));
    private final String good = Sealing.token(KEY, ITEM, "example");
    private final String payload = good.substring(ITEM.length() + 1);

    static VectorFile file() {
        TokensRefused tokens = new TokensRefused();
        tokens.beginnings();
        tokens.versions();
        tokens.scopes();
        tokens.keys();
        tokens.alphabet();
        tokens.sizes();
        tokens.contexts();
        tokens.editedScopes();
        tokens.unknownKeys();
        tokens.alteredPayloads();
        tokens.limitsOfTypes();
        tokens.readers();
        return tokens.file;
    }

    private Draft token(String id, String claim, JsonElement token) {
        return file.draft("token", "token-refused-" + id, claim)
                .with("token", token)
                .reader(Documents.API, Documents.KEK_A)
                .documents(keyset)
                .item("db-credentials", "password");
    }

    private Draft token(String id, String claim, String token) {
        return token(id, claim, text(token));
    }

    private void format(String line, String id, String claim, String token) {
        token(id, claim, token).refused(line, FORMAT);
    }

    private void beginnings() {
        format("T-01", "empty", "nothing is no token", "");
        format("T-01", "white-space", "white space is no token", " \n");
        format("T-01", "plaintext", "a plain value is never taken for one", "correct horse battery staple");
        format("T-01", "prefix-only", "the prefix alone is no token", "podseal:v1");
        format("T-01", "other-prefix", "another prefix", "podsealed:v1:payments/api:" + payload);
        format("T-01", "upper-case-prefix", "the prefix in upper case", good.replace("podseal", "PODSEAL"));
        format("T-01", "payload-only", "a payload without a header", payload);
        format("T-02", "byte-order-mark", "a byte order mark before the token", "\ufeff" + good);
        format("T-02", "zero-width-before", "a zero-width space before the token", "\u200b" + good);
        format("T-02", "nul-before", "NUL before the token", "\u0000" + good);
        format("T-02", "quote-before", "a quote before the token", "\"" + good + "\"");
        format("T-02", "space-before", "a space before the token", " " + good);
        format("T-02", "line-end-before", "a line end before the token", "\n" + good);
        format("T-03", "version-leading-zero", "a version with a leading zero", version("v01"));
        format("T-03", "version-double-zero", "00 is not the number 0", version("v00"));
        format("T-03", "version-absent", "no version number", version("v"));
        format("T-03", "version-upper-case", "an upper-case V", version("V1"));
        format("T-03", "version-point", "a version with a point", version("v1.0"));
        format("T-03", "version-signed", "a version with a sign", version("v+1"));
        format("T-03", "version-negative", "a negative version", version("v-1"));
        format("T-03", "version-arabic-digit", "a digit that is not ASCII", version("v\u0661"));
        format("T-03", "version-full-width-digit", "a full-width digit", version("v\uff11"));
        format("T-03", "version-spaced", "a space behind the version", version("v1 "));
        format(
                "T-04",
                "double-base64",
                "a token that was encoded once more, as in a Secret's data",
                Base64.getEncoder().encodeToString(good.getBytes(UTF_8)));
    }

    private String version(String version) {
        return Sealing.token(KEY, ITEM.replace("v1", version), "example");
    }

    private void versions() {
        for (String[] version : new String[][] {
            {"0", "0"}, {"2", "2"}, {"10", "10"}, {"beyond-64-bits", "18446744073709551617"}, {"11", "11"}
        }) {
            token("version-" + version[0], "version " + version[1], version("v" + version[1]))
                    .refused("T-05", VERSION);
        }
        token(
                        "version-2-garbage",
                        "another version decides before anything behind it is looked at",
                        "podseal:v2:\u0000%")
                .refused("T-05", VERSION);
    }

    private void scope(String line, String id, String claim, String scope) {
        format(line, id, claim, Sealing.token(KEY, "podseal:v1:" + scope, "example"));
    }

    private void scopes() {
        scope("T-06", "one-part", "a scope of one part", "payments");
        scope("T-06", "three-parts", "a scope of three parts", "payments/api/db-credentials");
        scope("T-06", "five-parts", "a scope of five parts", "payments/api/db-credentials/password/x");
        scope("T-06", "trailing-slash", "a slash at the scope's end", "payments/api/");
        scope("T-06", "leading-slash", "a slash at the scope's beginning", "/payments/api");
        scope("T-06", "empty-scope", "an empty scope", "");
        scope("T-06", "empty-namespace", "an empty namespace", "/api/db-credentials/password");
        scope("T-06", "empty-account", "an empty ServiceAccount", "payments//db-credentials/password");
        scope("T-06", "empty-secret", "an empty Secret's name", "payments/api//password");
        scope("T-06", "empty-key", "an empty key", "payments/api/db-credentials/");
        scope("T-06", "namespace-upper-case", "a namespace in upper case", "Payments/api/db-credentials/password");
        scope("T-06", "namespace-dot", "a dot in a namespace", "pay.ments/api/db-credentials/password");
        scope("T-06", "namespace-underscore", "an underscore in a namespace", "pay_ments/api/db-credentials/password");
        scope("T-06", "namespace-hyphen-first", "a namespace that begins with a hyphen", "-payments/api");
        scope("T-06", "namespace-hyphen-last", "a namespace that ends with a hyphen", "payments-/api");
        scope("T-06", "namespace-64", "a namespace of 64 bytes", "n".repeat(64) + "/api");
        scope("T-06", "account-upper-case", "a ServiceAccount in upper case", "payments/Api/db-credentials/password");
        scope("T-06", "account-254", "a ServiceAccount of 254 bytes", "payments/" + "a".repeat(254));
        scope("T-06", "account-empty-label", "an empty label in a ServiceAccount", "payments/a..b");
        scope("T-06", "account-dot-first", "a ServiceAccount that begins with a dot", "payments/.api");
        scope("T-06", "account-hyphen-in-label", "a label that ends with a hyphen", "payments/a-.b");
        scope("T-06", "account-hyphen-begins-label", "a label that begins with a hyphen", "payments/a.-b");
        scope("T-06", "secret-254", "a Secret's name of 254 bytes", "payments/api/" + "s".repeat(254) + "/password");
        scope("T-06", "secret-underscore", "an underscore in a Secret's name", "payments/api/db_credentials/password");
        scope("T-06", "secret-dot-last", "a Secret's name that ends with a dot", "payments/api/db./password");
        scope("T-06", "key-254", "a key of 254 bytes", "payments/api/db-credentials/" + "k".repeat(254));
        format("T-06", "no-payload-colon", "a header without the colon behind it", ITEM);
    }

    private void keys() {
        for (String[] key : new String[][] {
            {"dot", "the key .", "."},
            {"dot-dot", "the key ..", ".."},
            {"dot-dot-data", "a key that begins with ..", "..data"},
            {"dot-dot-dot", "three dots begin with two", "..."},
            {"percent", "a percent sign in a key", "pass%77ord"},
            {"backslash", "a backslash in a key", "pass\\word"},
            {"space", "a space in a key", "pass word"},
            {"look-alike", "a Cyrillic letter that looks Latin", "p\u0430ssword"},
            {"combining", "a letter with a combining accent", "passwo\u0301rd"},
            {"zero-width", "a zero-width joiner in a key", "pass\u200dword"},
            {"nul", "NUL in a key", "password\u0000"},
            {"plus", "a plus sign in a key", "pass+word"},
            {"at", "an at sign in a key", "pass@word"},
        }) {
            scope("T-07", "key-" + key[0], key[1], "payments/api/db-credentials/" + key[2]);
        }
        scope("T-07", "namespace-look-alike", "a look-alike letter in a namespace", "p\u0430yments/api");
        scope("T-07", "backslash-for-slash", "a backslash in the place of a slash", "payments\\api");
    }

    private void alphabet() {
        byte[] bytes = Sealing.payload(KEY, ITEM, "example".getBytes(UTF_8));
        // An IV is free: it is chosen so that the standard alphabet differs.
        byte[] iv = new byte[12];
        Arrays.fill(iv, (byte) 0xff);
        byte[] withSlashes = Hpke.join(
                Sealing.prefix(KEY.id()),
                iv,
                AesGcm.encrypt(KEY.material(32), iv, "example".getBytes(UTF_8), ITEM.getBytes(UTF_8)));
        format(
                "T-08",
                "standard-alphabet",
                "a payload in the standard alphabet",
                ITEM + ":" + Base64.getEncoder().withoutPadding().encodeToString(withSlashes));
        Arrays.fill(iv, (byte) 0xfb);
        byte[] withPlus = Hpke.join(
                Sealing.prefix(KEY.id()),
                iv,
                AesGcm.encrypt(KEY.material(32), iv, "example".getBytes(UTF_8), ITEM.getBytes(UTF_8)));
        format(
                "T-08",
                "plus",
                "a plus sign in the payload",
                ITEM + ":" + Sealing.encode(withPlus).replace('-', '+'));
        format(
                "T-08",
                "padding",
                "a padded payload",
                ITEM + ":" + Base64.getUrlEncoder().encodeToString(bytes));
        format("T-08", "padding-too-much", "more padding than any base64 has", good + "====");
        format("T-08", "space-inside", "a space in the payload", middle(" "));
        format("T-08", "line-end-inside", "a line end in the payload", middle("\n"));
        format("T-08", "nul-inside", "NUL in the payload", middle("\u0000"));
        format("T-08", "zero-width-inside", "a zero-width space in the payload", middle("\u200b"));
        format("T-08", "non-ascii-inside", "a letter beyond ASCII in the payload", middle("é"));
        format("T-08", "colon-inside", "a colon in the payload", middle(":"));
        format("T-08", "line-end-after", "a line end behind the payload, which only carriers strip", good + "\n");
        format("T-08", "crlf-after", "CRLF behind the payload, which only carriers strip", good + "\r\n");
        format("T-08", "space-after", "a space behind the payload", good + " ");
        format("T-08", "nul-after", "NUL behind the payload", good + "\u0000");
        format("T-08", "joined-lines", "two tokens, one to a line", good + "\n" + good);
        format("T-08", "joined", "two tokens without anything between", good + good);
        token(
                        "not-utf-8",
                        "a byte beyond ASCII that is no UTF-8",
                        joined(text(ITEM + ":"), base64(new byte[] {(byte) 0xff}), text(payload)))
                .refused("T-08", FORMAT);
        byte[] rest1 = Sealing.payload(KEY, ITEM, "example".getBytes(UTF_8));
        format("T-09", "stray-bits-4", "four stray bits in the last character", stray(rest1));
        byte[] rest2 = Sealing.payload(KEY, ITEM, "examples".getBytes(UTF_8));
        format("T-09", "stray-bits-2", "two stray bits in the last character", stray(rest2));
        format("T-09", "length-1-mod-4", "a length that base64 cannot have", oneCharacterMore());
        bytes[0] = 0;
        format("T-09", "prefix-0", "the prefix 0x00 of Tink's older kinds", ITEM + ":" + Sealing.encode(bytes));
        bytes[0] = 2;
        format("T-09", "prefix-2", "a first byte that is no prefix of Tink's", ITEM + ":" + Sealing.encode(bytes));
        bytes[0] = 1;
        format(
                "T-09",
                "raw",
                "a ciphertext without a prefix",
                ITEM + ":" + Sealing.encode(Hpke.join(new byte[1], Arrays.copyOfRange(bytes, 5, bytes.length))));
    }

    private String middle(String inserted) {
        int middle = ITEM.length() + 1 + payload.length() / 2;
        return good.substring(0, middle) + inserted + good.substring(middle);
    }

    /** The same bytes with the lowest bit of the last character set, which decodes to nothing. */
    private static String stray(byte[] bytes) {
        String text = Sealing.encode(bytes);
        if (text.length() % 4 == 0) {
            throw new IllegalStateException("no bits are left over");
        }
        char last = text.charAt(text.length() - 1);
        return ITEM + ":" + text.substring(0, text.length() - 1) + (char) (last + 1);
    }

    private static String oneCharacterMore() {
        String whole = Sealing.token(KEY, ITEM, "exampless");
        if ((whole.length() - ITEM.length() - 1) % 4 != 0) {
            throw new IllegalStateException("one character more must be one too many");
        }
        return whole + "A";
    }

    private void sizes() {
        token("no-payload", "no payload", ITEM + ":").refused("T-10", SIZE);
        token("payload-1", "a payload of one byte", ITEM + ":AQ").refused("T-10", SIZE);
        token("payload-5", "a payload of nothing but the prefix", ITEM + ":" + Sealing.encode(Sealing.prefix(KEY.id())))
                .refused("T-10", SIZE);
        byte[] empty = Sealing.payload(KEY, ITEM, new byte[0]);
        token("payload-32", "a payload of 32 bytes", ITEM + ":" + Sealing.encode(Arrays.copyOf(empty, 32)))
                .refused("T-10", SIZE);
        token(
                        "payload-32-elsewhere",
                        "a payload that is too short decides before a place that is wrong",
                        ACCOUNT + "/db-credentials/other:" + Sealing.encode(Arrays.copyOf(empty, 32)))
                .refused("T-10", SIZE);
        token("longest-plus-1", "958,977 bytes of anything", checked(repeated("A", MAX_TOKEN_BYTES + 1)))
                .refused("T-11", SIZE);
        token(
                        "longest-plus-1-token",
                        "a token of 958,977 bytes",
                        checked(joined(text(ITEM + ":AQ"), repeated("A", MAX_TOKEN_BYTES + 1 - ITEM.length() - 3))))
                .refused("T-11", SIZE);
        token("longest-no-token", "958,976 bytes that are no token", checked(repeated("A", MAX_TOKEN_BYTES)))
                .refused("T-01", FORMAT);
        token(
                        "longest-two-byte-characters",
                        "the limit counts bytes, not characters",
                        checked(repeated("é", MAX_TOKEN_BYTES / 2 + 1)))
                .refused("T-11", SIZE);
    }

    private void mismatch(String id, String claim, String scope) {
        token(id, claim, Sealing.token(KEY, "podseal:v1:" + scope, "example")).refused("T-12", CONTEXT_MISMATCH);
    }

    private void contexts() {
        mismatch("other-account", "another account's token", "payments/web/db-credentials/password");
        mismatch("other-account-bound", "another account's account-bound token", "payments/web");
        mismatch(
                "other-namespace",
                "the same account's name in another namespace",
                "billing/api/db-credentials/password");
        mismatch("other-secret", "a token of another Secret", "payments/api/db/password");
        mismatch("other-item", "a token of another item", "payments/api/db-credentials/username");
        mismatch("other-case", "keys are compared as bytes", "payments/api/db-credentials/Password");
        mismatch("longer-item", "a key that only begins like the item's", "payments/api/db-credentials/password2");
        mismatch("inline-in-item", "a token of a property in an item", "payments/api/inline/password");
        token("item-nowhere", "an item-bound token where no Secret's name is known", good)
                .with("place", new JsonObject())
                .refused("T-12", CONTEXT_MISMATCH);
        JsonObject property = new JsonObject();
        property.addProperty("property", "password");
        token("item-in-property", "a token of an item in a property", good)
                .with("place", property)
                .refused("T-12", CONTEXT_MISMATCH);
        token(
                        "account-bound-refused",
                        "an account-bound token where item-bound ones are required",
                        Sealing.token(KEY, ACCOUNT, "example"))
                .flag("requireItemBound")
                .refused("T-12", CONTEXT_MISMATCH);
        token(
                        "elsewhere-unknown-key",
                        "a wrong place decides before an unknown key",
                        Sealing.token(
                                new TestKey("stranger", KeyType.AES256_GCM, 99), ACCOUNT + "/db/password", "example"))
                .refused("T-12", CONTEXT_MISMATCH);
    }

    private void edited(String id, String claim, String from, String to) {
        token(id, claim, to + Sealing.token(KEY, from, "example").substring(from.length()))
                .refused("T-13", AUTHENTICATION);
    }

    private void editedScopes() {
        edited("edited-secret", "the Secret's name edited to fit", ACCOUNT + "/db/password", ITEM);
        edited("edited-item", "the key edited to fit", ACCOUNT + "/db-credentials/username", ITEM);
        edited("edited-to-account", "an item-bound token edited to account-bound", ITEM, ACCOUNT);
        edited("edited-to-item", "an account-bound token edited to item-bound", ACCOUNT, ITEM);
        edited(
                "edited-account",
                "the account edited to fit, where both accounts have the same key",
                "podseal:v1:payments/web/db-credentials/password",
                ITEM);
        edited(
                "edited-namespace",
                "the namespace edited to fit, where both have the same key",
                "podseal:v1:billing/api/db-credentials/password",
                ITEM);
        String other = ACCOUNT + "/db/password";
        TestKey hpke = TestKey.HPKE_X25519;
        token(
                        "edited-hpke",
                        "the scope is HPKE's context info: edited, nothing opens",
                        ITEM + Sealing.token(hpke, other, "example").substring(other.length()))
                .documents(file.shared("keyset hpke-x25519", Documents.of(hpke)))
                .refused("T-13", AUTHENTICATION);
    }

    private void unknownKeys() {
        TestKey stranger = new TestKey("stranger", KeyType.AES256_GCM, 99);
        token("unknown-key", "a key that no trusted keyset has", Sealing.token(stranger, ITEM, "example"))
                .refused("T-14", UNKNOWN_KEY);
        String other = "podseal:v1:payments/web/db-credentials/password";
        token(
                        "unknown-key-edited",
                        "another workload's token, its account edited to fit",
                        ITEM + Sealing.token(stranger, other, "example").substring(other.length()))
                .refused("T-14", UNKNOWN_KEY);
        Keyset.Key disabled =
                KEY.proto().toBuilder().setStatus(KeyStatusType.DISABLED).build();
        TestKey second = new TestKey("aes256-gcm-second", KeyType.AES256_GCM, 2);
        JsonElement withDisabled = file.shared(
                "keyset with aes256-gcm disabled",
                Documents.of(
                        Documents.API,
                        Documents.keyset(second.proto(), disabled).toByteArray(),
                        Documents.KEK_A));
        token("disabled-key", "a key that is disabled", good)
                .documents(withDisabled)
                .refused("T-14", UNKNOWN_KEY);
        token("disabled-in-one", "a key that one document disables is disabled", good)
                .documents(keyset, withDisabled)
                .refused("T-14", UNKNOWN_KEY);
        token("disabled-in-the-other", "whichever document comes first", good)
                .documents(withDisabled, keyset)
                .refused("T-14", UNKNOWN_KEY);
        byte[] tooShort = Hpke.join(Sealing.prefix(99), new byte[28]);
        token(
                        "unknown-key-short",
                        "an unknown key decides before sizes that only its type would know",
                        ITEM + ":" + Sealing.encode(tooShort))
                .refused("T-14", UNKNOWN_KEY);
    }

    private void alteredPayloads() {
        for (KeyType type : KeyType.values()) {
            TestKey key = TestKey.of(type);
            JsonElement document = file.shared("keyset " + key.name(), Documents.of(key));
            byte[] bytes = Sealing.payload(key, ITEM, "example".getBytes(UTF_8));
            altered(key, document, "first", "the first byte behind the key id", bytes, 5);
            altered(key, document, "ciphertext", "the ciphertext", bytes, type.minPayloadBytes() - tag(type) + 2);
            altered(key, document, "tag", "the last bit of the tag", bytes, bytes.length - 1);
        }
        byte[] bytes = Sealing.payload(KEY, ITEM, "example".getBytes(UTF_8));
        token("truncated", "a payload without its last byte", ITEM + ":" + Sealing.encode(Arrays.copyOf(bytes, 39)))
                .refused("T-15", AUTHENTICATION);
        token("extended", "a payload with one byte more", ITEM + ":" + Sealing.encode(Arrays.copyOf(bytes, 41)))
                .refused("T-15", AUTHENTICATION);
        TestKey second = new TestKey("aes256-gcm-second", KeyType.AES256_GCM, 2);
        token(
                        "other-trusted-key",
                        "the id of another trusted key of the same type",
                        ITEM + ":"
                                + Sealing.encode(Hpke.join(
                                        Sealing.prefix(second.id()), Arrays.copyOfRange(bytes, 5, bytes.length))))
                .documents(file.shared("keyset of two", Documents.of(KEY, second)))
                .refused("T-15", AUTHENTICATION);
        token(
                        "joined-payloads",
                        "two payloads joined, without padding between",
                        ITEM + ":" + Sealing.encode(Hpke.join(bytes, bytes)))
                .refused("T-15", AUTHENTICATION);
    }

    private static int tag(KeyType type) {
        return type == KeyType.AES256_CTR_HMAC ? 32 : 16;
    }

    private void altered(TestKey key, JsonElement document, String id, String what, byte[] bytes, int at) {
        byte[] altered = bytes.clone();
        altered[at] ^= 1;
        Draft draft = token(
                        "altered-" + key.name() + "-" + id,
                        "one bit of " + what + " changed, under " + key.name(),
                        ITEM + ":" + Sealing.encode(altered))
                .documents(document)
                .refused("T-15", AUTHENTICATION);
        if (key.type() == KeyType.HPKE_XWING) {
            draft.flag("needsXWing");
        }
    }

    private void limitsOfTypes() {
        for (KeyType type : KeyType.values()) {
            TestKey key = TestKey.of(type);
            if (type.minPayloadBytes() > 33) {
                byte[] empty = Sealing.payload(key, ITEM, new byte[0]);
                Draft draft = token(
                                "short-" + key.name(),
                                "one byte less than " + key.name() + " makes of an empty value",
                                ITEM + ":" + Sealing.encode(Arrays.copyOf(empty, type.minPayloadBytes() - 1)))
                        .documents(file.shared("keyset " + key.name(), Documents.of(key)))
                        .refused("T-16", SIZE);
                if (type == KeyType.HPKE_XWING) {
                    draft.flag("needsXWing");
                }
            }
        }
        token(
                        "716801",
                        "a value of 716,801 bytes, though its token is short enough",
                        sealed(KEY, ITEM, derived("plaintext 716801", 716_801)))
                .refused("T-16", SIZE);
        JsonElement longX25519 = checked(joined(
                text(ITEM + ":"),
                VectorFile.object(
                        "base64url",
                        joined(
                                VectorFile.hex(Sealing.prefix(TestKey.HPKE_X25519.id())),
                                derived("payload of 716801", 716_801 + 48)))));
        token("716801-hpke", "a payload 716,801 bytes above the smallest of hpke-x25519", longX25519)
                .documents(file.shared("keyset hpke-x25519", Documents.of(TestKey.HPKE_X25519)))
                .refused("T-16", SIZE);
    }

    private void readers() {
        TestKey hpke = TestKey.HPKE_X25519;
        JsonElement document = file.shared("keyset hpke-x25519", Documents.of(hpke));
        token(
                        "public-key-seal",
                        "a value sealed with a public key, where only symmetric keys are accepted",
                        Sealing.token(hpke, ITEM, "example"))
                .documents(document)
                .flag("symmetricOnly")
                .refused("T-17", KEYSET_POLICY);
        token(
                        "public-key-seal-altered",
                        "the kind of key decides before decryption",
                        Sealing.token(hpke, ACCOUNT, "example").replace(ACCOUNT, ITEM))
                .documents(document)
                .flag("symmetricOnly")
                .refused("T-17", KEYSET_POLICY);
        for (String[] bytes : new String[][] {
            {"lone-byte", "a byte that UTF-8 never has", "\u00ff"},
            {"overlong", "an overlong form of NUL", "\u00c0\u0080"},
            {"surrogate", "half a surrogate pair, encoded", "\u00ed\u00a0\u0080"},
            {"cut", "a character cut in the middle", "x\u00e2\u009c"},
            {"beyond", "a code point beyond U+10FFFF", "\u00f4\u0090\u0080\u0080"},
        }) {
            token(
                            "text-" + bytes[0],
                            bytes[1] + ", in a value that is asked for as text",
                            Sealing.token(KEY, ITEM, bytes[2].getBytes(ISO_8859_1)))
                    .flag("asText")
                    .refused("T-18", FORMAT);
        }
    }
}
