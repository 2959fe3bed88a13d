// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** A certificate for 127.0.0.1, minted once for each run, and whether this JVM trusts it. */
final class LoopbackTls {
    private static final List<String> TRUST = List.of(
            "javax.net.ssl.trustStore", "javax.net.ssl.trustStorePassword", "javax.net.ssl.trustStoreType");

    private static final String PASSWORD = UUID.randomUUID().toString();
    private static final Path STORE = minted();

    private LoopbackTls() {}

    private static Path minted() {
        try {
            Path store = Files.createTempDirectory("loopback").resolve("loopback.p12");
            store.toFile().deleteOnExit();
            store.getParent().toFile().deleteOnExit();
            mint(store);
            return store;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void mint(Path store) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "loopback",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=loopback",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IOException(said);
        }
    }

    static KeyManager[] keyManagers() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(STORE)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        return factory.getKeyManagers();
    }

    static void trust() {
        System.setProperty(TRUST.get(0), STORE.toString());
        System.setProperty(TRUST.get(1), PASSWORD);
        System.setProperty(TRUST.get(2), "PKCS12");
    }

    static void distrust() {
        TRUST.forEach(System::clearProperty);
    }
}
