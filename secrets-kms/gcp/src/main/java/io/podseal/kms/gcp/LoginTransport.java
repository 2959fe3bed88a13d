// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.LowLevelHttpRequest;
import com.google.api.client.http.LowLevelHttpResponse;
import com.google.auth.Retryable;
import com.google.auth.oauth2.ComputeEngineCredentials;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP of the login. Google's own follows redirects for most kinds of credentials, with the token of the pod in the body, and
 * gives up at once where most of them cannot be asked; neither can be set there.
 */
final class LoginTransport extends HttpTransport {
    private final @Nullable InetSocketAddress proxy;

    LoginTransport(@Nullable InetSocketAddress proxy) {
        this.proxy = proxy;
    }

    /** Through the proxy of the settings or none, and never to the metadata server, which is next door. */
    @Override
    protected LowLevelHttpRequest buildRequest(String method, String url) throws IOException {
        boolean direct = proxy == null || url.startsWith(ComputeEngineCredentials.getMetadataServerUrl());
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    new URI(url).toURL().openConnection(direct ? Proxy.NO_PROXY : new Proxy(Proxy.Type.HTTP, proxy));
            connection.setRequestMethod(method);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            return new Request(connection);
        } catch (URISyntaxException e) {
            throw new IOException("a malformed URL");
        }
    }

    private static final class Request extends LowLevelHttpRequest {
        private final HttpURLConnection connection;

        Request(HttpURLConnection connection) {
            this.connection = connection;
        }

        @Override
        public void addHeader(String name, String value) {
            connection.addRequestProperty(name, value);
        }

        @Override
        public void setTimeout(int connectTimeout, int readTimeout) {
            connection.setConnectTimeout(connectTimeout);
            connection.setReadTimeout(readTimeout);
        }

        @Override
        public LowLevelHttpResponse execute() throws IOException {
            try {
                if (getStreamingContent() != null) {
                    send();
                }
                int status = connection.getResponseCode();
                if (status == 429 || status >= 500) {
                    throw new IOException("HTTP " + status);
                }
                return new LoginAnswer(connection, status);
            } catch (IOException e) {
                connection.disconnect();
                throw new AwayException(e);
            }
        }

        private void send() throws IOException {
            connection.setRequestProperty("Content-Type", getContentType());
            if (getContentEncoding() != null) {
                connection.setRequestProperty("Content-Encoding", getContentEncoding());
            }
            if (getContentLength() >= 0) {
                connection.setFixedLengthStreamingMode(getContentLength());
            }
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                getStreamingContent().writeTo(out);
            }
        }
    }

    /** What may be otherwise the next time. Without this mark gRPC takes it for a refusal. */
    private static final class AwayException extends IOException implements Retryable {
        private static final long serialVersionUID = 1;

        AwayException(IOException cause) {
            super("the login gives no answer", cause);
        }

        @Override
        public boolean isRetryable() {
            return true;
        }

        @Override
        public int getRetryCount() {
            return 0;
        }
    }
}
