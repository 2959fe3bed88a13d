// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for servers on loopback, minted anew for each run, and what trusts it. */
public final class LoopbackTls {
    private static final List<String> TRUST =
            List.of("javax.net.ssl.trustStore", "javax.net.ssl.trustStorePassword", "javax.net.ssl.trustStoreType");

    private static final String ALIAS = "loopback";

    private final String password = UUID.randomUUID().toString();
    private final Path store;

    private LoopbackTls(Path store) {
        this.store = store;
    }

    /** One for these names, as keytool writes them: {@code ip:127.0.0.1,dns:*.example.com}. */
    public static LoopbackTls of(String names) {
        try {
            Path folder = Files.createTempDirectory("loopback");
            LoopbackTls tls = new LoopbackTls(folder.resolve("loopback.p12"));
            folder.toFile().deleteOnExit();
            tls.store.toFile().deleteOnExit();
            tls.mint(names);
            return tls;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void mint(String names) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=loopback",
                        "-ext",
                        "san=" + names,
                        "-validity",
                        "1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        password)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
            throw new IOException(said);
        }
    }

    /** The certificate, which it is its own authority of, as PEM: for clients and servers that read files. */
    public Path certificate() {
        return pem(
                "loopback.crt",
                "CERTIFICATE",
                () -> keys().getCertificate(ALIAS).getEncoded());
    }

    /** The certificate's key, as PEM: for servers that read files. */
    public Path key() {
        return pem(
                "loopback.key",
                "PRIVATE KEY",
                () -> keys().getKey(ALIAS, password.toCharArray()).getEncoded());
    }

    private interface Der {
        byte[] encoded() throws GeneralSecurityException, IOException;
    }

    private Path pem(String name, String type, Der der) {
        try {
            String base64 = Base64.getMimeEncoder().encodeToString(der.encoded());
            Path file = Files.writeString(
                    store.resolveSibling(name),
                    "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
            file.toFile().deleteOnExit();
            return file;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore keys() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password.toCharArray());
        }
        return keys;
    }

    /** For a server. */
    public KeyManager[] keyManagers() throws GeneralSecurityException, IOException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys(), password.toCharArray());
        return factory.getKeyManagers();
    }

    /** For a server that has the certificate, and a client that trusts it. */
    public SSLContext context() throws GeneralSecurityException, IOException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** Has every trust store that this JVM reads from now on be this certificate alone. */
    public void trust() {
        System.setProperty(TRUST.get(0), store.toString());
        System.setProperty(TRUST.get(1), password);
        System.setProperty(TRUST.get(2), "PKCS12");
    }

    /** The end of that. */
    public static void distrust() {
        TRUST.forEach(System::clearProperty);
    }
}
