// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static io.podseal.k8s.Candidate.generated;
import static io.podseal.k8s.Candidate.secret;
import static io.podseal.k8s.Sealed.token;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.podseal.keyset.KeyType;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/** What the policy keeps out of a labelled namespace. */
final class RefusedSecrets {
    static final String ON = "policy-on";
    private static final String PASSWORD = ON + "/api/db/password";
    private static final String NOT_SEALED = "not sealed: password. ";
    private static final String MISPLACED = "sealed for another place: password (sealed for ";
    private static final String NOT_A_DOCUMENT = "not a keyset document: api.keyset.json. ";
    private static final String SPLIT = "holds more than can be checked: split it";

    private RefusedSecrets() {}

    static List<AdmissionCase> all() {
        return List.of(
                unsealed("plain text", "correct horse battery staple"),
                unsealed("plain text with a token in it", "see " + token(PASSWORD)),
                unsealed("an empty value", ""),
                unsealed("bytes that are no text", "\u00ff\u0000\u0001 staple"),
                refused("random bytes", db().with("password", new byte[200]), NOT_SEALED),
                altered(
                        "a token in base64, in base64 again",
                        token -> Base64.getEncoder().encodeToString(token.getBytes(UTF_8))),
                altered("a token in quotes", token -> '"' + token + '"'),
                altered("a token behind a blank", token -> " " + token),
                altered("a token behind a line break", token -> "\n" + token),
                altered("a token behind a byte order mark", token -> "\ufeff" + token),
                altered("a token before a blank", token -> token + " "),
                altered("a token before two line breaks", token -> token + "\n\n"),
                altered("a token before a carriage return", token -> token + "\r"),
                altered("a token before a comment", token -> token + " # horse"),
                altered("a token before a second line", token -> token + "\nhorse"),
                altered("a token behind a token", token -> token + token),
                altered("a token in lines of 60", token -> token.replaceAll("(.{60})", "$1\n")),
                altered("a token with padding", token -> token + "="),
                altered("a token in another alphabet", token -> token.substring(0, token.length() - 1) + "+"),
                altered("another version", token -> token.replace("podseal:v1:", "podseal:v2:")),
                altered("another spelling of the version", token -> token.replace("podseal:v1:", "podseal:v01:")),
                altered("a prefix with a capital", token -> token.replace("podseal:v1:", "Podseal:v1:")),
                altered("only the prefix", token -> "podseal:v1:"),
                altered("no payload", token -> token.substring(0, token.lastIndexOf(':') + 1)),
                altered("a payload cut short", token -> token.substring(0, token.lastIndexOf(':') + 38)),
                altered("a payload without Tink's prefix", token -> token.replace(":A", ":B")),
                altered(
                        "plain text as payload",
                        token -> token.substring(0, token.lastIndexOf(':') + 10)
                                + "correct horse, battery staple; correct horse, battery staple"),
                altered("a scope of one part", token -> token.replace(PASSWORD, ON)),
                altered("a scope of three parts", token -> token.replace(PASSWORD, ON + "/api/db")),
                altered("a scope of five parts", token -> token.replace(PASSWORD, PASSWORD + "/more")),
                altered("a namespace in capitals", token -> token.replace(ON, "Policy-on")),
                altered("an account in capitals", token -> token.replace("/api/", "/API/")),
                altered("a line break in the scope", token -> token.replace("/api/", "/api\n/")),
                altered("a letter beyond ASCII in the scope", token -> token.replace("/api/", "/\u00e4pi/")),
                misplaced("an item of another namespace", "policy-off/api/db/password"),
                misplaced("an account of another namespace", "policy-off/api"),
                misplaced("a namespace that begins like this one", ON + "2/api/db/password"),
                misplaced("a namespace that this one begins with", "policy/api/db/password"),
                misplaced("another Secret", ON + "/api/mail/password"),
                misplaced("a Secret that begins like this one", ON + "/api/db2/password"),
                misplaced("a Secret that ends like this one", ON + "/api/my-db/password"),
                misplaced("another item", ON + "/api/db/user"),
                misplaced("an item that ends like this one", ON + "/api/db/old-password"),
                misplaced("a property of the application", ON + "/api/inline/password"),
                refused(
                        "two items swapped",
                        db().with("password", token(ON + "/api/db/user")).with("user", token(PASSWORD)),
                        "user (sealed for " + PASSWORD + ")"),
                refused(
                        "a Secret copied to a new name",
                        secret(ON, "db-copy").with("password", token(PASSWORD)),
                        MISPLACED + PASSWORD + "). This is Secret db-copy in namespace " + ON),
                refused(
                        "an item sealed for a name that is generated",
                        generated(ON, "db-").with("password", token(PASSWORD)),
                        MISPLACED + PASSWORD + "). This is Secret db-"),
                refused(
                        "a label that names another Secret than the token",
                        db().labelled("podseal.io/sealed-as", "mail").with("password", token(PASSWORD)),
                        MISPLACED + PASSWORD + "). This is Secret mail"),
                refused(
                        "a Secret called inline",
                        secret(ON, "inline").with("password", token(ON + "/api")),
                        "no Secret may be called 'inline'"),
                refused(
                        "a Secret that claims to be sealed as inline",
                        db().labelled("podseal.io/sealed-as", "inline")
                                .with("password", token(ON + "/api/inline/password")),
                        "no Secret may be called 'inline'"),
                refused("plain text in stringData", db().inStringData("password", "battery staple"), NOT_SEALED),
                refused(
                        "plain text in stringData over a token in data",
                        db().with("password", token(PASSWORD)).inStringData("password", "battery staple"),
                        NOT_SEALED),
                refused(
                        "a token of another item in stringData",
                        db().inStringData("password", token(ON + "/api/db/user")),
                        MISPLACED),
                refused(
                        "one plain value among sealed ones",
                        db().with("user", token(ON + "/api/db/user"))
                                .with("password", "battery staple")
                                .with("host", token(ON + "/api")),
                        NOT_SEALED),
                refused("plain text in an immutable Secret", db().immutable().with("password", "staple"), NOT_SEALED),
                refused(
                        "plain text in a type for users",
                        db().type("kubernetes.io/basic-auth").with("password", "staple"),
                        NOT_SEALED),
                refused(
                        "plain text beside what the type is for",
                        AllowedSecrets.tls().with("password", "battery staple"),
                        NOT_SEALED),
                refused(
                        "an exempt item of another type",
                        db().type("helm.sh/release.v1").with("tls.key", "battery staple"),
                        "not sealed: tls.key"),
                refused(
                        "an exempt item with a token of another place",
                        secret(ON, "tls")
                                .type("kubernetes.io/tls")
                                .with("tls.crt", "certificate")
                                .with("tls.key", token(ON + "/api/other/tls.key")),
                        "tls.key (sealed for " + ON + "/api/other/tls.key)"),
                document("plain text under the name of a keyset document", "battery staple".getBytes(UTF_8)),
                document("JSON of another kind", "{\"password\": \"battery staple\"}".getBytes(UTF_8)),
                document("an empty document", new byte[0]),
                document("a keyset that is not wrapped", clearKeyset().getBytes(UTF_8)),
                document(
                        "a token under the name of a document",
                        token(ON + "/api").getBytes(UTF_8)),
                refused("plain text in a large Secret", large().with("password", "battery staple"), NOT_SEALED),
                refused(
                        "a token in lines of 60 in a large Secret",
                        large().with("password", token(PASSWORD).replaceAll("(.{60})", "$1\n")),
                        NOT_SEALED),
                refused(
                        "a token before a blank in a large Secret",
                        large().with("password", token(PASSWORD) + " "),
                        NOT_SEALED),
                refused(
                        "another item in a large Secret",
                        large().with("password", token(ON + "/api/db/user")),
                        MISPLACED + ON + "/api/db/user)"),
                refused("1 MiB of plain text", db().with("password", "staple ".repeat(149_000)), NOT_SEALED),
                refused("a budget spent on items", tokens(2_000, 12), SPLIT),
                refused("a budget spent on bytes", tokens(700, 1_024), SPLIT),
                refused("a budget spent on names", longNames(100), SPLIT));
    }

