// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.kms.Page;
import io.podseal.kms.Refusal;
import io.podseal.kms.SoftHsm;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.ProviderException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each line of the tables in docs/kms/pkcs11.md. */
class ClassificationTest {
    private static final byte[] ACCOUNT = {1, 2, 3};

    private static SoftHsm hsm;
    private static Aead kek;
    private static byte[] wrapped;

    @TempDir
    private Path folder;

    @BeforeAll
    static void token() throws Exception {
        hsm = Tokens.hsm();
        kek = Tokens.kms().getAead(hsm.uri("one", "kek"));
        wrapped = kek.encrypt(new byte[4], ACCOUNT);
    }

    /** Does something that has to fail. */
    private interface Deed {
        void run() throws Exception;
    }

    /** By what happens. */
    private final Map<String, Deed> deeds = Map.ofEntries(
            entry("the wrapped keyset was altered, and the token answers a probe", () -> decrypt(altered(20))),
            entry("the wrapped keyset is shorter than nonce and tag", () -> decrypt(Arrays.copyOf(wrapped, 27))),
            entry("the document is another account's", () -> kek.decrypt(wrapped, new byte[] {1, 2, 4})),
            entry(
                    "the document is another key's",
                    () -> decrypt(Tokens.kms()
                            .getAead(hsm.uri("one", "a%20label%3Bwith%3Dwords%25"))
                            .encrypt(new byte[4], ACCOUNT))),
            entry("a wrong PIN", () -> inAProcessOfItsOwn("wrong+" + Refusal.CANARY, "wrap")),
            entry("a wrong PIN, once more", () -> inAProcessOfItsOwn("wrong+" + Refusal.CANARY, "wrap", "wrap")),
            entry("no key of that label for this login", () -> useKey("absent")),
            entry(
                    "the token asks for a PIN, and none is named",
                    // in this process others are logged in, so on the token that nobody uses
                    () -> use(Pkcs11Kms.builder().module(SoftHsm.library()).build(), hsm.uri("two", "kek"))),
            entry("the PIN file is absent", () -> inAProcessOfItsOwn(null, "wrap")),
            entry("the PIN file is empty", () -> inAProcessOfItsOwn("\n", "wrap")),
            entry("a second token, with a PIN file", this::useBothTokens),
            entry("no such library", () -> use(client(folder.resolve("absent.so")), hsm.uri("one", "kek"))),
            entry(
                    "a file that is no PKCS#11 library",
                    () -> use(
                            client(Files.writeString(folder.resolve("text.so"), "not a library")),
                            hsm.uri("one", "kek"))),
            entry("a library that does not find its own configuration", this::withoutConfiguration),
            entry("no such slot", () -> use(Tokens.kms(), "pkcs11:slot-id=4711;object=kek")),
            // SoftHSM offers a free slot behind the four others
            entry("a token that is not initialised", () -> use(Tokens.kms(), "pkcs11:slot-id=4;object=kek")),
            entry("a key of another size", () -> useKey("small")),
            entry("a key of another type", () -> useKey("generic")),
            entry(
                    "two secret keys with one label",
                    () -> inAProcessOfItsOwn(own().key("own", "kek", "AES:32", "--sensitive")
                            .key("own", "kek", "AES:32", "--sensitive"))),
            entry("a key that can be read out of the token", () -> useKey("readable")),
            entry("a sensitive key that can be taken out wrapped", () -> useKey("takeable")),
            entry("a token without any object", () -> inAProcessOfItsOwn(own())),
            entry("a token that went away after it had served", this::loseTheToken));

    static List<List<String>> happenings() {
        return Page.table("| what happens | ours | what to do |");
    }

    @ParameterizedTest
    @MethodSource("happenings")
    void everyLineOfWhatHappens(List<String> line) {
        assertThat(deeds).containsKey(line.get(0));
        ErrorCode code = ErrorCode.valueOf(Page.bare(line.get(1)));
        assertThat(Refusal.of(code, deeds.get(line.get(0))::run).detail()).contains(Page.marked(line.get(2)));
    }

    @Test
    void everythingThatHappensHasItsLine() {
        assertThat(happenings()).extracting(line -> line.get(0)).containsExactlyInAnyOrderElementsOf(deeds.keySet());
    }

    static List<List<String>> answers() {
        return Page.table("| when | the token's answer | ours | what to do |");
    }

    @ParameterizedTest
    @MethodSource("answers")
    void everyLineOfTheTokensAnswers(List<String> line) {
        String ckr = Page.bare(line.get(1));
        Exception answer = answer(ckr);
        PodsealException failure = switch (line.get(0)) {
            case "start" -> TokenFailure.atStart("here", new ProviderException(Refusal.CANARY, answer));
            case "login" ->
                TokenFailure.atLogin("here", (LoginException) new LoginException(Refusal.CANARY).initCause(answer));
            case "lookup" -> TokenFailure.atLookup("here", new IOException(Refusal.CANARY, answer));
            default -> TokenFailure.inUse("here", new InvalidKeyException(Refusal.CANARY, answer));
        };
        ErrorCode code = ErrorCode.valueOf(Page.bare(line.get(2)));
        assertThat(Refusal.of(code, () -> {
                            throw failure;
                        })
                        .detail())
                .contains("(" + ckr + ")")
                .contains(Page.marked(line.get(3)));
        assertThat(failure instanceof PodsealException.Kms kms && kms.retryable())
                .isEqualTo(code == ErrorCode.KMS_UNAVAILABLE);
    }

