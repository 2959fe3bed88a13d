// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static io.podseal.spring.Starts.refusal;
import static io.podseal.spring.Starts.start;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.FakeKms;
import io.podseal.testkit.SealedFor;
import io.podseal.testkit.TestAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody who may write the Secret gains on an application that imports it: the threat model's table of substitutions. */
class SubstitutionTest {
    private static final String DOCUMENT = "api.keyset.json";

    private static String[] args(TestAccount account, String... more) {
        String[] arguments = account.arguments("spring.config.import", account.location("db") + "?prefix=db.");
        return Stream.of(arguments, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    private static PodsealException refused(ErrorCode code, String... args) {
        PodsealException refusal = refusal(args);
        assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
        return refusal;
    }

    private static void assertDelivered(String value, String... args) {
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo(value);
        }
    }

    private static Scope password(TestAccount account) {
        return Scope.item(account.identity(), "db", "password");
    }

    private static void put(TestAccount account, TrustedKeyset keyset, String value) {
        account.put("db", DOCUMENT, Keysets.wrap(keyset, account.keks()).toJson());
        String token =
                keyset.sealer().seal(password(account), value.getBytes(UTF_8)).token();
        account.put("db", "password", token.getBytes(UTF_8));
    }

    @Test
    void headerEditedToFitIsNotAuthentic(@SealedFor("payments/api") TestAccount api) {
        for (Scope other : List.of(
                Scope.item(api.identity(), "db", "user"),
                Scope.item(api.identity(), "cache", "password"),
                Scope.accountBound(api.identity()))) {
            String token = api.token(other, new byte[8]);
            String edited = "podseal:v1:" + password(api) + token.substring(token.lastIndexOf(':'));
            api.put("db", "password", edited.getBytes(UTF_8));
            refused(ErrorCode.AUTHENTICATION, args(api));
        }
    }

    @Test
    void keysetOfAnotherAccountIsRefusedBeforeAnyCallAndRelabelledByTheKms(@SealedFor("payments/api") TestAccount api) {
        ServiceAccount web = new ServiceAccount("cluster.local", "payments", "web");
        String theirs = new String(
                Keysets.wrap(Keysets.create(web, KeyType.AES256_GCM), api.keks())
                        .toJson(),
                UTF_8);
        api.seal("db", "password", "s3cret").put("db", DOCUMENT, theirs.getBytes(UTF_8));
        refused(ErrorCode.CONTEXT_MISMATCH, args(api));
        assertThat(api.kms().calls()).isZero();
        api.put("db", DOCUMENT, theirs.replace("/sa/web", "/sa/api").getBytes(UTF_8));
        refused(ErrorCode.AUTHENTICATION, args(api));
        assertThat(api.kms().calls()).isEqualTo(1);
    }

    @Test
    void keysetForAKekThatTheApplicationDoesNotNameIsNeverAskedAbout(@SealedFor("payments/api") TestAccount api) {
        api.seal("db", "password", "s3cret");
        FakeKms other = new FakeKms("fake-kms://other");
        TestAccount stranger = TestAccount.of(api.identity(), KeyType.AES256_GCM, other);
        api.put("db", DOCUMENT, stranger.document().toJson());
        assertThat(refused(ErrorCode.KEYSET_POLICY, args(api))).hasMessageContaining("fake-kms://other");
        assertThat(api.kms().calls() + other.calls()).isZero();
        stranger.close();
    }

    @Test
    void forgedKeysetIsRefusedByThePinOfTheGenuineOne(@SealedFor("payments/api") TestAccount api) {
        put(api, Keysets.create(api.identity(), KeyType.AES256_GCM), "forged");
        assertDelivered("forged", args(api));
        refused(
                ErrorCode.KEYSET_POLICY,
                args(api, "--podseal.keyset-pins=" + api.keyset().fingerprint()));
    }

    @Test
    void oldKeysetPutBackIsRefusedByThePinOfTheNewOne(@SealedFor("payments/api") TestAccount api) {
        TrustedKeyset added = Keysets.add(api.keyset());
        TrustedKeyset fresh = Keysets.promote(added, added.keys().get(1).id());
        String pin = "--podseal.keyset-pins=" + fresh.fingerprint();
        put(api, fresh, "new");
        assertDelivered("new", args(api, pin));
        put(api, api.keyset(), "old");
        assertDelivered("old", args(api));
        refused(ErrorCode.KEYSET_POLICY, args(api, pin));
    }

    @Test
    void valueForgedWithThePublicKeysetIsRefusedWhereOnlySymmetricOnesAreAccepted() {
        ServiceAccount identity = new ServiceAccount("cluster.local", "payments", "api");
        try (TestAccount api = TestAccount.of(identity, KeyType.HPKE_X25519)) {
            String forged = api.keyset()
                    .publicKeyset()
                    .sealer()
                    .seal(password(api), "forged".getBytes(UTF_8))
                    .token();
            api.put("db", "password", forged.getBytes(UTF_8));
            assertDelivered("forged", args(api));
            refused(ErrorCode.KEYSET_POLICY, args(api, "--podseal.accept=symmetric"));
        }
    }

    @Test
    void accountBoundValueIsRefusedWhereItemBoundOnesAreRequired(@SealedFor("payments/api") TestAccount api) {
        String token = api.token(Scope.accountBound(api.identity()), "anywhere".getBytes(UTF_8));
        api.put("db", "password", token.getBytes(UTF_8));
        assertDelivered("anywhere", args(api));
        refused(ErrorCode.CONTEXT_MISMATCH, args(api, "--podseal.require-item-bound=true"));
    }

    @Test
    void podThatClaimsAnotherAccountThanItsTokenSaysDoesNotStart(
            @SealedFor("payments/api") TestAccount api, @TempDir Path folder) throws IOException {
        api.seal("db", "password", "s3cret");
        Path token = folder.resolve("token");
        String setting = "--podseal.kubernetes.token-file=" + token;
        Files.writeString(token, tokenOf("payments:web"));
        assertThat(refused(ErrorCode.CONFIGURATION, args(api, setting)))
                .hasMessageContainingAll("payments/api", "payments/web", token.toString());
        assertThat(api.kms().calls()).isZero();
        Files.writeString(token, tokenOf("payments:api"));
        assertDelivered("s3cret", args(api, setting));
    }

    @Test
    void defaultAccountIsRefusedUnlessItIsAllowed(@SealedFor("payments/default") TestAccount nobody) {
        nobody.seal("db", "password", "s3cret");
        assertThat(refused(ErrorCode.CONFIGURATION, args(nobody)))
                .hasMessageContaining("podseal.allow-default-account=true");
        assertDelivered("s3cret", args(nobody, "--podseal.allow-default-account=true"));
    }

    private static String tokenOf(String account) {
        String claims = "{\"sub\":\"system:serviceaccount:" + account + "\"}";
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(UTF_8)) + ".e30";
    }
}
