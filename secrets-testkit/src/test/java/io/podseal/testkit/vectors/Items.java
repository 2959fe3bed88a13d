// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.SOURCE_MISSING;
import static io.podseal.ErrorCode.UNKNOWN_KEY;
import static io.podseal.testkit.vectors.Tokens.ACCOUNT;
import static io.podseal.testkit.vectors.VectorFile.text;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.podseal.keyset.KeyType;

/** What a carrier delivers as a whole. */
final class Items {
    private static final TestKey KEY = TestKey.AES256_GCM;
    private static final TestKey STRANGER = new TestKey("stranger", KeyType.AES256_GCM, 99);
    private static final String DOCUMENT = "api.keyset.json";

    private final VectorFile file = new VectorFile();
    private final JsonElement keyset = file.shared("keyset aes256-gcm", Documents.of(KEY));

    static VectorFile file() {
        Items items = new Items();
        items.good();
        items.refused();
        return items.file;
    }

    private final class Delivery {
        private final Draft draft;
        private final JsonObject items = new JsonObject();
        private final JsonObject values = new JsonObject();

        Delivery(String id, String claim) {
            draft = file.draft("items", "items-" + id, claim)
                    .with("secret", "db-credentials")
                    .with("items", items)
                    .reader(Documents.API, Documents.KEK_A);
        }

        Delivery with(String name, JsonElement content) {
            items.add(name, content);
            return this;
        }

        Delivery keyset() {
            return with(DOCUMENT, keyset);
        }

        Delivery token(String name, String end) {
            values.addProperty(name, "value of " + name);
            return with(name, text(sealed(KEY, name, name) + end));
        }

        Draft opens() {
            return draft.gives("values", values);
        }
    }

    private static String sealed(TestKey key, String sealedFor, String name) {
        return Sealing.token(key, ACCOUNT + "/db-credentials/" + sealedFor, "value of " + name);
    }

    private Delivery delivery(String id, String claim) {
        return new Delivery(id, claim);
    }

    private void good() {
        delivery("several", "all items open together, with one call of the KMS")
                .keyset()
                .token("password", "")
                .token("username", "")
                .token("Z", "")
                .opens()
                .kmsCalls(1);
        delivery("line-feed", "one LF behind a token is the carrier's to strip")
                .keyset()
                .token("password", "\n")
                .opens();
        delivery("carriage-return", "one CRLF behind a token is the carrier's to strip")
                .keyset()
                .token("password", "\r\n")
                .opens();
        delivery("no-values", "where nothing is sealed no KMS is asked")
                .keyset()
                .opens()
                .beforeTheKmsIsAsked();
        delivery("document-twice", "byte-identical documents count once")
                .keyset()
                .with("again.keyset.json", keyset)
                .token("password", "")
                .opens()
                .kmsCalls(1);
        delivery("document-of-another", "a document of another identity is skipped")
                .keyset()
                .with(
                        "web.keyset.json",
                        text(Documents.of(
                                Documents.WEB, Documents.keyset(STRANGER).toByteArray(), Documents.KEK_A)))
                .token("password", "")
                .opens()
                .kmsCalls(1);
        Delivery nowhere = delivery("no-secret", "account-bound tokens need no Secret's name")
                .keyset()
                .with("password", text(Sealing.token(KEY, ACCOUNT, "value of password")));
        nowhere.values.addProperty("password", "value of password");
        nowhere.opens().without("secret");
    }