    @Test
    void everyAlteredByteIsAuthentication() throws Exception {
        for (int i = 0; i < wrapped.length; i++) {
            byte[] altered = altered(i);
            Refusal.of(ErrorCode.AUTHENTICATION, () -> decrypt(altered));
        }
        assertThat(kek.decrypt(wrapped, ACCOUNT)).hasSize(4);
    }

    @Test
    void everyTruncationIsAuthentication() {
        for (int length = 0; length < wrapped.length; length++) {
            byte[] truncated = Arrays.copyOf(wrapped, length);
            Refusal.of(ErrorCode.AUTHENTICATION, () -> decrypt(truncated));
        }
    }

    private static byte[] altered(int at) {
        byte[] altered = wrapped.clone();
        altered[at] ^= 1;
        return altered;
    }

    private static void decrypt(byte[] bytes) throws Exception {
        kek.decrypt(bytes, ACCOUNT);
    }

    private static void useKey(String label) throws Exception {
        use(Tokens.kms(), hsm.uri("one", label));
    }

    private static void use(Pkcs11Kms client, String uri) throws Exception {
        client.getAead(uri).encrypt(new byte[1], ACCOUNT);
    }

    private static Pkcs11Kms client(Path module) {
        return Pkcs11Kms.builder().module(module).build();
    }

    private void useBothTokens() throws Exception {
        use(Tokens.kms(), hsm.uri("one", "kek"));
        use(Tokens.kms(), hsm.uri("two", "kek")); // another client, as another store has
    }

    /** A token without keys, for other processes. */
    private SoftHsm own() {
        return SoftHsm.in(folder.resolve("own")).token("own");
    }

    private void inAProcessOfItsOwn(String pin, String... deeds) throws Exception {
        Path file = folder.resolve("pin");
        if (pin != null) {
            Files.writeString(file, pin);
        }
        try (TokenProcess process = TokenProcess.start(hsm, file, Documents.of(folder, hsm.uri("one", "kek")))) {
            rethrown(process, deeds);
        }
    }

    private void inAProcessOfItsOwn(SoftHsm other) throws Exception {
        Path document = Documents.of(folder, other.uri("own", "kek"));
        try (TokenProcess process = TokenProcess.start(other, other.pinFile("pin", SoftHsm.PIN), document)) {
            rethrown(process, "wrap");
        }
    }

    private void withoutConfiguration() throws Exception {
        Path pin = hsm.pinFile("other-pin", SoftHsm.PIN);
        Map<String, String> nothing =
                Map.of("SOFTHSM2_CONF", folder.resolve("absent").toString());
        try (TokenProcess process =
                TokenProcess.start(nothing, SoftHsm.library(), pin, Documents.of(folder, hsm.uri("one", "kek")))) {
            rethrown(process, "wrap");
        }
    }

    private void loseTheToken() throws Exception {
        SoftHsm other = own().key("own", "kek", "AES:32", "--sensitive");
        Path document = Documents.of(folder, other.uri("own", "kek"));
        try (TokenProcess process = TokenProcess.start(other, other.pinFile("pin", SoftHsm.PIN), document)) {
            assertThat(process.says("wrap")).isEqualTo("ok");
            Files.move(other.tokens(), folder.resolve("away"));
            rethrown(process, "wrap");
        }
    }

    /** The failure that the last of these made there, made here once more. */
    private static void rethrown(TokenProcess process, String... deeds) {
        String said = "";
        for (String deed : deeds) {
            said = process.says(deed);
        }
        String[] failure = Optional.of(said).orElseThrow().split(": ", 2);
        throw ErrorCode.valueOf(failure[0]).because(failure[1]);
    }

    private static Exception answer(String ckr) {
        try {
            Class<?> constants = Class.forName("sun.security.pkcs11.wrapper.PKCS11Exception$RV");
            Object value = Arrays.stream(constants.getEnumConstants())
                    .filter(rv -> rv.toString().equals(ckr))
                    .findFirst()
                    .orElseThrow();
            var field = constants.getDeclaredField("value");
            field.setAccessible(true);
            Constructor<?> constructor =
                    Class.forName("sun.security.pkcs11.wrapper.PKCS11Exception").getConstructors()[0];
            long code = field.getLong(value);
            // later Javas add a text
            return (Exception)
                    (constructor.getParameterCount() == 1
                            ? constructor.newInstance(code)
                            : constructor.newInstance(code, Refusal.CANARY));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
