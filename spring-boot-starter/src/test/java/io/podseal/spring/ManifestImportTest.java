// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static io.podseal.spring.Starts.refusal;
import static io.podseal.spring.Starts.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.k8s.KubernetesSources;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code podseal-k8s} is optional: with it a manifest opens, without it everything else does. */
class ManifestImportTest {
    @TempDir
    Path root;

    private Workload workload;
    private Path manifest;

    @BeforeEach
    void seal() throws IOException {
        workload = Workload.in(root);
        manifest = workload.file("db.yaml", """
                apiVersion: v1
                kind: Secret
                metadata: {name: db, namespace: payments}
                stringData: {password: "%s"}
                data: {api.keyset.json: "%s"}
                """.formatted(
                        workload.sealed("db", "password", "from a manifest"),
                        Base64.getEncoder().encodeToString(workload.keysetDocument())));
    }

    @Test
    void aManifestIsReadFromDisk() {
        String[] args = workload.args("--spring.config.import=podseal:manifest:" + manifest + "?prefix=db.");
        try (var context = start(Starts.Empty.class, args)) {
            assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("from a manifest");
        }
    }

    @Test
    void withoutTheArtifactAMountOpensAsEverAndALocationThatNeedsItNamesIt() throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader apart = withoutKubernetes()) {
            thread.setContextClassLoader(apart);
            Method method = apart.loadClass(Apart.class.getName()).getDeclaredMethod("assertions", Path.class);
            method.setAccessible(true);
            method.invoke(null, root.resolve("apart"));
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Runs in a class loader of its own. */
    static final class Apart {
        private Apart() {}

        static void assertions(Path folder) throws IOException {
            Workload workload = Workload.in(Files.createDirectory(folder));
            Mount mount = workload.mount("db")
                    .withKeyset()
                    .sealed("password", "from a mount")
                    .delivered();
            try (var context = start(Starts.Empty.class, workload.args(mount.importing("?prefix=db.")))) {
                assertThat(context.getEnvironment().getProperty("db.password")).isEqualTo("from a mount");
            }
            for (String location : List.of("optional:podseal:secret:payments/db", "podseal:manifest:/etc/db.yaml")) {
                assertNamesTheArtifact(refusal(workload.args("--spring.config.import=" + location)));
            }
            assertNamesTheArtifact(
                    refusal(workload.args(mount.importing(""), "--podseal.keysets=configmap:api-keyset")));
        }

        private static void assertNamesTheArtifact(PodsealException refusal) {
            assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIGURATION);
            assertThat(refusal).hasMessageContaining("io.podseal:podseal-k8s on the class path");
        }
    }

    /** The same classes on a class path that lacks the artifact and its client. */
    private static URLClassLoader withoutKubernetes() throws Exception {
        URI artifact = KubernetesSources.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        List<URL> rest = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            URI uri = Path.of(entry).toUri();
            if (!uri.equals(artifact) && !entry.contains("fabric8")) {
                rest.add(uri.toURL());
            }
        }
        URLClassLoader apart = new URLClassLoader(rest.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        assertThat(apart.getResource(KubernetesSources.class.getName().replace('.', '/') + ".class"))
                .isNull();
        return apart;
    }
}
