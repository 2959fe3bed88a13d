// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.gax.core.CredentialsProvider;
import com.google.auth.Credentials;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.kms.v1.KeyManagementServiceSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Who this process is at Google Cloud: a credentials file, or else what Google's own chain finds. */
record Login(@Nullable Path file, @Nullable InetSocketAddress proxy) implements CredentialsProvider {
    @Override
    public Credentials getCredentials() throws IOException {
        return read().createScoped(KeyManagementServiceSettings.getDefaultServiceScopes())
                // by themselves they would ask for a token four times, and follow redirects
                .createWithCustomRetryStrategy(false);
    }

    private GoogleCredentials read() throws IOException {
        HttpTransport http = new NetHttpTransport.Builder()
                .setConnectionFactory(this::connection)
                .build();
        if (file == null) {
            return GoogleCredentials.getApplicationDefault(() -> http);
        }
        try (InputStream json = Files.newInputStream(file)) {
            return GoogleCredentials.fromStream(json, () -> http);
        }
    }

    /** Through the proxy of the settings or none, and never to the metadata server, which is next door. */
    private HttpURLConnection connection(URL url) throws IOException {
        boolean direct = proxy == null || url.toString().startsWith(ComputeEngineCredentials.getMetadataServerUrl());
        return (HttpURLConnection) url.openConnection(direct ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, proxy));
    }
}
