// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Scope;
import io.podseal.SecretValue;
import io.podseal.ServiceAccount;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/testing.md} shows. */
final class GuideIT {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");

    @Test
    void sealedValuesOfAMountLeaveNothingBehind(@TempDir Path folder) {
        FakeKms kms = new FakeKms("fake-kms://tests");
        Keks keks = Keks.builder().kek(kms.uri()).client(kms).build();
        TrustedKeyset keyset = Keysets.create(API, KeyType.AES256_GCM);
        Canary password = Canary.random("password");
        LeakSearch search = LeakSearch.of(password);

        Scope scope = Scope.item(API, "db", "password");
        KubeletMount mount = new KubeletMount(folder.resolve("db"));
        Map<String, byte[]> items = Map.of(
                "api.keyset.json", Keysets.wrap(keyset, keks).toJson(),
                "password",
                        keyset.sealer().seal(scope, password.bytes()).token().getBytes(UTF_8),
                "note", search.control().bytes());
        mount.write(items);

        SecretSource source = SecretSource.mount(mount.directory(), null);
        try (SecretStore store = SecretStore.of(source)
                        .identity(API)
                        .keks(keks)
                        .exclude(List.of("note"))
                        .open();
                SecretValue value = Objects.requireNonNull(store.current().get("password"))) {
            assertThat(value.revealBytes()).isEqualTo(password.bytes());
            assertThat(kms.calls()).isEqualTo(1);
            search.inText(store.status() + " " + value).requireNone();
        }
        search.inFiles(folder).requireNone();
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
        String source = Files.readString(Path.of("src/test/java/io/podseal/testkit/GuideIT.java"));
        String guide = Files.readString(Path.of("../docs/testing.md"));
        var examples = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(guide);
        int found = 0;
        for (; examples.find(); found++) {
            assertThat(source.replaceAll("\\s+", "")).contains(examples.group(1).replaceAll("\\s+", ""));
        }
        assertThat(found).isEqualTo(2);
    }
}
