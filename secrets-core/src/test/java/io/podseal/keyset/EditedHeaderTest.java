// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.Plaintext;
import io.podseal.Refusal;
import io.podseal.SealedValue;
import io.podseal.SecretOpener;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each field in front of a token's ciphertext edited alone, and in all pairs: refused, whichever it is, and with the code of the
 * first check of the specification's section 2 that notices.
 */
final class EditedHeaderTest {
    private enum Field {
        NAME,
        VERSION,
        NAMESPACE,
        ACCOUNT,
        SECRET,
        KEY,
        TINK_PREFIX,
        KEY_ID
    }

    /** What is written there, and the number of the check that notices it at the value's own place. */
    private record Edit(Field field, String text, int check) {}

    private static final List<Edit> EDITS = List.of(
            new Edit(Field.NAME, "Podseal", 2),
            new Edit(Field.NAME, "podsea1", 2),
            new Edit(Field.NAME, "", 2),
            new Edit(Field.VERSION, "v2", 3),
            new Edit(Field.VERSION, "v01", 2),
            new Edit(Field.VERSION, "1", 2),
            new Edit(Field.VERSION, "", 2),
            new Edit(Field.NAMESPACE, "shop", 6),
            new Edit(Field.NAMESPACE, "Payments", 4),
            new Edit(Field.NAMESPACE, "", 4),
            new Edit(Field.ACCOUNT, "web", 6),
            new Edit(Field.ACCOUNT, "api_", 4),
            new Edit(Field.ACCOUNT, "", 4),
            new Edit(Field.SECRET, "other", 6),
            new Edit(Field.SECRET, "inline", 6),
            new Edit(Field.SECRET, "db/credentials", 4),
            new Edit(Field.SECRET, "", 4),
            new Edit(Field.KEY, "username", 6),
            new Edit(Field.KEY, "Password", 6),
            new Edit(Field.KEY, "..", 4),
            new Edit(Field.KEY, "", 4),
            new Edit(Field.TINK_PREFIX, "\0", 4),
            new Edit(Field.KEY_ID, "another", 8));

    private static final Map<Integer, ErrorCode> CODES = Map.of(
            2, ErrorCode.FORMAT,
            3, ErrorCode.VERSION,
            4, ErrorCode.FORMAT,
            6, ErrorCode.CONTEXT_MISMATCH,
            8, ErrorCode.UNKNOWN_KEY,
            10, ErrorCode.AUTHENTICATION);

    @BeforeAll
    static void installConscrypt() {
        ConscryptInstaller.install();
    }

    /** Every edit alone, and with every edit of another field. */
    private static List<List<Edit>> singlesAndPairs() {
        List<List<Edit>> all = new ArrayList<>();
        for (Edit one : EDITS) {
            all.add(List.of(one));
            EDITS.stream()
                    .filter(other -> other.field().compareTo(one.field()) > 0)
                    .forEach(other -> all.add(List.of(one, other)));
        }
        return all;
    }

