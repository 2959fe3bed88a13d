// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static io.podseal.spring.Starts.refusal;
import static io.podseal.spring.Starts.start;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What goes wrong every day stops the start, with a report that says what to do and holds no value. */
@ExtendWith(OutputCaptureExtension.class)
class RefusalTest {
    private static final String CANARY = "canary-3f1e7a90";

    @TempDir
    Path root;

    private CapturedOutput output;
    private Workload workload;
    private Mount mount;

    @BeforeEach
    void mint(CapturedOutput captured) throws IOException {
        output = captured;
        workload = Workload.in(root);
        mount = workload.mount("db").withKeyset();
    }

    @AfterEach
    void noValueIsInTheReport() {
        assertThat(output).doesNotContain(CANARY);
    }

    private void assertStopped(ErrorCode code, String... messages) throws IOException {
        assertStopped(refusal(workload.args(mount.delivered().importing("?prefix=db."))), code, messages);
    }

    private void assertStopped(PodsealException refusal, ErrorCode code, String... messages) {
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal).hasMessageContainingAll(messages).hasMessageNotContaining(CANARY);
        assertThat(output)
                .contains("APPLICATION FAILED TO START", "Podseal stopped the start. " + code, "Action:")
                .contains(messages);
    }

    @Test
    void aTokenOfAnotherAccountIsRefused() throws IOException {
        mount.with("password", workload.other("web").sealed("db", "password", CANARY));
        assertStopped(
                ErrorCode.CONTEXT_MISMATCH, "item 'password'", "sealed for payments/web", "running as payments/api");
    }

    @Test
    void aTokenOfAnotherSecretIsRefused() throws IOException {
        mount.with("password", workload.sealed("cache", "password", CANARY));
        assertStopped(ErrorCode.CONTEXT_MISMATCH, "item 'password'", "cache");
    }

    @Test
    void aTokenOfAnotherItemIsRefused() throws IOException {
        mount.with("password", workload.sealed("db", "user", CANARY));
        assertStopped(ErrorCode.CONTEXT_MISMATCH, "item 'password'", "user");
    }

    @Test
    void valuesWithoutAKeysetAreRefused() throws IOException {
        mount = workload.mount("db").sealed("password", CANARY);
        assertStopped(ErrorCode.SOURCE_MISSING, "no keyset document", "--with-keyset");
    }

    @Test
    void aKeysetOfAnotherIdentityIsRefused() throws IOException {
        mount = workload.mount("db")
                .sealed("password", CANARY)
                .with("web.keyset.json", workload.other("web").keysetDocument());
        assertStopped(ErrorCode.CONTEXT_MISMATCH, "ns/payments/sa/web", "ns/payments/sa/api");
    }

    @Test
    void aValueSealedWithAKeyThatTheKeysetLacksIsRefused() throws IOException {
        mount.with("password", workload.other("api").sealed("db", "password", CANARY));
        assertStopped(ErrorCode.UNKNOWN_KEY, "item 'password'");
    }

    @Test
    void aKekThatIsNotNamedIsRefused() throws IOException {
        mount.sealed("password", CANARY).delivered();
        PodsealException refusal = refusal(
                "--podseal.identity=payments/api",
                "--podseal.kms.local.allow-in-cluster=true",
                mount.importing("?prefix=db."));
        assertStopped(refusal, ErrorCode.KEYSET_POLICY, "podseal.keks");
    }

    @Test
    void aPlainValueIsRefused() throws IOException {
        mount.with("password", CANARY);
        assertStopped(ErrorCode.FORMAT, "item 'password'", "not a token", "podseal seal");
    }

    @Test
    void aTruncatedPasteIsRefused() throws IOException {
        String token = workload.sealed("db", "password", CANARY);
        mount.with("password", token.substring(0, token.length() - 8));
        assertStopped(ErrorCode.AUTHENTICATION, "item 'password'");
    }

    @Test
    void aTokenCutToLessThanACiphertextIsRefused() throws IOException {
        String token = workload.sealed("db", "password", CANARY);
        mount.with("password", token.substring(0, token.lastIndexOf(':') + 13));
        assertStopped(ErrorCode.SIZE, "item 'password'");
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
    void aForeignCharacterIsNamedByItsPlaceAndCodePoint(String character, String codePoint) throws IOException {
        String token = workload.sealed("db", "password", CANARY);
        int payload = token.lastIndexOf(':') + 1;
        mount.with("password", token.substring(0, payload) + character + token.substring(payload));
        assertStopped(ErrorCode.FORMAT, "item 'password'", "at byte " + payload + " (" + codePoint + ")");
    }

    @Test
    void aTokenOfAnotherVersionOrEncodedTwiceIsRefused() throws IOException {
        String token = workload.sealed("db", "password", CANARY);
        mount.with("password", token.replace(":v1:", ":v2:"));
        assertStopped(ErrorCode.VERSION, "item 'password'");
        mount.with("password", Base64.getEncoder().encodeToString(token.getBytes(UTF_8)));
        assertStopped(ErrorCode.FORMAT, "item 'password'", "not a token");
    }

    @Test
    void aSecretOfOneMebibyteOpens() throws IOException {
        String longest = "x".repeat(716_800);
        mount.sealed("password", longest).sealed("filling", "y".repeat(66_000)).delivered();
        try (Stream<Path> files = Files.list(mount.directory().resolve("..data"))) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isBetween(1_040_000L, 1L << 20);
        }
        try (var context = start(Starts.Empty.class, workload.args(mount.importing("?prefix=db.")))) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo(longest);
            assertThat(context.getEnvironment().getProperty("db.filling")).hasSize(66_000);
        }
    }

    @Test
    void oneTrailingLineEndIsAccepted() throws IOException {
        mount.with("password", workload.sealed("db", "password", CANARY) + "\n")
                .with("user", workload.sealed("db", "user", "api") + "\r\n")
                .delivered();
        try (var context = start(Starts.Empty.class, workload.args(mount.importing("?prefix=db.")))) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo(CANARY);
            assertThat(context.getEnvironment().getProperty("db.user")).isEqualTo("api");
        }
    }

    @Test
    void moreThanOneTrailingLineEndIsRefused() throws IOException {
        mount.with("password", workload.sealed("db", "password", CANARY) + "\n\n");
        assertStopped(ErrorCode.FORMAT, "item 'password'");
    }

    @Test
    void aKekFileThatOthersCanReadIsRefused() throws IOException {
        Files.setPosixFilePermissions(workload.kekFile(), PosixFilePermissions.fromString("rw-r--r--"));
        mount.sealed("password", CANARY);
        assertStopped(ErrorCode.KEYSET_POLICY, "chmod 600");
    }

    @Test
    void aKekFileThatIsAbsentIsRefusedAtOnce() throws IOException {
        mount.sealed("password", CANARY).delivered();
        Files.delete(workload.kekFile());
        assertStopped(ErrorCode.KMS_UNAVAILABLE, "no KEK file", "podseal kek create");
    }

    @Test
    void aMissingMountIsRefused() {
        PodsealException refusal = refusal(workload.args("--spring.config.import=podseal:mount:" + root.resolve("no")));
        assertStopped(refusal, ErrorCode.SOURCE_MISSING, "there is no " + root.resolve("no"), "optional:");
    }

    @Test
    void anEmptyMountIsRefused() throws IOException {
        mount = workload.mount("db");
        assertStopped(ErrorCode.SOURCE_MISSING, "empty");
    }

    @Test
    void aSealedEmptyStringIsAValue() throws IOException {
        mount.sealed("password", "").delivered();
        try (var context = start(Starts.Empty.class, workload.args(mount.importing("?prefix=db.")))) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEmpty();
        }
    }

    @Test
    void anEmptyFileIsNoValue() throws IOException {
        mount.with("password", "");
        assertStopped(ErrorCode.FORMAT, "item 'password'");
    }

    @Test
    void oneBadValueRefusesThemAll() throws IOException {
        mount.sealed("user", "api").with("password", CANARY);
        assertStopped(ErrorCode.FORMAT, "item 'password'");
    }

    @Test
    void aValueWithAnExpressionIsRefusedByItsKey() throws IOException {
        mount.sealed("password", CANARY + "#{T(java.lang.System).exit(7)}");
        assertStopped(ErrorCode.CONFIGURATION, "item 'password'", "#{", "podseal.values.spel=allow");
        assertThat(output).doesNotContain("java.lang.System");
    }

    @Test
    void aValueWithAnExpressionPassesWhereItIsAllowed() throws IOException {
        mount.sealed("password", "#{1 + 1}").delivered();
        String[] args = workload.args(mount.importing("?prefix=db."), "--podseal.values.spel=allow");
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("#{1 + 1}");
        }
    }

    @Test
    void bytesThatAreNotTextAreRefusedUntilTheyAreLeftOut() throws IOException {
        mount.with("keystore", workload.sealed("db", "keystore", new byte[] {(byte) 0xFE, (byte) 0xED}))
                .sealed("password", CANARY);
        assertStopped(ErrorCode.FORMAT, "item 'keystore'", "not UTF-8", "?exclude=");
        try (var context = start(Starts.Empty.class, workload.args(mount.importing("?prefix=db.&exclude=keystore")))) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo(CANARY);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SPRING.Application.NAME",
                "spring.config.import",
                "spring.profiles.active",
                "spring.profiles.include",
                "logging.config",
                "logging.level.root",
                "management.server.port",
                "MANAGEMENT.endpoints.web.exposure.include",
                "server.port",
                "micronaut.config.import",
                "podseal.keks",
                "endpoints.env",
                "logger.levels"
            })
    void aReservedNameIsRefusedWithoutAPrefixAndSetsNothingOfTheApplicationsWithOne(String item) throws IOException {
        mount.sealed(item, "file:/no/such/file").delivered();
        PodsealException refusal = refusal(workload.args(mount.importing("")));
        assertStopped(refusal, ErrorCode.CONFIGURATION, "'" + item + "'", "?prefix=");
        try (var context = start(Starts.Empty.class, workload.args(mount.importing("?prefix=app.")))) {
            assertThat(context.getEnvironment().getProperty("app." + item)).isEqualTo("file:/no/such/file");
            assertThat(context.getEnvironment().getProperty(item)).isNotEqualTo("file:/no/such/file");
            assertThat(context.getEnvironment().getActiveProfiles()).isEmpty();
        }
    }

    @Test
    void anItemSpelledAsAVariableOfTheEnvironmentIsNotTheReservedProperty() throws IOException {
        mount.sealed("SPRING_PROFILES_ACTIVE", "other")
                .sealed("SPRING_CONFIG_IMPORT", "file:/no/such/file")
                .sealed("LOGGING_CONFIG", "/no/such/file")
                .delivered();
        try (var context = start(Starts.Empty.class, workload.args(mount.importing("")))) {
            var environment = context.getEnvironment();
            assertThat(environment.getProperty("SPRING_PROFILES_ACTIVE")).isEqualTo("other");
            assertThat(environment.getActiveProfiles()).isEmpty();
            assertThat(Binder.get(environment)
                            .bind("spring.profiles.active", String.class)
                            .isBound())
                    .isFalse();
            assertThat(environment.getProperty("spring.profiles.active")).isNull();
            assertThat(environment.getProperty("logging.config")).isNull();
        }
    }

    @Test
    void aReservedNameMayBeAllowedByName() throws IOException {
        mount.sealed("spring.application.name", "payments").delivered();
        String[] args = workload.args(mount.importing(""), "--podseal.reserved.allow=spring.application.name");
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(context.getEnvironment().getProperty("spring.application.name"))
                    .isEqualTo("payments");
        }
    }

    @Test
    void anImportNeverImportsNorActivatesProfiles() throws IOException {
        mount.sealed("spring.config.import", "file:/no/such/file")
                .sealed("spring.profiles.active", "other")
                .delivered();
        String[] args = workload.args(
                mount.importing(""), "--podseal.reserved.allow=spring.config.import,spring.profiles.active");
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(context.getEnvironment().getActiveProfiles()).isEmpty();
        }
    }

    @Test
    void twoItemsThatBecomeOnePropertyAreRefused() throws IOException {
        mount.sealed("pass-word", CANARY).sealed("PASS_WORD", CANARY);
        assertStopped(ErrorCode.CONFIGURATION, "'pass-word'", "'PASS_WORD'", "both become");
    }

    @Test
    void aListOnOneLineIsSplitAtItsCommasByBoot() throws IOException {
        mount.sealed("user", "api").sealed("password", CANARY).delivered();
        // What stands behind the comma is a location of its own to Boot: a file that it does not find.
        assertThat(Starts.failure(Starts.Empty.class, workload.args(mount.importing("?only=user,password"))))
                .isNotInstanceOf(PodsealException.class)
                .hasMessageContaining("password");
        String[] args = workload.args(mount.importing("?prefix=db.&only=user&only=password"));
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(context.getEnvironment().getProperty("db.user")).isEqualTo("api");
        }
    }
}
