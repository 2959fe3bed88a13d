// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import io.podseal.store.Location;
import io.podseal.store.RefreshPolicy;
import io.podseal.store.SecretStore;
import io.podseal.store.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TestAccountTest {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");

    private static String text(SecretStore store, String item) {
        try (SecretValue value = Objects.requireNonNull(store.current().get(item))) {
            return value.revealString();
        }
    }

    /** Opens a Secret as an application does that has these settings. */
    private static SecretStore opened(TestAccount account, String secret, Map<String, String> settings) {
        Map<String, String> flat = new HashMap<>();
        settings.forEach((name, value) -> flat.put(name.substring("podseal.".length()), value));
        return Settings.of(flat, text -> Duration.parse("PT" + text), TestAccountTest.class.getClassLoader())
                .store(Location.ofValues(account.location(secret)), null)
                .open();
    }

    @Test
    void sealedValueIsOpenedFromTheMount() {
        try (TestAccount account = TestAccount.of("payments/api")) {
            account.seal("db", "password", "s3cret").seal("db", "pin", new byte[] {0, (byte) 0xff});
            SecretStore store = account.open("db");
            assertThat(text(store, "password")).isEqualTo("s3cret");
            assertThat(store.current().names()).containsExactlyInAnyOrder("password", "pin");
            assertThat(account.kms().calls()).isEqualTo(1);
        }
    }

    @Test
    void valueSealedLaterReplacesTheOneBefore() {
        try (TestAccount account = TestAccount.of("payments/api")) {
            SecretStore store = account.seal("db", "password", "one").open("db");
            account.seal("db", "password", "two").seal("db", "user", "api");
            store.refresh();
            account.remove("db", "user");
            assertThat(account.store("db").open()).satisfies(again -> {
                assertThat(text(again, "password")).isEqualTo("two");
                assertThat(again.current().names()).containsExactly("password");
                again.close();
            });
        }
    }

    @Test
    void settingsLetAnApplicationRunAsTheAccountAndAskItsKms() {
        try (TestAccount account = TestAccount.of("payments/api").seal("db", "password", "s3cret");
                SecretStore store = opened(account, "db", account.settings())) {
            assertThat(text(store, "password")).isEqualTo("s3cret");
            assertThat(account.kms().calls()).isEqualTo(1);
            assertThat(store.status().servedBy()).containsExactly(account.kms().uri());
        }
    }

    @Test
    void settingsTakeMoreBehindThem() {
        try (TestAccount account = TestAccount.of("payments/api")) {
            assertThat(account.settings("podseal.identity", "payments/web", "other", "x"))
                    .containsEntry("podseal.identity", "payments/web")
                    .containsEntry("other", "x")
                    .containsKeys("podseal.keks", "podseal.kms.clients");
        }
    }

    @Test
    void argumentsAreTheSettings() {
        try (TestAccount account = TestAccount.of("payments/api")) {
            assertThat(account.arguments("other", "x"))
                    .hasSameSizeAs(account.settings("other", "x").keySet())
                    .contains("--podseal.identity=payments/api", "--podseal.trust-domain=cluster.local", "--other=x");
        }
    }

    @Test
    void nameWithoutAValueIsNoSetting() {
        try (TestAccount account = TestAccount.of("payments/api")) {
            assertThatThrownBy(() -> account.settings("other", "x", "alone"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("more settings are names and values in turn; these are 3, so one has no value");
            assertThatThrownBy(() -> account.arguments("alone")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "", "..", "a/b", "Db"})
    void nothingIsWrittenWhereNoSecretCanHaveTheName(String name) throws IOException {
        try (TestAccount account = TestAccount.of("payments/api")) {
            Path folder = account.mount("db").getParent();
            List<ThrowingCallable> calls = List.of(
                    () -> account.seal(name, "password", "s3cret"),
                    () -> account.put(name, "password", new byte[1]),
                    () -> account.remove(name, "password"),
                    () -> account.remove(name),
                    () -> account.mount(name),
                    () -> account.location(name),
                    () -> account.open(name));
            assertThat(calls)
                    .allSatisfy(call -> assertThatThrownBy(call)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("no Secret can be called '" + name + "'"));
            assertThat(folder).isDirectoryNotContaining(path -> !path.endsWith("db"));
            assertThat(folder.resolveSibling("x")).doesNotExist();
        }
    }

    @Test
    void itemThatTheKubeletDoesNotMountIsNotKept() {
        try (TestAccount account = TestAccount.of("payments/api").seal("db", "password", "one")) {
            assertThatThrownBy(() -> account.put("db", "../x", new byte[1]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(text(account.seal("db", "password", "two").open("db"), "password"))
                    .isEqualTo("two");
        }
    }

    @Test
    void removedSecretIsMissingUntilItIsSealedAgain() {
        RefreshPolicy failing = new RefreshPolicy(
                true, Duration.ofMinutes(1), Duration.ZERO, Duration.ofMinutes(10), RefreshPolicy.OnDelete.FAIL);
        try (TestAccount account = TestAccount.of("payments/api").seal("db", "password", "one")) {
            Path mount = account.mount("db");
            try (SecretStore store = account.store("db").refresh(failing).open()) {
                account.remove("db").remove("db");
                assertThat(mount).doesNotExist();
                assertThat(store.refresh()).isFalse();
                assertThatThrownBy(store::current)
                        .isInstanceOfSatisfying(
                                PodsealException.class,
                                refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_MISSING));
                account.seal("db", "password", "two");
                assertThat(store.refresh()).isTrue();
                assertThat(text(store, "password")).isEqualTo("two");
            }
            assertThat(mount.getParent()).isDirectoryContaining(path -> path.equals(mount));
        }
    }

    @Test
    void scriptWithoutAnAnswerIsRefused() {
        FakeKms kms = new FakeKms("fake-kms://x");
        assertThatThrownBy(kms::answers)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one answer at least");
    }

    @Test
    void failingKmsFailsTheApplication() {
        try (TestAccount account = TestAccount.of("payments/api").seal("db", "password", "s3cret")) {
            account.kms().answers(FakeKms.DENIES);
            assertThatThrownBy(() -> opened(account, "db", account.settings()))
                    .isInstanceOfSatisfying(
                            PodsealException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.KMS_DENIED));
        }
    }

    @Test
    void keysetIsWrappedForEachOfItsKms() {
        FakeKms first = new FakeKms("fake-kms://first").answers(FakeKms.DOWN);
        FakeKms second = new FakeKms("fake-kms://second");
        try (TestAccount account =
                        TestAccount.of(API, KeyType.HPKE_X25519, first, second).seal("db", "password", "s3cret");
                SecretStore store = opened(account, "db", account.settings())) {
            assertThat(account.kms()).isSameAs(first);
            assertThat(store.status().servedBy()).containsExactly(second.uri());
            assertThat(account.mount("db").resolve("api.hpke.keyset.json")).exists();
        }
    }

    @Test
    void accountsOfTheSameNameHaveDifferentKeys() {
        try (TestAccount one = TestAccount.of("payments/api").seal("db", "password", "s3cret");
                TestAccount other = TestAccount.of("payments/api")) {
            assertThatThrownBy(() -> opened(one, "db", other.settings())).isInstanceOf(PodsealException.class);
            String foreign = one.token(Scope.item(API, "db", "password"), "s3cret".getBytes(UTF_8));
            other.put("db", "password", foreign.getBytes(UTF_8));
            assertThatThrownBy(() -> other.open("db"))
                    .isInstanceOfSatisfying(
                            PodsealException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_KEY));
        }
    }

    @Test
    void twoOpenAccountsCannotHaveDifferentKmsOfOneUri() {
        FakeKms shared = new FakeKms("fake-kms://same");
        try (TestAccount one = TestAccount.of(API, KeyType.AES256_GCM, shared)) {
            FakeKms twin = new FakeKms("fake-kms://same");
            assertThatThrownBy(() -> TestAccount.of(API, KeyType.AES256_GCM, twin))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("fake-kms://same");
            try (TestAccount sharing = TestAccount.of(API, KeyType.AES256_GCM, shared)) {
                assertThat(sharing.kms()).isSameAs(one.kms());
            }
            assertThat(new FakeKmsClients().get().doesSupport("fake-kms://same"))
                    .as("until the last of them is closed")
                    .isTrue();
        }
        assertThat(new FakeKmsClients().get().doesSupport("fake-kms://same")).isFalse();
    }

    @Test
    void closedAccountLeavesNothingBehind() throws Exception {
        TestAccount account = TestAccount.of("payments/api").seal("db", "password", "s3cret");
        Path mount = account.mount("db");
        String kek = account.kms().uri();
        Map<String, String> settings = account.settings();
        SecretStore store = account.open("db");
        account.close();
        account.close();
        assertThat(mount.getParent()).doesNotExist();
        assertThat(new FakeKmsClients().get().doesSupport(kek)).isFalse();
        assertThatThrownBy(() -> new FakeKmsClients().get().getAead(kek)).hasMessageContaining(kek);
        assertThatThrownBy(account::keyset).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(account::kms).hasMessageContaining("payments/sa/api");
        assertThat(text(store, "password")).as("as after any close").isEqualTo("s3cret");
        assertThat(settings).doesNotContainValue("s3cret");
    }

    @Test
    void noPlaintextIsWritten() throws Exception {
        Canary password = Canary.random("password");
        LeakSearch search = LeakSearch.of(password);
        try (TestAccount account = TestAccount.of("payments/api").seal("db", "password", password.bytes())) {
            account.put("db", "note", search.control().bytes());
            search.inFiles(account.mount("db").getParent()).requireNone();
            search.inText(account + " " + account.settings() + " " + account.document())
                    .requireNone();
            assertThat(Files.exists(account.mount("db").resolve("note"))).isTrue();
            assertThat(List.of(account.location("db"))).allMatch(location -> location.startsWith("podseal:mount:/"));
        }
    }
}