    private static String edited(SealedValue sealed, List<Edit> edits) {
        String token = sealed.token();
        byte[] payload = Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf(':') + 1));
        Map<Field, String> texts = new EnumMap<>(Map.of(
                Field.NAME, "podseal",
                Field.VERSION, "v1",
                Field.NAMESPACE, "payments",
                Field.ACCOUNT, "api",
                Field.SECRET, "db-credentials",
                Field.KEY, "password"));
        edits.forEach(edit -> {
            switch (edit.field()) {
                case TINK_PREFIX -> payload[0] = (byte) edit.text().charAt(0);
                case KEY_ID -> payload[4] ^= 1;
                default -> texts.put(edit.field(), edit.text());
            }
        });
        String scope = String.join(
                "/",
                texts.get(Field.NAMESPACE),
                texts.get(Field.ACCOUNT),
                texts.get(Field.SECRET),
                texts.get(Field.KEY));
        return texts.get(Field.NAME) + ":" + texts.get(Field.VERSION) + ":" + scope + ":"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(payload);
    }

    private static int firstCheck(List<Edit> edits) {
        return edits.stream().mapToInt(Edit::check).min().orElseThrow();
    }

    /** Where the header itself says: its place is no reason to refuse it then. */
    private static int firstCheckElsewhere(List<Edit> edits, boolean sameKey) {
        return edits.stream()
                .mapToInt(edit -> {
                    boolean elsewhere = edit.check() == 6;
                    boolean otherAccount = edit.field() == Field.NAMESPACE || edit.field() == Field.ACCOUNT;
                    return elsewhere ? (otherAccount && !sameKey ? 8 : 10) : edit.check();
                })
                .min()
                .orElseThrow();
    }

    /** Opened by whoever the header says it is for. */
    private static byte[] openThere(String token, Function<ServiceAccount, SecretOpener> keys) {
        SealedValue value = SealedValue.parse(token);
        ServiceAccount reader = new ServiceAccount(
                "cluster.local", value.scope().namespace(), value.scope().serviceAccount());
        try (SecretValue opened = keys.apply(reader).open(value)) {
            return opened.revealBytes();
        }
    }

    private static void refusedThere(SealedValue sealed, boolean sameKey, Function<ServiceAccount, SecretOpener> keys) {
        assertThat(openThere(edited(sealed, List.of()), keys)).as("unedited").isEqualTo(Plaintext.bytes());
        for (List<Edit> edits : singlesAndPairs()) {
            String token = edited(sealed, edits);
            ErrorCode code = CODES.get(firstCheckElsewhere(edits, sameKey));
            Refusal.of(edits.toString(), code, () -> openThere(token, keys));
        }
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void everyEditAloneAndEveryPairIsRefusedInTheValuesOwnPlace(KeyType type) {
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        SealedValue sealed = keyset.sealer().seal(Accounts.PASSWORD, Plaintext.bytes());
        SecretOpener opener = keyset.opener();
        try (SecretValue control = opener.open(edited(sealed, List.of()), Accounts.PASSWORD)) {
            assertThat(control.revealBytes()).as("unedited").isEqualTo(Plaintext.bytes());
        }
        List<List<Edit>> all = singlesAndPairs();
        assertThat(all).hasSize(249);
        for (List<Edit> edits : all) {
            String token = edited(sealed, edits);
            ErrorCode code = CODES.get(firstCheck(edits));
            Refusal.of(edits.toString(), code, () -> opener.open(token, Accounts.PASSWORD));
            Refusal.of(
                    edits.toString(),
                    code,
                    () -> opener.open(SealedValue.parse(token.getBytes(UTF_8), Accounts.PASSWORD)));
        }
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void whereTheEditedHeaderFitsTheOwnKeyIsNotAuthenticAndAnothersIsUnknown(KeyType type) {
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        SealedValue sealed = keyset.sealer().seal(Accounts.PASSWORD, Plaintext.bytes());
        SecretOpener own = keyset.opener();
        SecretOpener others = Keysets.create(Accounts.WEB, KeyType.AES256_GCM).opener();
        SecretOpener shops = Keysets.create(new ServiceAccount("cluster.local", "shop", "api"), KeyType.AES256_GCM)
                .opener();
        SecretOpener shopsWeb = Keysets.create(new ServiceAccount("cluster.local", "shop", "web"), KeyType.AES256_GCM)
                .opener();
        Map<String, SecretOpener> openers =
                Map.of("payments/api", own, "payments/web", others, "shop/api", shops, "shop/web", shopsWeb);
        refusedThere(sealed, false, reader -> openers.get(reader.namespacedName()));
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void notEvenTheVeryKeyOpensUnderAnEditedHeader(KeyType type) {
        TrustedKeyset keyset = Keysets.create(Accounts.API, type);
        SealedValue sealed = keyset.sealer().seal(Accounts.PASSWORD, Plaintext.bytes());
        refusedThere(sealed, true, reader -> new TrustedKeyset(reader, keyset.handle()).opener());
    }
}
