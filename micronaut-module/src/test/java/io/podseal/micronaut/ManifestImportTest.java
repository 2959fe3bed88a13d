// SPDX-License-Identifier: Apache-2.0
package io.podseal.micronaut;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.podseal.ErrorCode;
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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code podseal-k8s} is optional: with it a manifest opens, without it everything else does. */
class ManifestImportTest {
    @TempDir
    Path folder;

    @Test
    void aManifestIsReadFromDisk() throws IOException {
        SealedMount sealed = SealedMount.in(folder).sealed("password", "from a manifest");
        Path manifest = Files.writeString(folder.resolve("db.yaml"), """
                apiVersion: v1
                kind: Secret
                metadata: {name: db-credentials, namespace: payments}
                stringData: {password: "%s"}
                data: {api.keyset.json: "%s"}
                """.formatted(
                        new String(sealed.item("password"), UTF_8),
                        Base64.getEncoder().encodeToString(sealed.item("api.keyset.json"))));
        Map<String, Object> settings =
                sealed.settings("", "podseal.import[0]", "podseal:manifest:" + manifest + "?prefix=db.");
        try (ApplicationContext context = ApplicationContext.run(settings)) {
            assertThat(context.getProperty("db.password", String.class)).hasValue("from a manifest");
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
            method.invoke(null, folder);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Runs in a class loader of its own. */
    static final class Apart {
        private Apart() {}

        static void assertions(Path folder) {
            SealedMount mount =
                    SealedMount.in(folder).sealed("password", "from a mount").write();
            try (ApplicationContext context = ApplicationContext.run(mount.settings("?prefix=db."))) {
                assertThat(context.getProperty("db.password", String.class)).hasValue("from a mount");
            }
            for (String location : List.of("optional:podseal:secret:payments/db", "podseal:manifest:/etc/db.yaml")) {
                Refusal.of(mount.settings("", "podseal.import[0]", location), ErrorCode.CONFIGURATION)
                        .contains("io.podseal:podseal-k8s on the class path");
            }
            Refusal.of(mount.settings("", "podseal.keysets[0]", "configmap:api-keyset"), ErrorCode.CONFIGURATION)
                    .contains("io.podseal:podseal-k8s on the class path");
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
