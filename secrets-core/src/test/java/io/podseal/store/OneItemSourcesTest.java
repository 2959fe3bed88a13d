// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.SOURCE_DENIED;
import static io.podseal.ErrorCode.SOURCE_MISSING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Refusal;
import io.podseal.Scope;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file, an environment variable, a class path resource. */
final class OneItemSourcesTest {
    @TempDir
    Path temp;

    private final Workload workload = new Workload();
    private final MemorySource documents = new MemorySource(null).put("a document", workload.document());

    private String open(SecretSource source, String item) {
        try (SecretStore store = workload.store(source).keysets(documents).open()) {
            return Workload.text(store, item);
        }
    }

    private static SecretSource environment(String content, String secret, String key) {
        Map<String, String> variables = content == null ? Map.of() : Map.of("DB_PASSWORD", content);
        return new EnvironmentSource("DB_PASSWORD", secret, key, variables::get);
    }

    private Path file(String content) throws IOException {
        Path directory = Files.createDirectories(temp.resolve("db-credentials"));
        return Files.writeString(directory.resolve("password"), content);
    }

    @Test
    void fileIsAnItemOfItsNameInTheSecretOfItsDirectory() throws IOException {
        Path file = file(workload.token("password", "1"));
        assertThat(open(SecretSource.file(file, null, null), "password")).isEqualTo("1");
        Path relative = Path.of("").toAbsolutePath().relativize(file);
        assertThat(SecretSource.file(relative, null, null).secretName()).isEqualTo("db-credentials");
        Path roundabout = temp.resolve("db-credentials/../db-credentials/./password");
        assertThat(SecretSource.file(roundabout, null, null).secretName()).isEqualTo("db-credentials");
    }

    @Test
    void fileIsWhatItIsSaidToBe() throws IOException {
        Scope elsewhere = Scope.item(Workload.API, "renamed", "pw");
        Path file = file(workload.token(elsewhere, "1"));
        assertThat(open(SecretSource.file(file, "renamed", "pw"), "pw")).isEqualTo("1");
        for (SecretSource wrong : new SecretSource[] {
            SecretSource.file(file, null, null),
            SecretSource.file(file, "renamed", null),
            SecretSource.file(file, null, "pw")
        }) {
            Refusal.of(
                    CONTEXT_MISMATCH,
                    () -> workload.store(wrong).keysets(documents).open());
        }
    }

    @Test
    void accountBoundFileMayLieInADirectoryThatNoSecretCanBeCalledAs() throws IOException {
        Path directory = Files.createDirectory(temp.resolve("My_App"));
        Path file =
                Files.writeString(directory.resolve("password"), workload.token(Scope.accountBound(Workload.API), "1"));
        assertThat(open(SecretSource.file(file, null, null), "password")).isEqualTo("1");
    }

    @Test
    void fileThatIsNotThereIsMissing() {
        assertThat(Refusal.of(
                                SOURCE_MISSING,
                                () -> SecretSource.file(temp.resolve("nothing"), null, null)
                                        .read())
                        .detail())
                .contains("there is no " + temp.resolve("nothing"));
    }

    @Test
    void linkToNothingIsMissingAndOneToADirectoryIsRefused() throws IOException {
        Path dangling = Files.createSymbolicLink(temp.resolve("link"), Path.of("nothing"));
        Refusal.of(SOURCE_MISSING, () -> SecretSource.file(dangling, null, null).read());
        Refusal.of(SOURCE_DENIED, () -> SecretSource.file(temp, null, null).read());
    }

    @Test
    void variableIsAnItemOfItsNameUnlessSaidOtherwise() {
        String named = workload.token(Scope.item(Workload.API, "db", "DB_PASSWORD"), "1");
        assertThat(open(environment(named, "db", null), "DB_PASSWORD")).isEqualTo("1");
        String keyed = workload.token(Scope.item(Workload.API, "db", "password"), "1");
        assertThat(open(environment(keyed, "db", "password"), "password")).isEqualTo("1");
        String accountBound = workload.token(Scope.accountBound(Workload.API), "1");
        assertThat(open(environment(accountBound, null, null), "DB_PASSWORD")).isEqualTo("1");
    }

    @Test
    void itemBoundVariableNeedsItsSecretsName() {
        String token = workload.token(Scope.item(Workload.API, "db", "DB_PASSWORD"), "1");
        assertThat(Refusal.of(CONTEXT_MISMATCH, () -> open(environment(token, null, null), "DB_PASSWORD"))
                        .detail())
                .contains("item 'DB_PASSWORD' of environment variable DB_PASSWORD", "secret=");
    }

    @Test
    void variableThatIsNotSetIsMissingAndAnEmptyOneIsNot() {
        assertThat(Refusal.of(
                                SOURCE_MISSING,
                                () -> environment(null, null, null).read())
                        .detail())
                .contains("DB_PASSWORD", "optional:");
        assertThat(environment("", null, null).read()).hasSize(1);
        assertThat(environment("", null, null).isLive()).isFalse();
    }

    @Test
    void environmentOfThisProcessIsRead() {
        String variable = System.getenv().keySet().iterator().next();
        assertThat(SecretSource.environment(variable, null, null).read().get(0).content())
                .isEqualTo(System.getenv(variable).getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void oneLineEndIsNoPartOfTheToken(String lineEnd) throws IOException {
        String token = workload.token(Scope.accountBound(Workload.API), "1") + lineEnd;
        assertThat(open(SecretSource.file(file(token), null, null), "password")).isEqualTo("1");
        assertThat(open(environment(token, null, null), "DB_PASSWORD")).isEqualTo("1");
    }

    @Test
    void classPathHoldsDocuments() throws IOException {
        Files.createDirectories(temp.resolve("keys"));
        Files.write(temp.resolve("keys/api.keyset.json"), workload.document());
        MemorySource values = new MemorySource(Workload.SECRET).put("a", workload.token("a", "1"));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {temp.toUri().toURL()}, null)) {
            for (String resource : new String[] {"keys/api.keyset.json", "/keys/api.keyset.json"}) {
                SecretSource source = SecretSource.classpath(resource, loader);
                assertThat(source.isLive()).isFalse();
                try (SecretStore store = workload.store(values).keysets(source).open()) {
                    assertThat(Workload.text(store, "a")).isEqualTo("1");
                }
            }
            assertThat(Refusal.of(
                                    SOURCE_MISSING,
                                    () -> SecretSource.classpath("keys/other.json", loader)
                                            .read())
                            .detail())
                    .contains("keys/other.json", "podseal.keysets");
            Files.write(temp.resolve("keys/large.json"), new byte[SecretSource.MAX_ITEM_BYTES * 2]);
            SecretSource large = SecretSource.classpath("keys/large.json", loader);
            Refusal.of(SIZE, () -> workload.store(values).keysets(large).open());
        }
    }
}