    private static Candidate db() {
        return secret(ON, "db");
    }

    private static Candidate large() {
        return db().with("large", token(ON + "/api/db/large", KeyType.AES256_GCM, 100_000));
    }

    private static AdmissionCase refused(String name, Candidate secret, String says) {
        return new AdmissionCase(name, secret, says);
    }

    private static AdmissionCase unsealed(String name, String value) {
        return refused(name, db().with("password", value), NOT_SEALED);
    }

    private static AdmissionCase altered(String name, UnaryOperator<String> change) {
        return unsealed(name, change.apply(token(PASSWORD)));
    }

    private static AdmissionCase misplaced(String name, String scope) {
        return refused(name, db().with("password", token(scope)), MISPLACED + scope + ")");
    }

    private static AdmissionCase document(String name, byte[] content) {
        return refused(name, db().with("api.keyset.json", content), NOT_A_DOCUMENT);
    }

    static Candidate tokens(int count, int plaintextBytes) {
        Candidate secret = secret(ON, "many");
        for (int i = 0; i < count; i++) {
            String item = "k" + i;
            secret.with(item, token(ON + "/api/many/" + item, KeyType.AES256_GCM, plaintextBytes));
        }
        return secret;
    }

    static Candidate longNames(int count) {
        String namespace = AllowedSecrets.LONGEST_NAMESPACE;
        String name = "s".repeat(253);
        Candidate secret = secret(namespace, name);
        for (int i = 0; i < count; i++) {
            String item = "K".repeat(250) + (100 + i);
            secret.with(item, token(namespace + "/" + "a".repeat(253) + "/" + name + "/" + item));
        }
        return secret;
    }

    private static String clearKeyset() {
        try {
            KeysetHandle keyset = KeysetHandle.newBuilder()
                    .setConfiguration(AeadConfig2026.get())
                    .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build();
            return TinkJsonProtoKeysetFormat.serializeKeyset(
                    keyset, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
