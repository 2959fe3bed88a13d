// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.api.client.http.HttpTransport;
import com.google.api.gax.core.CredentialsProvider;
import com.google.auth.Credentials;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleAuthUtils;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.kms.v1.KeyManagementServiceSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who this process is at Google Cloud: a credentials file, or else the application default credentials. Those are looked up
 * here: Google's own look-up shares what it finds, and how that logs in, with everything else in the process.
 */
record Login(@Nullable Path file, @Nullable InetSocketAddress proxy) implements CredentialsProvider {
    @Override
    public Credentials getCredentials() throws IOException {
        return read().createScoped(KeyManagementServiceSettings.getDefaultServiceScopes())
                // by themselves they would ask for a token four times
                .createWithCustomRetryStrategy(false);
    }

    private GoogleCredentials read() throws IOException {
        HttpTransport http = new LoginTransport(proxy);
        Path json = file != null ? file : defaultFile();
        if (json != null) {
            try (InputStream in = Files.newInputStream(json)) {
                return GoogleCredentials.fromStream(in, () -> http);
            }
        }
        if (Boolean.parseBoolean(System.getenv("NO_GCE_CHECK"))) {
            throw new IOException("no credentials file, and the metadata server is not to be asked");
        }
        return ComputeEngineCredentials.newBuilder()
                .setHttpTransportFactory(() -> http)
                .build();
    }

    private static @Nullable Path defaultFile() {
        String named = System.getenv("GOOGLE_APPLICATION_CREDENTIALS");
        if (named != null && !named.isEmpty()) {
            return Path.of(named);
        }
        Path wellKnown = Path.of(GoogleAuthUtils.getWellKnownCredentialsPath());
        return Files.isRegularFile(wellKnown) ? wellKnown : null;
    }
}
