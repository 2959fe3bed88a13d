// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micronaut.context.ApplicationContext;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user does wrong every day stops the start, and the message says what to do. */
class RefusalsTest {
    private static final String DB = "?prefix=db.";

    @TempDir
    Path folder;

    private SealedMount mount;

    @BeforeEach
    void layOut() {
        mount = SealedMount.in(folder).sealed("password", "correct horse");
    }

    @Test
    void tokenOfAnotherAccountIsRefused() {
        Refusal.of(mount.write().settings(DB, "podseal.identity", "payments/web"), ErrorCode.CONTEXT_MISMATCH)
                .contains("item 'password'", "sealed for payments/api", "payments/web", "seal it for this account");
    }

    @Test
    void tokenOfAnotherSecretIsRefused() {
        SealedMount other = SealedMount.of(folder, "other", SealedMount.API).sealed("password", "x");
        mount.raw("password", other.item("password")).write();
        Refusal.of(mount.settings(DB), ErrorCode.CONTEXT_MISMATCH).contains("other", "db-credentials");
    }

    @Test
    void tokenOfAnotherItemIsRefused() {
        mount.raw("user", mount.item("password")).write();
        Refusal.of(mount.settings(DB), ErrorCode.CONTEXT_MISMATCH).contains("item 'user'");
    }

