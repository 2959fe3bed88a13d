// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the certificates in a file and no others, not even the JDK's own; the file is read again when the cluster replaces
 * them. Thread-safe.
 */
final class CaFile extends X509ExtendedTrustManager {
    private final Path file;
    private @Nullable FileStamp stamp;
    private X509ExtendedTrustManager trusted;

    /** @throws PodsealException {@code SOURCE_DENIED} or {@code SOURCE_UNAVAILABLE} where there are none */
    CaFile(Path file) {
        this.file = file;
        try {
            this.stamp = FileStamp.of(file);
            this.trusted = read();
        } catch (NoSuchFileException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because(
                    this + " is not there; name the cluster's certificates (PEM) in podseal.kubernetes.ca-file");
        } catch (AccessDeniedException e) {
            throw ErrorCode.SOURCE_DENIED.because(this + " may not be read by this process");
        } catch (IOException | GeneralSecurityException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because(
                    this + " holds no certificates (PEM); correct podseal.kubernetes.ca-file", e);
        }
    }

    private X509ExtendedTrustManager read() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            store.setCertificateEntry("ca-" + number++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (number > 0 && manager instanceof X509ExtendedTrustManager usable) {
                return usable;
            }
        }
        throw new CertificateException("no certificates");
    }

    /** What was readable last decides while a replacement is not. */
    private synchronized X509ExtendedTrustManager trusted() {
        try {
            FileStamp now = FileStamp.of(file);
            if (!now.equals(stamp)) {
                trusted = read();
                stamp = now;
            }
        } catch (IOException | GeneralSecurityException notYet) {
            return trusted;
        }
        return trusted;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        trusted().checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        trusted().checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        trusted().checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("for servers only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("for servers only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("for servers only");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trusted().getAcceptedIssuers();
    }

    @Override
    public String toString() {
        return "the CA file " + file;
    }
}
