// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.store.Generation;
import io.podseal.store.SecretStore;
import io.podseal.store.SecretStoreBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What {@code docs/testing.md} shows. */
final class GuideIT {
    private static final List<String> SOURCES = List.of(
            "src/test/java/io/podseal/testkit/GuideIT.java",
            "src/test/java/io/podseal/testkit/MyKmsContractTest.java",
            "../secrets-core/src/test/java/io/podseal/store/FileContractTest.java",
            "../secrets-k8s/src/test/java/io/podseal/k8s/ManifestVectorsTest.java",
            "../spring-boot-starter/src/test/java/io/podseal/spring/SealedArgumentsTest.java",
            "../spring-boot-starter/src/test/java/io/podseal/spring/SealedPropertiesTest.java",
            "../micronaut-module/src/test/java/io/podseal/micronaut/SealedPropertiesTest.java");
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");

    @Test
    void storeOpensWhatWasSealed(@SealedFor("payments/api") TestAccount api) {
        api.seal("db", "password", "s3cret");

        Generation opened = api.open("db").current();
        try (SecretValue password = Objects.requireNonNull(opened.get("password"))) {
            assertThat(password.revealString()).isEqualTo("s3cret");
        }
    }

    @Test
    void runningApplicationFollowsARotation(@SealedFor("payments/api") TestAccount api) {
        SecretStore store = api.seal("db", "password", "old").open("db");

        api.seal("db", "password", "new");
        assertThat(store.refresh()).isTrue();

        try (SecretValue password = Objects.requireNonNull(store.current().get("password"))) {
            assertThat(password.revealString()).isEqualTo("new");
        }
    }

    @Test
    void kmsThatIsDownRefusesAtTheDeadline(@SealedFor("payments/api") TestAccount api) {
        api.seal("db", "password", "s3cret").kms().answers(FakeKms.DOWN);

        SecretStoreBuilder store = api.store("db").kmsDeadline(Duration.ofSeconds(1));
        assertThatThrownBy(store::open).hasMessageStartingWith("KMS_UNAVAILABLE");
    }

    @Test
    void deniedApplicationDoesNotStart(@SealedFor("payments/api") TestAccount api) {
        api.seal("db", "password", "s3cret").kms().answers(FakeKms.DENIES);

        assertThatThrownBy(() -> api.open("db")).hasMessageStartingWith("KMS_DENIED");
        assertThat(api.kms().calls()).isEqualTo(1);
    }

    @Test
    void sealedValuesLeaveNothingBehind(@SealedFor("payments/api") TestAccount api) {
        Canary password = Canary.random("password");
        LeakSearch search = LeakSearch.of(password);
        api.seal("db", "password", password.bytes());
        api.put("db", "note", search.control().bytes());

        try (SecretStore store = api.store("db").exclude(List.of("note")).open();
                SecretValue value = Objects.requireNonNull(store.current().get("password"))) {
            assertThat(value.revealBytes()).isEqualTo(password.bytes());
            search.inText(store.status() + " " + value).requireNone();
        }
        search.inFiles(api.mount("db")).requireNone();
    }

    @Nested
    @ControlPlane
    class OneRoleIT {
        @Test
        void theAccountGetsOneSecretAndNoOther(LocalControlPlane plane) {
            plane.createNamespace("payments");
            plane.createServiceAccount(API);
            plane.kubectl("create", "secret", "generic", "db", "-n", "payments");
            plane.kubectl(
                    "create", "role", "db", "-n", "payments", "--verb=get", "--resource=secrets", "--resource-name=db");
            plane.kubectl(
                    "create", "rolebinding", "db", "-n", "payments", "--role=db", "--serviceaccount=payments:api");

            String token = plane.token(API, Duration.ofMinutes(10));
            String secrets = "/api/v1/namespaces/payments/secrets/";
            assertThat(plane.request(token, "GET", secrets + "db", null, null).statusCode())
                    .isEqualTo(200);
            assertThat(plane.request(token, "GET", secrets + "other", null, null)
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void theGuideShowsWhatIsTestedHere() throws Exception {
        String sources = "";
        for (String source : SOURCES) {
            sources += Files.readString(Path.of(source));
        }
        String guide = Files.readString(Path.of("../docs/testing.md"));
        var examples = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(guide);
        int found = 0;
        for (; examples.find(); found++) {
            assertThat(sources.replaceAll("\\s+", ""))
                    .contains(examples.group(1).replaceAll("\\s+", ""));
        }
        assertThat(found).isEqualTo(12);
    }
}
