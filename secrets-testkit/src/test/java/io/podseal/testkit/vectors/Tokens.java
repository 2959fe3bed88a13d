// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static io.podseal.testkit.vectors.VectorFile.checked;
import static io.podseal.testkit.vectors.VectorFile.derived;
import static io.podseal.testkit.vectors.VectorFile.hex;
import static io.podseal.testkit.vectors.VectorFile.sealed;
import static io.podseal.testkit.vectors.VectorFile.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.proto.KeyStatusType;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.podseal.keyset.KeyType;

/** Tokens that open. */
final class Tokens {
    static final String ITEM = "podseal:v1:payments/api/db-credentials/password";
    static final String ACCOUNT = "podseal:v1:payments/api";

    private final VectorFile file = new VectorFile();

    static VectorFile file() {
        Tokens tokens = new Tokens();
        for (KeyType type : KeyType.values()) {
            tokens.sizes(TestKey.of(type));
        }
        tokens.largest();
        tokens.scopes();
        tokens.contents();
        tokens.keys();
        return tokens.file;
    }

    private JsonElement document(TestKey... keys) {
        StringBuilder name = new StringBuilder("keyset");
        for (TestKey key : keys) {
            name.append(' ').append(key.name());
        }
        return file.shared(name.toString(), Documents.of(keys));
    }

    private Draft opens(TestKey key, String id, String claim, JsonElement token, JsonElement plaintext) {
        Draft draft = file.draft("token", "token-" + id, claim)
                .with("token", token)
                .reader(Documents.API, Documents.KEK_A)
                .documents(document(key))
                .item("db-credentials", "password")
                .gives("plaintext", plaintext);
        return key.type() == KeyType.HPKE_XWING ? draft.flag("needsXWing") : draft;
    }

    private void sizes(TestKey key) {
        String type = key.name();
        size(key, "empty", "an empty value under " + type + " is a value", hex(""));
        size(key, "one-byte", "one byte, zero, under " + type, hex("00"));
        size(key, "non-ascii", "text beyond ASCII under " + type, text("pässwörd ✓ 🔑"));
        StringBuilder all = new StringBuilder();
        for (int b = 0; b < 256; b++) {
            all.append(String.format("%02x", b));
        }
        size(key, "every-byte", "a value that holds every byte, under " + type, hex(all.toString()));
        size(key, "4096", "4,096 bytes under " + type, derived("plaintext 4096", 4096));
    }

    private void size(TestKey key, String id, String claim, JsonElement plaintext) {
        byte[] bytes = new Inputs(new JsonObject()).bytes(plaintext);
        opens(key, key.name() + "-" + id, claim, text(Sealing.token(key, ITEM, bytes)), plaintext);
    }

    private void largest() {
        JsonElement plaintext = derived("plaintext 716800", 716_800);
        opens(
                TestKey.AES256_GCM,
                "largest",
                "716,800 bytes are the most that a token holds",
                sealed(TestKey.AES256_GCM, ITEM, plaintext),
                checked(derived("plaintext 716800", 716_800)));
    }

    private void scopes() {
        TestKey key = TestKey.AES256_GCM;
        JsonElement value = text("example");
        JsonElement accountBound = text(Sealing.token(key, ACCOUNT, "example"));
        opens(key, "account-bound", "an account-bound token opens in any item of its account", accountBound, value);
        opens(key, "account-bound-anywhere", "an account-bound token needs no Secret's name", accountBound, value)
                .with("place", new JsonObject());
        JsonObject property = new JsonObject();
        property.addProperty("property", "servers.0.api-key");
        opens(
                        key,
                        "inline",
                        "a token in the property servers[0].apiKey is bound to inline/servers.0.api-key",
                        text(Sealing.token(key, ACCOUNT + "/inline/servers.0.api-key", "example")),
                        value)
                .with("place", property);
        place(
                "dots-in-names",
                "a Secret's name has dots, and a key any of its punctuation",
                "db.v2.example",
                "A-b_c.9");
        place("key-leading-dot", "a key may begin with one dot", "registry", ".dockerconfigjson");
        place("key-leading-hyphen", "a key may begin with a hyphen or an underscore", "db-credentials", "-_");
        place("key-inner-dots", "two dots inside a key are two dots", "db-credentials", "a..b");
        place("names-of-one-byte", "names of one byte", "0", "_");
        place("names-longest", "a Secret's name and a key of 253 bytes", "s".repeat(253), "K".repeat(253));

        String identity = "spiffe://cluster.local/ns/" + "n".repeat(63) + "/sa/" + "a".repeat(253);
        String header = "podseal:v1:" + "n".repeat(63) + "/" + "a".repeat(253);
        opens(
                        key,
                        "account-longest",
                        "a namespace of 63 bytes and a ServiceAccount of 253",
                        text(Sealing.token(key, header, "example")),
                        value)
                .reader(identity, Documents.KEK_A)
                .documents(text(Documents.of(identity, Documents.keyset(key).toByteArray(), Documents.KEK_A)))
                .with("place", new JsonObject());
        String elsewhere = "spiffe://prod.example/ns/payments/sa/api";
        opens(
                        key,
                        "trust-domain",
                        "the trust domain does not enter a token: its keyset document alone carries it",
                        text(Sealing.token(key, ITEM, "example")),
                        value)
                .reader(elsewhere, Documents.KEK_A)
                .documents(text(Documents.of(elsewhere, Documents.keyset(key).toByteArray(), Documents.KEK_A)));
    }