    @Test
    void aSecretThatWasRenamedOpensUnderTheNameThatTheApplicationGives() {
        SealedMount renamed = SealedMount.of(folder, "renamed-x7k", SealedMount.API);
        renamed.raw("api.keyset.json", mount.item("api.keyset.json"))
                .raw("password", mount.item("password"))
                .write();
        Map<String, Object> settings = renamed.settings("?secret=db-credentials", "podseal.keks[0]", mount.kekUri());
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            assertThat(context.getProperty("password", String.class)).hasValue("correct horse");
        }
    }

    @Test
    void missingKeysetIsRefused() {
        mount.without("api.keyset.json").write();
        Refusal.of(mount.settings(DB), ErrorCode.SOURCE_MISSING).contains("keyset");
    }

    @Test
    void keysetOfAnotherIdentityIsRefused() {
        SealedMount web = SealedMount.of(folder, "web", SealedMount.account("web"));
        mount.raw("api.keyset.json", web.item("api.keyset.json")).write();
        Refusal.of(mount.settings(DB), ErrorCode.CONTEXT_MISMATCH)
                .contains("payments/sa/web", "payments/sa/api", "deliver this account's document");
    }

    @Test
    void kekThatTheApplicationDoesNotNameIsNotUsed() {
        Map<String, Object> settings = mount.write().settings(DB);
        settings.remove("podseal.keks[0]");
        Refusal.of(settings, ErrorCode.KEYSET_POLICY).contains("podseal.keks");
    }

    @Test
    void plainValueIsRefusedAndNotShown() {
        mount.raw("password", "correct horse").write();
        Refusal.of(mount.settings(DB), ErrorCode.FORMAT)
                .contains("item 'password'", "podseal seal")
                .doesNotContain("correct horse");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 20, 65})
    void truncatedPasteIsRefused(int missing) {
        byte[] token = mount.item("password");
        mount.raw("password", Arrays.copyOf(token, token.length - missing)).write();
        Throwable thrown =
                catchThrowable(() -> ApplicationContext.run(mount.settings(DB)).close());
        assertThat(thrown).isInstanceOf(PodsealException.Refused.class).hasMessageContaining("item 'password'");
    }

    @Test
    void tokenWithoutItsPayloadIsRefused() {
        String token = new String(mount.item("password"), UTF_8);
        mount.raw("password", token.substring(0, token.lastIndexOf(':'))).write();
        Refusal.of(mount.settings(DB), ErrorCode.FORMAT).contains("item 'password'");
    }

    @ParameterizedTest
    @CsvSource({
        "'\uFEFF', U+FEFF",
        "'\u200B', U+200B",
        "'\u00A0', U+00A0",
        "'\0', U+0000",
        "'\n', U+000A",
        "+, U+002B",
        "=, U+003D"
    })
    void foreignCharacterIsNamedByItsPlaceAndCodePoint(String character, String codePoint) {
        String token = new String(mount.item("password"), UTF_8);
        int payload = token.lastIndexOf(':') + 1;
        mount.raw("password", token.substring(0, payload) + character + token.substring(payload))
                .write();
        Refusal.of(mount.settings(DB), ErrorCode.FORMAT)
                .contains("item 'password'", "at byte " + payload + " (" + codePoint + ")")
                .doesNotContain(token.substring(payload + 8));
    }

    @Test
    void tokenOfAnotherVersionOrEncodedTwiceIsRefused() {
        String token = new String(mount.item("password"), UTF_8);
        mount.raw("password", token.replace(":v1:", ":v2:")).write();
        Refusal.of(mount.settings(DB), ErrorCode.VERSION).contains("item 'password'");
        mount.raw("password", Base64.getEncoder().encodeToString(token.getBytes(UTF_8)))
                .write();
        Refusal.of(mount.settings(DB), ErrorCode.FORMAT).contains("item 'password'", "not a token");
    }

    @Test
    void secretOfOneMebibyteOpens() {
        String longest = "x".repeat(716_800);
        mount.sealed("password", longest).sealed("filling", "y".repeat(66_000)).write();
        assertThat(mount.items().values().stream().mapToInt(item -> item.length).sum())
                .isBetween(1_040_000, 1 << 20);
        try (ApplicationContext context = ApplicationContext.run(mount.settings(DB))) {
            assertThat(context.getProperty("db.password", String.class)).hasValue(longest);
            assertThat(context.getProperty("db.filling", String.class)).hasValue("y".repeat(66_000));
        }
    }

    @Test
    void kekFileThatOthersCanReadIsRefused() throws IOException {
        Files.setPosixFilePermissions(mount.write().kek, PosixFilePermissions.fromString("rw-r--r--"));
        Refusal.of(mount.settings(DB), ErrorCode.KEYSET_POLICY).contains("chmod 600", mount.kek.toString());
    }

    @Test
    void missingKekFileIsSaid() throws IOException {
        Files.delete(mount.write().kek);
        Refusal.of(mount.settings(DB), ErrorCode.KMS_UNAVAILABLE).contains("no KEK file", mount.kek.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "podseal.kek[0], podseal.keks",
        "podseal.identitiy, podseal.identity",
        "podseal.accept, podseal.accept must be one of any, symmetric",
        "podseal.kms.deadline, podseal.kms.deadline must be a duration",
        "podseal.require-item-bound, podseal.require-item-bound must be one of true, false",
        "podseal.kubernetes.token-fil, podseal.kubernetes.token-file",
        "podseal.inline.enabled, not in this release",
        "podseal.kms.aws.regoin, podseal.kms.aws.region",
    })
    void wrongSettingIsNamedWithWhatIsRight(String name, String expected) {
        Refusal.of(mount.write().settings(DB, name, "nonsense-7"), ErrorCode.CONFIGURATION)
                .contains(expected)
                .contains(name.replaceFirst("\\[.*", ""))
                .doesNotContain("nonsense-7");
    }

    /** As a file in YAML gives it. */
    @Test
    void settingMayBeABoolean() {
        mount.accountBound("password", "x").write();
        Refusal.of(mount.settings(DB, "podseal.require-item-bound", true), ErrorCode.CONTEXT_MISMATCH)
                .contains("podseal.require-item-bound");
    }

    @Test
    void oneRefusedValueRefusesAllOfThem() {
        mount.raw("user", "plain").raw("pin", "plain").write();
        Refusal.of(mount.settings(DB), ErrorCode.FORMAT).contains("item 'pin'", "item 'user'");
    }

    @Test
    void emptyValueIsAValue() {
        mount.sealed("empty", "").write();
        try (ApplicationContext context = ApplicationContext.run(mount.settings(DB))) {
            assertThat(context.getProperty("db.empty", String.class)).hasValue("");
            assertThat(context.getProperty("db.empty", char[].class)).hasValue(new char[0]);
        }
    }

    @Test
    void lineEndBehindATokenIsAccepted() {
        mount.raw("password", new String(mount.item("password"), UTF_8) + "\r\n")
                .write();
        try (ApplicationContext context = ApplicationContext.run(mount.settings(DB))) {
            assertThat(context.getProperty("db.password", String.class)).hasValue("correct horse");
        }
    }
}