    private void refused() {
        delivery("one-bad", "one value that does not open refuses them all")
                .keyset()
                .token("password", "")
                .with("username", text(sealed(KEY, "username", "username") + "AAAA"))
                .draft
                .refused("I-01", AUTHENTICATION);
        delivery("lowest-name", "the lowest name in byte order gives the code: upper case comes first")
                .keyset()
                .with("Zulu", text(sealed(STRANGER, "Zulu", "Zulu")))
                .with("alpha", text(sealed(KEY, "alpha", "alpha") + "AAAA"))
                .draft
                .refused("I-02", UNKNOWN_KEY);
        delivery("lowest-name-format", "so it is among the checks before any key is used")
                .keyset()
                .with("a", text(sealed(KEY, "b", "a")))
                .with("b", text("plain"))
                .draft
                .refused("I-02", CONTEXT_MISMATCH)
                .beforeTheKmsIsAsked();
        delivery("format-decides-first", "checks 1 to 6 of all items come before any key is used")
                .keyset()
                .with("a", text(sealed(STRANGER, "a", "a")))
                .with("b", text("plain"))
                .draft
                .refused("I-03", FORMAT)
                .beforeTheKmsIsAsked();
        delivery("place-decides-first", "so does an item that stands in the wrong place")
                .keyset()
                .with("a", text(sealed(KEY, "a", "a") + "AAAA"))
                .with("b", text(sealed(KEY, "c", "b")))
                .draft
                .refused("I-03", CONTEXT_MISMATCH)
                .beforeTheKmsIsAsked();
        delivery("value-before-document", "and before a keyset document is looked at")
                .with(DOCUMENT, text("{}"))
                .with("a", text(sealed(KEY, "b", "a")))
                .draft
                .refused("I-03", CONTEXT_MISMATCH)
                .beforeTheKmsIsAsked();
        for (String[] end : new String[][] {
            {"two-line-feeds", "two LF", "\n\n"},
            {"carriage-return-alone", "a CR without LF", "\r"},
            {"space", "a space", " "},
            {"reversed", "LF and CR in the wrong order", "\n\r"}
        }) {
            delivery("end-" + end[0], end[1] + " behind a token: one LF or CRLF is stripped, no more")
                    .keyset()
                    .token("password", end[2])
                    .draft
                    .refused("I-04", FORMAT)
                    .beforeTheKmsIsAsked();
        }
        delivery("no-document", "tokens without any keyset document")
                .token("password", "")
                .draft
                .refused("I-05", SOURCE_MISSING)
                .beforeTheKmsIsAsked();
        delivery("secret-inline", "a Secret that is called inline delivers nothing")
                .keyset()
                .with("password", text(Sealing.token(KEY, ACCOUNT + "/inline/password", "value of password")))
                .draft
                .with("secret", "inline")
                .refused("I-06", CONFIGURATION)
                .beforeTheKmsIsAsked();
        delivery("plaintext", "a plain value in a place that is declared sealed is an error")
                .keyset()
                .with("password", text("correct horse battery staple"))
                .draft
                .refused("I-07", FORMAT)
                .beforeTheKmsIsAsked();
        delivery("empty", "so is an empty one")
                .keyset()
                .with("password", text(""))
                .draft
                .refused("I-07", FORMAT)
                .beforeTheKmsIsAsked();
        delivery("no-secret-item-bound", "an item-bound token where the carrier knows no Secret's name")
                .keyset()
                .token("password", "")
                .draft
                .without("secret")
                .refused("T-12", CONTEXT_MISMATCH)
                .beforeTheKmsIsAsked();
        delivery("swapped", "two items of one Secret that were swapped")
                .keyset()
                .with("password", text(sealed(KEY, "username", "username")))
                .with("username", text(sealed(KEY, "password", "password")))
                .draft
                .refused("T-12", CONTEXT_MISMATCH)
                .beforeTheKmsIsAsked();
        delivery("document-broken", "one malformed document refuses all, of whatever identity")
                .keyset()
                .with("web.keyset.json", text(Documents.of(KEY) + "}"))
                .token("password", "")
                .draft
                .refused("D-02", FORMAT)
                .beforeTheKmsIsAsked();
        delivery("document-too-long", "one document that is too long refuses all")
                .keyset()
                .with("web.keyset.json", VectorFile.repeated(" ", 65_537))
                .token("password", "")
                .draft
                .refused("D-01", SIZE)
                .beforeTheKmsIsAsked();
    }
}
