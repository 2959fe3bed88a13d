// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import static io.podseal.samples.kubernetes.SealedVolume.SECRET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ServiceAccount;
import io.podseal.spring.property.PodsealPropertySource;
import io.podseal.store.Generation;
import io.podseal.store.OpenListener;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.KubeletMount;
import io.podseal.testkit.LocalControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** From the moment before a Secret is changed until a bean of a running Spring application has read the new value. */
@ControlPlane
@Timeout(600)
class RefreshLatencyIT {
    private static final int CHANGES = 200;
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "latency", "api");

    @TempDir
    Path folder;

    private SealedVolume volume;

    @BeforeEach
    void mint() throws IOException {
        volume = new SealedVolume(API, folder);
    }

    /** It asks for the password whenever it needs it. */
    record Database(Environment environment) {
        String password() {
            return environment.getRequiredProperty("db.password");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {
        @Bean
        Database database(Environment environment) {
            return new Database(environment);
        }
    }

    @Test
    void aChangeThatAWatchTellsIsInTheBeanWithinTwoSeconds(LocalControlPlane plane) throws InterruptedException {
        plane.createNamespace(API.namespace());
        plane.createServiceAccount(API);
        plane.kubectlWithInput("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: api, namespace: latency}
                rules: [{apiGroups: [""], resources: [secrets], verbs: [get, watch], resourceNames: [db-credentials]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: api, namespace: latency}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: api}
                subjects: [{kind: ServiceAccount, name: api, namespace: latency}]
                """, "apply", "-f", "-");
        Path pod = plane.podFiles(API, folder.resolve("pod"));
        long[] nanos = measured(
                items -> apply(plane, items),
                "podseal:secret:" + SECRET,
                "--podseal.kubernetes.api-server=" + plane.apiServer(),
                "--podseal.kubernetes.token-file=" + pod.resolve("token"),
                "--podseal.kubernetes.ca-file=" + pod.resolve("ca.crt"),
                "--podseal.kubernetes.namespace=latency");
        print("a watch of the API server", nanos);
        assertThat(percentile(nanos, 99)).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void everyChangeOfAMountIsInTheBeanWithoutAPoll() throws InterruptedException {
        KubeletMount mount = new KubeletMount(folder.resolve(SECRET));
        long[] nanos = measured(mount::write, "podseal:mount:" + mount.directory());
        print("a mount", nanos);
        assertThat(nanos).hasSize(CHANGES);
    }

    private static void apply(LocalControlPlane plane, Map<String, byte[]> items) {
        String data = items.entrySet().stream()
                .map(item ->
                        "\"" + item.getKey() + "\":\"" + Base64.getEncoder().encodeToString(item.getValue()) + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        String object = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"" + SECRET
                + "\"},\"data\":" + data + "}";
        String path = "/api/v1/namespaces/latency/secrets/" + SECRET + "?fieldManager=test&force=true";
        assertThat(plane.request(plane.adminToken(), "PATCH", path, "application/apply-patch+yaml", object)
                        .statusCode())
                .isBetween(200, 201);
    }

    private long[] measured(Consumer<Map<String, byte[]>> deliver, String location, String... settings)
            throws InterruptedException {
        deliver.accept(items("value 0"));
        try (var context = start(location, settings)) {
            Database bean = context.getBean(Database.class);
            assertThat(bean.password()).isEqualTo("value 0");
            BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
            PodsealPropertySource.in(context.getEnvironment())
                    .get(0)
                    .getSource()
                    .subscribe(new OpenListener() {
                        @Override
                        public void opened(Generation generation, Set<String> changedNames) {
                            seen.add(new Seen(bean.password(), System.nanoTime()));
                        }
                    });
            long[] nanos = new long[CHANGES];
            for (int i = 0; i < CHANGES; i++) {
                String value = "value " + (i + 1);
                Map<String, byte[]> items = items(value);
                long before = System.nanoTime();
                deliver.accept(items);
                Seen next = seen.poll(2, TimeUnit.MINUTES);
                assertThat(next).extracting(Seen::value).isEqualTo(value);
                nanos[i] = next.at() - before;
            }
            Arrays.sort(nanos);
            return nanos;
        }
    }

    private record Seen(String value, long at) {}

    private Map<String, byte[]> items(String password) {
        return volume.items(Map.of("password", password.getBytes(UTF_8)));
    }

    private ConfigurableApplicationContext start(String location, String... settings) {
        List<String> args = new ArrayList<>(List.of(
                "--spring.config.import=" + location + "?prefix=db.",
                "--podseal.identity=" + API.namespacedName(),
                "--podseal.keks=" + volume.kek(),
                "--podseal.kms.local.allow-in-cluster=true",
                // A poll would bring the change, too: only the watch may.
                "--podseal.refresh.poll-interval=1d",
                // The first change after a quiet while is not held up by this; 200 in a row would be.
                "--podseal.refresh.min-interval=0s"));
        args.addAll(List.of(settings));
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run(args.toArray(String[]::new));
    }

    private static Duration percentile(long[] sorted, int percent) {
        return Duration.ofNanos(sorted[(sorted.length - 1) * percent / 100]);
    }

    private static void print(String what, long[] sorted) {
        System.out.printf(
                "From a changed Secret to the bean by %s, %d changes: p50 %d ms, p90 %d ms, p99 %d ms, longest %d ms%n",
                what,
                sorted.length,
                percentile(sorted, 50).toMillis(),
                percentile(sorted, 90).toMillis(),
                percentile(sorted, 99).toMillis(),
                percentile(sorted, 100).toMillis());
    }
}