    private void place(String id, String claim, String secret, String item) {
        TestKey key = TestKey.AES256_GCM;
        opens(key, id, claim, text(Sealing.token(key, ACCOUNT + "/" + secret + "/" + item, "example")), text("example"))
                .item(secret, item);
    }

    private void contents() {
        TestKey key = TestKey.AES256_GCM;
        for (String[] content : new String[][] {
            {"like-a-token", "a value that looks like a token is delivered as it is", ITEM + ":AUpK"},
            {"placeholders", "nothing in a value is interpreted", "${HOME} #{T(java.lang.System)} {{ x }} %s $(id)"},
            {"line-ends", "line ends and NUL belong to the value", "\r\n\u0000\n"},
            {"byte-order-mark", "a byte order mark belongs to the value", "\ufeffx"},
        }) {
            opens(
                            key,
                            content[0],
                            content[1],
                            text(Sealing.token(key, ITEM, content[2].getBytes(UTF_8))),
                            text(content[2]))
                    .flag("asText");
        }
        opens(
                key,
                "not-text",
                "bytes that are not UTF-8 are a value like any other, read as bytes",
                text(Sealing.token(key, ITEM, new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0xc0})),
                hex("fffec0"));
    }

    private void keys() {
        TestKey behind = new TestKey("aes256-gcm-second", KeyType.AES256_GCM, 2);
        opens(
                        behind,
                        "under-another-key",
                        "a token under an enabled key that is not the primary opens",
                        text(Sealing.token(behind, ITEM, "example")),
                        text("example"))
                .documents(document(TestKey.AES256_GCM, behind));
        opens(
                        behind,
                        "under-another-document",
                        "a token opens under a key of any of the documents, of any type",
                        text(Sealing.token(behind, ITEM, "example")),
                        text("example"))
                .documents(document(TestKey.HPKE_X25519), document(behind));
        opens(
                        behind,
                        "disabled-beside-it",
                        "a disabled key in a keyset does not hinder the others",
                        text(Sealing.token(behind, ITEM, "example")),
                        text("example"))
                .documents(text(Documents.of(
                        Documents.API,
                        Documents.keyset(
                                        behind.proto(),
                                        TestKey.AES256_GCM.proto().toBuilder()
                                                .setStatus(KeyStatusType.DISABLED)
                                                .build())
                                .toByteArray(),
                        Documents.KEK_A)));
        opens(
                        TestKey.AES256_GCM,
                        "symmetric-only",
                        "a token under a symmetric key opens where only those are accepted, an HPKE key beside it or not",
                        text(Sealing.token(TestKey.AES256_GCM, ITEM, "example")),
                        text("example"))
                .documents(document(TestKey.HPKE_X25519), document(TestKey.AES256_GCM))
                .with("symmetricOnly", new JsonPrimitive(true));
        opens(
                        TestKey.HPKE_X25519,
                        "item-bound-required",
                        "an item-bound token opens where item-bound ones are required",
                        text(Sealing.token(TestKey.HPKE_X25519, ITEM, "example")),
                        text("example"))
                .with("requireItemBound", new JsonPrimitive(true));
    }
}
